import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callCircles } from '../../../electron/correlation/call-circles.ts';
import { reachedFrom } from '../../../electron/correlation/call-graph.ts';

const calls = fc.array(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 })), {
  maxLength: 24,
});

describe('circles of calls', () => {
  it('hold exactly those that reach each other, whoever is asked about first', () => {
    fc.assert(
      fc.property(calls, fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }), (calls, order) => {
        const next = new Map<string, string[]>();
        for (const [from, to] of calls) next.set(`${from}`, [...(next.get(`${from}`) ?? []), `${to}`]);
        const circleOf = callCircles((id) => next.get(id) ?? []);
        const ids = order.map(String);
        const numbers = new Map(ids.map((id) => [id, circleOf(id)]));
        for (const one of ids)
          for (const other of ids) {
            const both = reachedFrom(next, one).has(other) && reachedFrom(next, other).has(one);
            expect(numbers.get(one) === numbers.get(other), `${one} and ${other}`).toBe(both);
          }
      }),
    );
  });

  it('are found in a chain longer than the stack is deep', () => {
    const last = 100_000;
    const circleOf = callCircles((id) => (Number(id) < last ? [`${Number(id) + 1}`] : ['0']));
    expect(circleOf('0')).toBe(circleOf(`${last}`));
  });
});
