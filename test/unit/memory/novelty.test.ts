import fc from 'fast-check';
import { expect, it } from 'vitest';
import { noveltyOf } from '../../../electron/memory/novelty.ts';
import { mostSimilar } from '../../../electron/memory/similarity.ts';
import type { Traits } from '../../../shared/vocabulary/memory.ts';
import { rememberedIncident, traits } from '../../fixtures/remembered-incident.ts';

const memoryOf = (count: number, one: Partial<Traits> = {}) =>
  Array.from({ length: count }, (_, index) => rememberedIncident(`inc-${index}`, { traits: traits(one) }));
const measured = (now: Traits, memory: ReturnType<typeof memoryOf>, outside = 0.1) =>
  noveltyOf(now, mostSimilar(now, memory, { least: 0, most: 1 })[0]?.similarity ?? 0, memory, outside);
const strange = traits({
  services: ['ledger-sync', 'tax'],
  signals: ['alert Quorum'],
  changeKinds: ['infrastructure'],
  words: ['quorum'],
});

it('has nothing to compare with in a first drill, says so, and alarms nobody', () => {
  const novelty = measured(strange, []);
  expect(novelty).toMatchObject({
    isNovel: false,
    score: 0.1,
    distance: null,
    coverage: null,
    remembered: 0,
  });
  expect(novelty.sentences[0]).toBe('Nothing is remembered yet, so there is nothing to compare with.');
});

it.each([
  ['one strange incident after one is no news yet', 1, false],
  ['nor after three', 3, false],
  ['but after twenty it is', 20, true],
])('%s', (_, count, isNovel) => {
  expect(measured(strange, memoryOf(count)).isNovel).toBe(isNovel);
});

it('knows what it has seen before', () => {
  const novelty = measured(traits(), memoryOf(20));
  expect(novelty).toMatchObject({ isNovel: false, distance: 0, coverage: 1 });
  expect(novelty.sentences[0]).toContain('100 % alike');
});

it('trusts a ranking that finds the cause in none of the changes, whatever is remembered', () => {
  const novelty = measured(traits(), memoryOf(20), 0.8);
  expect(novelty).toMatchObject({ isNovel: true, score: 0.8 });
  expect(novelty.sentences.at(-1)).toContain('80 %');
});

it('waits until enough is seen to compare', () => {
  const novelty = measured(traits({ services: ['tax'], signals: [] }), memoryOf(20));
  expect(novelty).toMatchObject({ isNovel: false, distance: null });
});

it('is never below what the ranking holds, never falls as more is remembered that is unlike, and stays within 0 and 1', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(30), (outside, count) => {
      const fewer = measured(strange, memoryOf(count), outside).score;
      const more = measured(strange, memoryOf(count + 1), outside).score;
      expect(fewer).toBeGreaterThanOrEqual(outside);
      expect(more).toBeGreaterThanOrEqual(fewer - 1e-12);
      expect(more).toBeLessThanOrEqual(1);
    }),
  );
});
