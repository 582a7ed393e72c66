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
  ['unknown when nothing could be read', [null, null], 600_000, 'unknown'],
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
