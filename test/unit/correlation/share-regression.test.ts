import fc from 'fast-check';
import { expect, it } from 'vitest';
import { learnShares } from '../../../electron/correlation/share-regression.ts';
import { randomOf } from '../../../electron/sandbox/random.ts';

const POINTS = 240;
const prior = { mean: 0.45, deviation: 0.3 };

/** A callee that swings slowly by `swing`, measured with noise, and a caller that takes a share of it. */
function pair({ share, swing, noise, seed }: { share: number; swing: number; noise: number; seed: number }) {
  const random = randomOf(seed, 'pair');
  const strayed = () => (random.between(-1, 1) + random.between(-1, 1)) * noise;
  const truth = Float64Array.from({ length: POINTS }, (_, at) => 1 + swing * Math.sin(at / 12));
  return {
    part: truth.map((one) => one + strayed()),
    target: truth.map((one) => 0.5 + share * one + strayed()),
  };
}

it.each([0.1, 0.4, 0.9])('finds a share of %d where the callee swings', (share) => {
  const { target, part } = pair({ share, swing: 0.4, noise: 0.02, seed: 1 });
  const learnt = learnShares(target, [part], POINTS, prior);
  expect(learnt.share[0]).toBeCloseTo(share, 1);
  expect(learnt.uncertainty[0]).toBeLessThan(0.1);
});

it('keeps to what is usual where the callee shows nothing but noise', () => {
  const { target, part } = pair({ share: 0.9, swing: 0, noise: 0.05, seed: 2 });
  const learnt = learnShares(target, [part], POINTS, prior);
  expect(Math.abs((learnt.share[0] ?? 0) - prior.mean)).toBeLessThan(0.15);
  expect(learnt.uncertainty[0]).toBeGreaterThan(0.2);
});

it('tells two callees apart that swing at different times', () => {
  const slow = Float64Array.from({ length: POINTS }, (_, at) => 1 + 0.4 * Math.sin(at / 12));
  const quick = Float64Array.from({ length: POINTS }, (_, at) => 1 + 0.4 * Math.sin(at / 5));
  const target = slow.map((one, at) => 0.2 + 0.8 * one + 0.2 * (quick[at] ?? 0));
  const { share } = learnShares(target, [slow, quick], POINTS, prior);
  expect(share[0]).toBeCloseTo(0.8, 1);
  expect(share[1]).toBeCloseTo(0.2, 1);
});

it('is never negative and never anything but a number, whatever the series', () => {
  const series = fc
    .array(fc.double({ min: -1e12, max: 1e12, noNaN: true }), { minLength: 30, maxLength: 30 })
    .map((values) => Float64Array.from(values));
  fc.assert(
    fc.property(series, fc.array(series, { maxLength: 3 }), fc.nat(30), (target, parts, until) => {
      const { share, uncertainty } = learnShares(target, parts, until, prior);
      for (const one of [...share, ...uncertainty]) expect(one).toBeGreaterThanOrEqual(0);
    }),
  );
});
