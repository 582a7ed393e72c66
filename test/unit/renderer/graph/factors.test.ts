import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byWeight, isSilent, leanOf, segmentsOf } from '../../../../renderer/graph/factors.ts';
import type { ChangeCandidate } from '../../../../shared/vocabulary/candidate.ts';

const factor = fc.record({
  name: fc.string(),
  value: fc.double({ min: 0, max: 1, noNaN: true }),
  sentence: fc.constant('said'),
});
const candidateOf = (score: number, factors: ChangeCandidate['factors']): ChangeCandidate => ({
  id: 'c',
  kind: 'deploy',
  service: 'a',
  title: 'a 1',
  atMs: 0,
  reasons: [],
  score,
  factors,
});

it('splits the score among what speaks for it, and never shows more than the score', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.uniqueArray(factor, { selector: ({ name }) => name, maxLength: 9 }),
      (score, factors) => {
        const segments = segmentsOf(candidateOf(score, factors));
        expect(segments.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(score, 9);
        for (const { share } of segments) expect(share).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});

it('leans right for, left against, and not at all at neutral', () => {
  const of = (value: number) => ({ name: 'delay', value, sentence: '' });
  expect(leanOf(of(0.9))).toBeGreaterThan(0);
  expect(leanOf(of(0.1))).toBeCloseTo(-leanOf(of(0.9)), 12);
  expect([0, 1].map((value) => leanOf(of(value)))).toEqual([-1, 1]);
  expect(isSilent(of(0.5))).toBe(true);
  expect(byWeight([of(0.6), of(0.05), of(0.9)]).map(({ value }) => value)).toEqual([0.05, 0.9, 0.6]);
});
