import fc from 'fast-check';
import { expect, it } from 'vitest';
import { watchRange } from '../../../../renderer/proposals/watch-range.ts';

it('shows a minute while there is no sample yet', () => {
  expect(watchRange(5_000, [])).toEqual({ fromMs: 5_000, toMs: 65_000 });
});

it('never cuts a sample off, and always has a width', () => {
  const times = fc.array(fc.nat({ max: 3_600_000 }), { maxLength: 50 });
  fc.assert(
    fc.property(fc.nat(), times, (fromMs, after) => {
      const samples = after.toSorted((a, b) => a - b).map((ms) => ({ atMs: fromMs + ms, value: 1 }));
      const { fromMs: from, toMs } = watchRange(fromMs, samples);
      expect(from).toBe(fromMs);
      expect(toMs).toBeGreaterThan(from);
      for (const { atMs } of samples) expect(atMs).toBeLessThanOrEqual(toMs);
    }),
  );
});
