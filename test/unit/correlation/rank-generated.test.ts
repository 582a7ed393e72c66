import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamsOf } from '../../../electron/correlation/generate/chance.ts';
import { generateCase } from '../../../electron/correlation/generate/generate-case.ts';
import { type TierName, tierNames } from '../../../electron/correlation/generate/tiers.ts';
import { rank } from '../../../electron/correlation/rank.ts';
import type { CaseFile } from '../../../shared/formats/case.ts';

/** Cases of every difficulty, with cohorts and without; what is known of their truth stays behind. */
const drawn = fc
  .record({
    tier: fc.constantFrom<TierName>(...tierNames),
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    cohorts: fc.constantFrom(0, 0.6),
  })
  .map(({ tier, seed, cohorts }): CaseFile => {
    const { truth: _, ...input } = generateCase({ tier, seed, services: 10, vary: { cohorts, points: 180 } });
    return input;
  });
const order = fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((seed) => streamsOf(seed, ['order']).order);

describe('a generated case', () => {
  it('is ranked the same in whatever order its file tells it', () => {
    fc.assert(
      fc.property(drawn, order, (input, { shuffle }) => {
        const { services, calls = [], metrics, changes } = input;
        const shuffled = {
          ...input,
          services: shuffle(services),
          calls: shuffle(calls),
          metrics: shuffle(metrics),
          changes: shuffle(changes),
        };
        expect(rank(shuffled)).toEqual(rank(input));
      }),
      { numRuns: 12 },
    );
  });

  it('is ranked the same under whatever names and ids', () => {
    fc.assert(
      fc.property(drawn, order, (input, chance) => {
        const service = swapped(
          input.services.map(({ id }) => id),
          chance,
        );
        const change = swapped(
          input.changes.map(({ id }) => id),
          chance,
        );
        const label = (labels: Record<string, string> | undefined) =>
          labels && {
            labels: Object.fromEntries(
              Object.entries(labels).map(([key, value]) => [
                key,
                key === 'version' || key === 'flag' ? `called-${value}-now` : value,
              ]),
            ),
          };
        const renamed: CaseFile = {
          ...input,
          services: input.services.map((one) => ({ ...one, id: service(one.id) })),
          calls: (input.calls ?? []).map(({ from, to }) => ({ from: service(from), to: service(to) })),
          metrics: input.metrics.map((one) => ({
            ...one,
            service: service(one.service),
            ...label(one.labels),
          })),
          changes: input.changes.map((one) => ({
            ...one,
            id: change(one.id),
            service: service(one.service),
            title: 'something',
            ...label(one.labels),
          })),
        };
        const [expected, answer] = [rank(input), rank(renamed)];
        const scores = new Map([...answer.changes, ...answer.services].map(({ id, score }) => [id, score]));
        for (const { id, score } of expected.changes) expect(scores.get(change(id))).toBeCloseTo(score, 9);
        for (const { id, score } of expected.services) expect(scores.get(service(id))).toBeCloseTo(score, 9);
        expect(answer.novelty).toBeCloseTo(expected.novelty, 9);
        expect(answer.onset).toBe(expected.onset);
      }),
      { numRuns: 12 },
    );
  });

  it('shares one certainty between its changes and none of them', () => {
    fc.assert(
      fc.property(drawn, (input) => {
        const { changes, novelty, onset } = rank(input);
        fc.pre(onset !== null);
        const sum = changes.reduce((sum, { score }) => sum + score, novelty);
        expect(sum).toBeCloseTo(1, 6);
      }),
      { numRuns: 12 },
    );
  });

  it('is ranked without a look at its truth', () => {
    fc.assert(
      fc.property(drawn, (input) => {
        const truth = {
          changes: [input.changes[0]?.id],
          services: [input.services[0]?.id],
          onset: input.window.from,
        };
        expect(rank(Object.assign({ truth }, input))).toEqual(rank(input));
      }),
      { numRuns: 5 },
    );
  });
});

/** A new name for each, out of the names of the others. */
function swapped(names: readonly string[], { shuffle }: { shuffle<T>(items: readonly T[]): T[] }) {
  const others = shuffle(names);
  const renamed = new Map(names.map((name, index) => [name, `${others[index]}`]));
  return (name: string): string => renamed.get(name) ?? name;
}
