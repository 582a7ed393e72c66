import { expect, it } from 'vitest';
import type { Judged } from '../../bench/analyst/judge.ts';
import { judge } from '../../bench/analyst/judge.ts';
import { calibrationError, summaryOf } from '../../bench/analyst/summary.ts';
import { answerOf, DECOY, executed, HARMLESS, TRUE } from '../../fixtures/drill-facts.ts';

type Played = Parameters<typeof judge>[0];
const hypothesis = (cause: string | null, rank: number, confidence: number) =>
  ({ cause, rank, confidence, for: [], against: [] }) as unknown as Played['hypotheses'][number];
const played = (differences: Partial<Played> = {}): Played => ({
  scenario: 'bad-deploy',
  seed: 1,
  answer: answerOf(),
  hypotheses: [hypothesis(DECOY, 1, 0.6), hypothesis(TRUE, 2, 0.3)],
  conclusion: { kind: 'cause-named', sentence: 'as stated' },
  proposals: [],
  notOnRecord: 0,
  dropped: 0,
  refusals: 0,
  turns: 5,
  tokens: 0,
  tookMs: 1_000,
  backOut: null,
  ...differences,
});

it('counts a cause by the place of the first true one', () => {
  expect(judge(played())).toMatchObject({ place: 2, admitted: null, first: { isRight: false } });
  expect(judge(played({ hypotheses: [hypothesis(HARMLESS, 1, 0.9)] })).place).toBe(0);
});

it('asks where there is no cause whether that was the word', () => {
  const answer = answerOf({ changes: [], services: [] });
  const conclusion = { kind: 'inconclusive' as const, sentence: 'Nobody knows' };
  expect(judge(played({ answer, conclusion }))).toMatchObject({ place: null, admitted: true });
  expect(judge(played({ answer }))).toMatchObject({ place: null, admitted: false });
  expect(judge(played({ answer, conclusion: null })).admitted).toBe(false);
});

it('tells offers that help from those that harm, and what helps by name from what harms any', () => {
  const harms = [{ action: 'roll-back-deployment', target: null, sentence: 'any other is good' }];
  const offer = executed('p1', 3, 'improved', { action: 'roll-back-deployment' });
  const [cluster, kind] = ['drill-cluster', 'Deployment'] as const;
  const target = { cluster, kind, namespace: 'shop', name: 'cart' };
  const other = executed('p2', 3, 'worse', { action: 'roll-back-deployment', target });
  const { offered } = judge(played({ answer: answerOf({ harms }), proposals: [offer, other] }));
  expect(offered.map(({ is }) => is)).toEqual(['helps', 'harms']);
});

it('holds a back-out for restored only where something had changed, and a class only where it is wide enough', () => {
  const backOut = {
    action: 'set-flag',
    changed: true,
    restored: true,
    declared: 'deployment',
    reached: 'namespace',
  } as const;
  expect(judge(played({ backOut })).backOut).toEqual({ restored: true, classHolds: false });
  expect(judge(played({ backOut: { ...backOut, changed: false, reached: 'pod' } })).backOut).toEqual({
    restored: false,
    classHolds: true,
  });
});

it('sums up shares over what could be judged, and says so where nothing could', () => {
  const judged = (place: number | null, admitted: boolean | null): Judged => ({
    ...judge(played()),
    place,
    admitted,
  });
  expect(summaryOf([judged(1, null), judged(3, null), judged(0, null), judged(null, true)])).toMatchObject({
    withCause: 3,
    foundFirst: 1 / 3,
    foundInThree: 2 / 3,
    admitted: 1,
    restored: null,
  });
});

it.each([
  ['what is stated comes true as often', [0.5, 0.5], [true, false], 0],
  ['all is wrong', [0.9, 0.9], [false, false], 0.9],
])('has a calibration error as large as the gap where %s', (_case, stated, truth, error) => {
  const firsts = stated.map((confidence, index) => ({ confidence, isRight: truth[index] ?? false }));
  expect(calibrationError(firsts)).toBeCloseTo(error);
});
