import { expect, it } from 'vitest';
import { judgeEffect } from '../../../electron/proposals/judge-effect.ts';
import { proposalOf } from '../../fixtures/proposal-of.ts';

const effect = proposalOf().expectedEffect;
const watchOf = (values: (number | null)[], before: number | null = 0.2, untilMs = 600_000) => ({
  before,
  untilMs,
  samples: values.map((value, index) => ({ atMs: index * 15_000, value })),
});
const judge = (values: (number | null)[], nowMs = values.length * 15_000, before: number | null = 0.2) =>
  judgeEffect(effect, watchOf(values, before), nowMs)?.outcome ?? null;

it.each<[string, (number | null)[], number | undefined, string | null]>([
  ['improved once it held for a minute', [0.2, 0.01, 0.01, 0.01, 0.01, 0.01], undefined, 'improved'],
  ['not judged before it held for a minute', [0.2, 0.01, 0.01, 0.01], undefined, null],
  ['not improved when it broke in between', [0.01, 0.01, 0.2, 0.01, 0.01], undefined, null],
  ['not held at the threshold itself', [0.02, 0.02, 0.02, 0.02, 0.02], undefined, null],
  ['worse after six samples half as bad again', Array(6).fill(0.31), undefined, 'worse'],
  ['not worse for a short dent', [0.5, 0.5, 0.5, 0.2, 0.2, 0.2], undefined, null],
  ['unchanged at the end of the watch', [0.2, 0.19, 0.2], 600_000, 'unchanged'],
  ['inconclusive when nothing could be read', [null, null], 600_000, 'inconclusive'],
  ['inconclusive when it could be read only twice', [0.2, null, 0.2], 600_000, 'inconclusive'],
  ['carried over a missing sample', [0.01, null, 0.01, 0.01, 0.01], undefined, 'improved'],
])('the effect is %s', (_case, values, nowMs, outcome) => expect(judge(values, nowMs)).toBe(outcome));

it('says nothing of worse without a value from before', () => {
  expect(judge(Array(6).fill(0.9), undefined, null)).toBeNull();
});

it('reads an effect that must rise the other way round', () => {
  const rising = { ...effect, comparison: 'above' as const, threshold: 0.99 };
  const up = watchOf([1, 1, 1, 1, 1], 0.5);
  const down = watchOf(Array(6).fill(0.3), 0.5);
  expect(judgeEffect(rising, up, 75_000)?.outcome).toBe('improved');
  expect(judgeEffect(rising, down, 90_000)?.outcome).toBe('worse');
});

const tested = (before: number[], values: number[], untilMs = 600_000) =>
  judgeEffect(
    effect,
    {
      ...watchOf(values, before.at(-1) ?? null, untilMs),
      baseline: before.map((value, index) => ({ atMs: index - before.length, value })),
    },
    untilMs,
  );
const bad = [0.18, 0.2, 0.21, 0.2, 0.19, 0.22, 0.2, 0.2];
const good = [0.01, 0.012, 0.011, 0.01, 0.013, 0.01, 0.01, 0.012];

it('improves on what was bad, by test as well as by threshold', () => {
  expect(tested(bad, good)).toMatchObject({
    outcome: 'improved',
    sentence: expect.stringMatching(/rank-sum test of 8 samples after against 8 before: p < 0\.001/),
  });
});

it('is not called improved for what was so before already', () => {
  expect(tested(good, good)).toMatchObject({
    outcome: 'unchanged',
    sentence: expect.stringContaining('as it was before the action already'),
  });
});

it('is inconclusive when the threshold is met and the difference may be chance', () => {
  const noisy = [0.3, 0.01, 0.4, 0.012, 0.5, 0.011];
  expect(tested(noisy, [0.015, 0.013, 0.016, 0.014, 0.017])).toMatchObject({ outcome: 'inconclusive' });
});

it('is inconclusive when it had not held long enough as the watch ended', () => {
  expect(tested(bad, [0.2, 0.2, 0.2, 0.01, 0.01])).toMatchObject({ outcome: 'inconclusive' });
});

it('says that it became better without becoming good', () => {
  expect(tested(bad, [0.1, 0.11, 0.1, 0.09, 0.1, 0.11, 0.1, 0.1])).toMatchObject({
    outcome: 'unchanged',
    sentence: expect.stringContaining('it is better than before'),
  });
});

it('says without a test that there was nothing to test against', () => {
  expect(tested([0.2, 0.2], good)).toMatchObject({
    outcome: 'improved',
    sentence: expect.stringContaining('not tested against before, of which there are 2 samples'),
  });
});

it('bears the dent of a rolling restart before things become good', () => {
  const dent = [0.5, 0.6, 0.5, 0.4, 0.01, 0.01, 0.01, 0.01, 0.01];
  expect(tested(bad, dent)).toMatchObject({ outcome: 'improved' });
});

it.each<[string, number[], number[], string, RegExp]>([
  ['the old trouble is back', good, bad, 'unchanged', /back where it was before the action/],
  ['all stays good', good, good, 'unchanged', /as good as before it/],
  ['it ends what was worse', Array(8).fill(0.9), good, 'improved', /better without the action/],
  ['it is worse than ever', good, Array(8).fill(0.9), 'worse', /went from/],
  ['it ends between the two', good, Array(8).fill(0.28), 'inconclusive', /not back where it was/],
])('of a back-out after which %s', (_case, before, after, outcome, words) => {
  const judged = judgeEffect(
    { ...effect, threshold: 0.21 },
    {
      ...watchOf(after, before.at(-1) ?? null),
      goal: effect.threshold,
      baseline: before.map((value, index) => ({ atMs: index - before.length, value })),
    },
    600_000,
  );
  expect(judged?.outcome).toBe(outcome);
  expect(judged?.sentence).toMatch(words);
});

it('does not call a back-out good before what it undid had the time to come back', () => {
  const watch = { ...watchOf(good, 0.01), goal: effect.threshold };
  expect(judgeEffect({ ...effect, threshold: 0.21 }, watch, 120_000)).toBeNull();
});
