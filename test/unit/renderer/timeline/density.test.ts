import fc from 'fast-check';
import { expect, it } from 'vitest';
import { barsOf, density, LANES, ticksOf } from '../../../../renderer/timeline/density.ts';
import { IncidentId } from '../../../../shared/vocabulary/ids.ts';
import { eventsAt } from '../../../fixtures/fake-host/shop.ts';

const events = eventsAt(IncidentId.parse('inc-1'), 1_760_000_000_000);
const times = events.map(({ atMs }) => atMs);
const extent = { fromMs: Math.min(...times), toMs: Math.max(...times) };

it('puts each event of the window into one bin of its lane', () => {
  const lanes = density(events, extent, 40);
  for (const lane of LANES) {
    const sum = lanes[lane].reduce((one, other) => one + other, 0);
    expect(sum).toBe(events.filter(({ kind }) => kind === lane).length);
  }
});

it('leaves out what is older than the window', () => {
  const lanes = density(events, { fromMs: extent.toMs + 1, toMs: extent.toMs + 2 }, 4);
  expect(LANES.every((lane) => lanes[lane].every((count) => count === 0))).toBe(true);
});

it('draws a bar for each bin that holds something, the fullest one as high as the lane', () => {
  const path = barsOf(Uint32Array.of(0, 1, 10_000), 10_000, 10);
  expect(path.match(/M/g)).toHaveLength(2);
  expect(path).toContain('v-10h1');
  expect(barsOf(new Uint32Array(5), 10, 10)).toBe('');
});

it('marks evenly spaced times within the window, no more than asked for', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 }),
      fc.integer({ min: 1_000, max: 40 * 86_400_000 }),
      (fromMs, length) => {
        const ticks = ticksOf({ fromMs, toMs: fromMs + length }, 5);
        expect(ticks.length).toBeLessThanOrEqual(6);
        for (const { atMs, stepMs } of ticks) {
          expect(atMs).toBeGreaterThanOrEqual(fromMs);
          expect(atMs).toBeLessThanOrEqual(fromMs + length);
          expect((atMs - (ticks[0]?.atMs ?? 0)) % stepMs).toBe(0);
        }
      },
    ),
  );
});
