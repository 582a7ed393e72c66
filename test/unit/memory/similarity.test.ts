import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ASPECT_WEIGHTS, compare, mostSimilar, termWeights } from '../../../electron/memory/similarity.ts';
import { ChangeKind } from '../../../shared/vocabulary/kinds.ts';
import type { Traits } from '../../../shared/vocabulary/memory.ts';
import { rememberedIncident, traits } from '../../fixtures/remembered-incident.ts';

const terms = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__'), { maxLength: 5 });
const anyTraits: fc.Arbitrary<Traits> = fc.record({
  services: terms,
  signals: terms,
  changeKinds: fc.uniqueArray(fc.constantFrom(...ChangeKind.options), { maxLength: 3 }),
  words: terms,
});
const anyMemory = fc
  .array(anyTraits, { maxLength: 6 })
  .map((all) => all.map((one, index) => rememberedIncident(`inc-${index}`, { traits: one })));

it('weighs the aspects to one', () => {
  expect(Object.values(ASPECT_WEIGHTS).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
});

it('is one for the same terms, between none and one for any, and the same both ways', () => {
  fc.assert(
    fc.property(anyTraits, anyTraits, anyMemory, (now, then, memory) => {
      const weightOf = termWeights(memory);
      const { similarity, likeness } = compare(now, then, weightOf);
      expect(similarity).toBeGreaterThanOrEqual(0);
      expect(similarity).toBeLessThanOrEqual(1);
      expect(compare(then, now, weightOf).similarity).toBeCloseTo(similarity, 12);
      const isSame = likeness.every(({ onlyNow, onlyThen }) => onlyNow.length + onlyThen.length === 0);
      expect(similarity > 1 - 1e-9).toBe(isSame && likeness.length > 0);
    }),
  );
});

it('rises with a term more in common', () => {
  fc.assert(
    fc.property(anyTraits, anyTraits, anyMemory, (now, then, memory) => {
      const weightOf = termWeights(memory);
      const shared = (side: Traits) => ({ ...side, services: [...side.services, 'in common'] });
      const before = compare(now, then, weightOf).likeness.find(({ aspect }) => aspect === 'services');
      const after = compare(shared(now), shared(then), weightOf).likeness.find(
        ({ aspect }) => aspect === 'services',
      );
      expect(after?.score).toBeGreaterThanOrEqual(before?.score ?? 0);
    }),
  );
});

it('says with numbers what is alike and what is not', () => {
  const then = traits({ services: ['checkout', 'search'], changeKinds: [], words: [] });
  const now = traits({ services: ['checkout', 'payments'], changeKinds: [], words: [] });
  const { similarity, likeness } = compare(now, then, () => 1);
  expect(likeness).toMatchObject([
    {
      aspect: 'services',
      score: 1 / 3,
      alike: ['checkout'],
      onlyNow: ['payments'],
      onlyThen: ['search'],
    },
    { aspect: 'signals', score: 1, alike: ['error rate up', 'latency up'] },
  ]);
  expect(similarity).toBeCloseTo((0.3 / 0.65) * (1 / 3) + 0.35 / 0.65, 12);
});

it('lets a rare term in common count for more than one that every incident has', () => {
  const memory = Array.from({ length: 20 }, (_, index) =>
    rememberedIncident(`inc-${index}`, {
      traits: traits({ signals: index === 0 ? ['latency up', 'alert DiskFull'] : ['latency up', 'other'] }),
    }),
  );
  const weightOf = termWeights(memory);
  expect(weightOf('signals', 'alert DiskFull')).toBeGreaterThan(3 * weightOf('signals', 'latency up'));
  const [nearest] = mostSimilar(traits({ signals: ['alert DiskFull'] }), memory, { least: 0, most: 3 });
  expect(nearest?.record.incident).toBe('inc-0');
});

it('lists the nearest first, the newer of two equals before the older, and none below the least', () => {
  const memory = [
    rememberedIncident('old', { closedMs: 1 }),
    rememberedIncident('new', { closedMs: 2 }),
    rememberedIncident('other', {
      traits: traits({ services: ['x'], signals: ['y'], changeKinds: ['flag'], words: ['z'] }),
    }),
  ];
  const found = mostSimilar(traits(), memory, { least: 0.1, most: 9 });
  expect(found.map(({ record }) => record.incident)).toEqual(['new', 'old']);
});
