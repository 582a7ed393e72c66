import fc from 'fast-check';
import { expect, it } from 'vitest';
import { latencySpread, tailAbove } from '../../../electron/sandbox/world/duration.ts';

// At the median of a log-normal distribution half is above; the median lies below the mean.
const median = 100 * Math.exp(-(latencySpread ** 2) / 2);

it.each([
  [median, 0.5],
  [median * Math.exp(latencySpread * 1.959964), 0.025],
  [1e9, 0],
  [1e-9, 1],
])('puts above %d ms of a mean of 100 ms the share %d', (limitMs, share) => {
  expect(tailAbove(limitMs, 100)).toBeCloseTo(share, 6);
});

it('leaves a share between none and all, the smaller the higher the limit', () => {
  const ms = fc.double({ min: 0.01, max: 100_000, noNaN: true });
  fc.assert(
    fc.property(ms, ms, ms, (meanMs, one, other) => {
      const [lower, higher] = [
        tailAbove(Math.min(one, other), meanMs),
        tailAbove(Math.max(one, other), meanMs),
      ];
      expect(lower).toBeLessThanOrEqual(1);
      expect(higher).toBeGreaterThanOrEqual(-1e-7);
      expect(higher).toBeLessThanOrEqual(lower + 1e-7);
    }),
  );
});
