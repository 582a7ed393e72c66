import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselinesOf } from '../../bench/correlation/baselines.ts';
import { type Judged, judge, rankers } from '../../bench/correlation/judged.ts';
import { generated } from '../../bench/correlation/labelled.ts';
import { linesOf, reportOf } from '../../bench/correlation/report.ts';
import { calibrationOf, noveltyScore, rankingScores } from '../../bench/correlation/scores.ts';

const judged = (more: Partial<Judged> & { place?: number | null }): Judged => {
  const { place = 1, ...rest } = more;
  const places = { change: place, lastChange: place, service: place };
  return {
    group: 'T1',
    name: 'one',
    kind: 'deploy',
    isNovel: false,
    places: Object.fromEntries(rankers.map((ranker) => [ranker, places])) as Judged['places'],
    onsetErrorMinutes: 0,
    novelty: 0,
    topScore: 1,
    topIsTrue: place === 1,
    ms: 1,
    ...rest,
  };
};

describe('scores', () => {
  it('count a place within the first so many, and nothing for a cause that is nowhere', () => {
    const [own] = rankingScores([1, 3, 4, 5, null].map((place) => judged({ place })));
    expect(own?.changes).toEqual({
      cases: 5,
      at1: 0.2,
      at3: 0.4,
      at4: 0.6,
      at5: 0.8,
      meanReciprocal: (1 + 1 / 3 + 1 / 4 + 1 / 5) / 5,
    });
  });

  it('do not ask for a change where none did it', () => {
    const [own] = rankingScores([judged({ place: 2 }), judged({ place: 7, isNovel: true })]);
    expect(own?.changes.cases).toBe(1);
    expect(own?.services.cases).toBe(2);
  });

  it.each([
    ['tells them apart', [0.9, 0.8], [0.1, 0.2], 1],
    ['has it the wrong way round', [0.1], [0.9, 0.8], 0],
    ['says the same of all', [0.5, 0.5], [0.5], 0.5],
    ['is right in three of four pairs', [0.9, 0.4], [0.5, 0.1], 0.75],
  ])('give novelty its AUROC when it %s', (_how, without, withCause, auroc) => {
    const cases = [
      ...without.map((novelty) => judged({ novelty, isNovel: true })),
      ...withCause.map((novelty) => judged({ novelty })),
    ];
    expect(noveltyScore(cases).auroc).toBe(auroc);
  });

  it('find no gap in scores that hold as often as they say, and the gap in those that do not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }), (said, held) => {
        const cases = Array.from({ length: 20 }, (_, index) =>
          judged({ topScore: said / 20, place: index < held ? 1 : 2 }),
        );
        const { expectedError, largestGap } = calibrationOf(cases);
        expect(expectedError).toBeCloseTo(Math.abs(said - held) / 20);
        expect(largestGap).toBeCloseTo(Math.abs(said - held) / 20);
      }),
    );
  });
});

it('a case is judged by all rankers, and random order finds it as often as chance does', () => {
  const cases = [...generated({ perTier: 2, seed: 9_000_000, services: 10, vary: () => ({ points: 180 }) })];
  const seen = cases.map((one) => judge(one, 1));
  for (const { places } of seen)
    for (const ranker of rankers) {
      const { change } = places[ranker];
      expect(change === null || (change >= 1 && change <= 40)).toBe(true);
    }
  expect(seen.filter(({ isNovel }) => isNovel).every(({ places }) => places.random.change === null)).toBe(
    true,
  );
  const [one] = cases;
  if (!one) throw new Error('there are cases');
  const hits = Array.from({ length: 300 }, (_, seed) => {
    const order = baselinesOf(one.input, one.truth, seed).random.changes;
    return order.findIndex((id) => one.truth.changes.includes(id)) + 1;
  });
  const share = hits.filter((place) => place <= 4).length / hits.length;
  expect(Math.abs(share - 0.1)).toBeLessThan(0.07);
  const text = linesOf(reportOf('Some', seen)).join('\n');
  for (const ranker of rankers) expect(text).toContain(ranker);
  expect(text).not.toMatch(/NaN|undefined/);
});
