import fc from 'fast-check';
import { expect, it } from 'vitest';
import { givenDismissed } from '../../../electron/correlation/given-dismissed.ts';
import type { Explanation } from '../../../electron/correlation/rank-explained.ts';

const explanationOf = (scores: Record<string, number>, novelty: number): Explanation => ({
  onsetMs: 0,
  changes: Object.entries(scores).map(([id, score]) => ({ id, score, factors: [], reasons: ['as ranked'] })),
  services: [],
  novelty,
  anomalies: [],
  worthReading: 3,
});
const scoresOf = ({ changes }: Explanation) =>
  Object.fromEntries(changes.map(({ id, score }) => [id, score]));

it('gives what a ruled-out change had to all others and to none of these, in proportion', () => {
  const given = givenDismissed(explanationOf({ a: 0.6, b: 0.2, c: 0.1 }, 0.1), new Set(['a']));
  expect(scoresOf(given)).toEqual({ b: 0.5, c: 0.25, a: 0 });
  expect(given.novelty).toBeCloseTo(0.25, 9);
  expect(given.changes.map(({ id }) => id)).toEqual(['b', 'c', 'a']);
  expect(given.worthReading).toBe(2);
  expect(given.changes.at(-1)?.reasons).toEqual(['Ruled out by a person']);
});

it('says that it was none of these when every one was ruled out', () => {
  const given = givenDismissed(explanationOf({ a: 0.9, b: 0.1 }, 0), new Set(['a', 'b']));
  expect(given).toMatchObject({ novelty: 1, worthReading: 0 });
});

it('changes nothing when nothing was ruled out', () => {
  const explanation = explanationOf({ a: 0.4 }, 0.6);
  expect(givenDismissed(explanation, new Set())).toBe(explanation);
  expect(givenDismissed(explanation, new Set(['unknown']))).toBe(explanation);
});

it('stays a distribution in which nobody changes places', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(weights, fc.nat(1_000), fc.array(fc.nat(11)), (parts, unknown, out) => {
      const total = parts.reduce((sum, part) => sum + part, 0) + unknown || 1;
      const entries = parts.map((part, at) => [`c${at}`, part / total] as const);
      const before = explanationOf(
        Object.fromEntries(entries.toSorted((x, y) => y[1] - x[1])),
        unknown / total,
      );
      const dismissed = new Set(out.map((at) => `c${at}`));
      const given = givenDismissed(before, dismissed);
      const sum = given.changes.reduce((so, { score }) => so + score, given.novelty);
      expect(sum).toBeGreaterThanOrEqual(0);
      expect(sum).toBeLessThanOrEqual(1 + 1e-9);
      const kept = before.changes.map(({ id }) => id).filter((id) => !dismissed.has(id));
      expect(given.changes.map(({ id }) => id).slice(0, kept.length)).toEqual(kept);
    }),
  );
});
