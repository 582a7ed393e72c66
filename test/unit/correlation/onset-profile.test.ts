import { expect, it } from 'vitest';
import { medianPlace, onsetProfile, quantilePlace } from '../../../electron/correlation/onset-profile.ts';
import { randomOf } from '../../../electron/sandbox/random.ts';

const MINUTE = 60_000;

function residual(rise: (at: number) => number, seed = 1): Float64Array {
  const random = randomOf(seed, 'residual');
  return Float64Array.from({ length: 120 }, (_, at) => random.between(-1.5, 1.5) + rise(at));
}

it.each([60, 80, 100])('finds a step at %d', (step) => {
  const profile = onsetProfile([residual((at) => (at >= step ? 6 : 0))], 40, MINUTE);
  expect(profile && Math.abs(medianPlace(profile) - step)).toBeLessThanOrEqual(1);
});

it('finds where a slow rise starts, and is less sure of it than of a step', () => {
  const ramp = onsetProfile([residual((at) => Math.max(0, Math.min(6, (at - 70) / 5)))], 40, MINUTE);
  const step = onsetProfile([residual((at) => (at >= 70 ? 6 : 0))], 40, MINUTE);
  expect(ramp && Math.abs(medianPlace(ramp) - 70)).toBeLessThanOrEqual(6);
  const surest = (likely: Float64Array | undefined) => Math.max(...(likely ?? []));
  expect(surest(ramp?.likely)).toBeLessThan(surest(step?.likely));
});

it('is not dated by a spike that passed', () => {
  const spiked = residual((at) => (at >= 90 ? 5 : at >= 60 && at < 62 ? 40 : 0));
  const profile = onsetProfile([spiked], 40, MINUTE);
  expect(profile && Math.abs(medianPlace(profile) - 90)).toBeLessThanOrEqual(2);
});

it('is dated by a jump of the last minutes rather than by something slight that lasts longer', () => {
  const slight = residual((at) => (at >= 50 ? 1.2 : 0), 2);
  const jump = residual((at) => (at >= 114 ? 200 : 0));
  const profile = onsetProfile([jump, slight], 0, MINUTE);
  expect(profile && Math.abs(medianPlace(profile) - 114)).toBeLessThanOrEqual(1);
});

it('is surer with two residuals that agree', () => {
  const weak = (seed: number) => residual((at) => (at >= 80 ? 1.5 : 0), seed);
  const one = onsetProfile([weak(1)], 40, MINUTE);
  const both = onsetProfile([weak(1), weak(2)], 40, MINUTE);
  const near = (profile: typeof one) =>
    profile?.likely.reduce(
      (sum, likely, at) => sum + (Math.abs(profile.first + at - 80) <= 3 ? likely : 0),
      0,
    );
  expect(near(both)).toBeGreaterThan(near(one) ?? 1);
});

it('adds up to certainty, also of a constant', () => {
  for (const values of [residual(() => 0), new Float64Array(120)]) {
    const profile = onsetProfile([values], 40, MINUTE);
    expect(profile?.likely.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9);
  }
});

it('knows nothing without residuals or without time after them', () => {
  expect(onsetProfile([], 40, MINUTE)).toBeNull();
  expect(onsetProfile([new Float64Array(42)], 40, MINUTE)).toBeNull();
});

it('has begun by a place within which it lies with nine in ten, wider where it rose slowly', () => {
  const width = (rise: (at: number) => number) => {
    const profile = onsetProfile([residual(rise)], 40, MINUTE);
    if (!profile) throw new Error('there is a profile');
    const [from, middle, to] = [0.05, 0.5, 0.95].map((share) => quantilePlace(profile, share));
    if (from === undefined || middle === undefined || to === undefined) throw new Error('three places');
    expect(from).toBeLessThanOrEqual(middle);
    expect(middle).toBeLessThanOrEqual(to);
    return to - from;
  };
  const step = width((at) => (at >= 70 ? 6 : 0));
  const ramp = width((at) => Math.max(0, Math.min(6, (at - 70) / 5)));
  expect(step).toBeLessThan(ramp);
});
