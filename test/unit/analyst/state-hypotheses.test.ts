import { expect, it } from 'vitest';
import { type Claims, honestHypotheses } from '../../../electron/analyst/state-hypotheses.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';

const about = { incident: IncidentId.parse('inc-1'), atMs: 1, newId: () => 'hyp-1' };
const record = {
  hasEvent: (key: string) => key === 'deploy:shop/checkout@7',
  hasRead: (id: string) => id === 'read-1',
  diffWasRead: () => true,
};
const claimOf = (differences: Partial<Claims['hypotheses'][number]> = {}): Claims => ({
  hypotheses: [
    {
      claim: 'checkout 1.42 is the cause',
      cause: 'deploy:shop/checkout@7',
      mechanism: 'a slow query',
      confidence: 0.9,
      for: [{ sentence: 'errors rose', events: ['deploy:shop/checkout@7'], reads: ['read-1'] }],
      against: [],
      gaps: [],
      disprovedBy: 'old pods are as bad',
      ...differences,
    },
  ],
});
const judged = (claims: Claims, on: Partial<typeof record> = {}) =>
  honestHypotheses(claims, { ...record, ...on }, about);

it('leaves a claim that rests on the record as it is', () => {
  expect(judged(claimOf())).toMatchObject({ dropped: 0, hypotheses: [{ confidence: 0.9, rank: 1 }] });
});

it.each([
  ['an event nobody saw', { sentence: 'made up', events: ['deploy:shop/checkout@8'], reads: [] }],
  ['a read that never was', { sentence: 'made up', events: [], reads: ['read-2'] }],
  ['nothing at all', { sentence: 'trust me', events: [], reads: [] }],
])('drops and counts evidence that cites %s, and caps what is left at possible', (_case, made) => {
  const { hypotheses, dropped } = judged(claimOf({ for: [made] }));
  expect(dropped).toBe(1);
  expect(hypotheses[0]).toMatchObject({ for: [], confidence: 0.3 });
});

it('caps a change whose difference was not read at a half', () => {
  expect(judged(claimOf(), { diffWasRead: () => false }).hypotheses[0]?.confidence).toBe(0.5);
});

it('lowers the ceiling of a claim with more against it than for it', () => {
  const against = [1, 2].map((n) => ({ sentence: `no ${n}`, events: [], reads: ['read-1'] }));
  expect(judged(claimOf({ confidence: 1, against })).hypotheses[0]?.confidence).toBeCloseTo(0.76);
});

it('ranks by the confidence that is left, not by the one that was claimed', () => {
  const strong = claimOf({ confidence: 0.99, for: [], claim: 'loud' }).hypotheses;
  const modest = claimOf({ confidence: 0.6, claim: 'modest' }).hypotheses;
  expect(judged({ hypotheses: [...strong, ...modest] }).hypotheses.map(({ claim }) => claim)).toEqual([
    'modest',
    'loud',
  ]);
});
