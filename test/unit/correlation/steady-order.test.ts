import fc from 'fast-check';
import { expect, it } from 'vitest';
import { levelOf, type Placed, steadyOrder } from '../../../electron/correlation/steady-order.ts';

type Scores = Record<string, number>;
const scored = (scores: Scores) => Object.entries(scores).map(([id, score]) => ({ id, score }));
const idsOf = (list: readonly { id: string }[]) => list.map(({ id }) => id).join(' ');

/** The order after several rankings in turn. */
function after(...rankings: Scores[]): string {
  let placed: Placed[] = [];
  for (const scores of rankings) ({ placed } = steadyOrder(placed, scored(scores)));
  return idsOf(placed);
}

it('begins with the order of the scores', () => {
  expect(after({ a: 0.1, b: 0.5, c: 0.3 })).toBe('b c a');
});

it('leaves in place what moves by less than its noise', () => {
  expect(after({ a: 0.4, b: 0.399 }, { a: 0.399, b: 0.402 })).toBe('a b');
});

it('moves at once what has news, among the unlikely too', () => {
  expect(after({ a: 0.9, b: 0.02, c: 0.01 }, { a: 0.9, b: 0.01, c: 0.02 })).toBe('a c b');
  expect(after({ a: 0.4, b: 0.3, c: 0.2 }, { a: 0.4, b: 0.3, c: 0.9 })).toBe('c a b');
});

it('lets a score that swings by itself swing without moving', () => {
  const swings = Array.from({ length: 12 }, (_, at) => ({ a: 0.4, b: at % 2 ? 0.3 : 0.39 }));
  expect(after(...swings, { a: 0.4, b: 0.42 })).toBe('a b');
});

it('takes new ones in by their score and forgets those that are gone', () => {
  expect(after({ a: 0.4, b: 0.1 }, { b: 0.1, c: 0.3, d: 0.05 })).toBe('c b d');
});

const ranking = fc.dictionary(fc.constantFrom(...'abcdefgh'), fc.double({ min: 0, max: 1, noNaN: true }));

it('shows everybody once, and nobody above one that is better by more than the noise of both', () => {
  fc.assert(
    fc.property(fc.array(ranking, { minLength: 1, maxLength: 6 }), (rankings) => {
      let placed: Placed[] = [];
      for (const scores of rankings) {
        const noise = new Map(placed.map((one) => [one.id, one.noise]));
        const { order, placed: next } = steadyOrder(placed, scored(scores));
        expect(order.map(({ id }) => id).sort()).toEqual(Object.keys(scores).sort());
        for (const [place, above] of order.entries())
          for (const below of order.slice(place + 1)) {
            const most = Math.max(noise.get(above.id) ?? 0.1, noise.get(below.id) ?? 0.1);
            expect(levelOf(below.score) - levelOf(above.score)).toBeLessThanOrEqual(most);
          }
        placed = next;
      }
    }),
  );
});

it('stays as it is when nothing changes', () => {
  fc.assert(
    fc.property(ranking, ranking, (first, second) => {
      const { placed } = steadyOrder(steadyOrder([], scored(first)).placed, scored(second));
      expect(idsOf(steadyOrder(placed, scored(second)).order)).toBe(idsOf(placed));
    }),
  );
});
