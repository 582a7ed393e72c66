import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Display, placeBeside, placeFor, remembered } from '../../../electron/desktop/window-place.ts';

const laptop: Display = { id: 1, workArea: { x: 0, y: 25, width: 1_512, height: 944 } };
const wall: Display = { id: 2, workArea: { x: 1_512, y: -200, width: 2_560, height: 1_440 } };
const left = { x: 1_600, y: 40, width: 1_800, height: 1_000, maximised: false };
const below = { x: 100, y: 100, width: 1_200, height: 800, maximised: true };

it('opens where it was on the display that was used last', () => {
  const memory = remembered(remembered([], 1, below), 2, left);
  expect(placeFor(memory, [laptop, wall])).toEqual(left);
});

it('comes back to where it was on the display that is left, once the other is unplugged', () => {
  const memory = remembered(remembered([], 1, below), 2, left);
  expect(placeFor(memory, [laptop])).toEqual(below);
});

it('comes back into view when its display is gone and no other was ever used', () => {
  const { x, y, width, height } = placeFor(remembered([], 2, left), [laptop]);
  expect({ x, y, width, height }).toEqual(laptop.workArea);
});

it('remembers one place a display, and no more than sixteen', () => {
  const memory = Array.from({ length: 40 }, (_, id) => id % 20).reduce(
    (known, id) => remembered(known, id, left),
    remembered([], 0, below),
  );
  expect(memory).toHaveLength(16);
  expect(new Set(memory.map(({ display }) => display)).size).toBe(16);
  expect(memory[0]?.display).toBe(19);
});

const pixel = fc.integer({ min: -100_000, max: 100_000 });
const bounds = fc.record({ x: pixel, y: pixel, width: pixel, height: pixel });
const display = fc.record({
  id: fc.integer({ min: 0, max: 4 }),
  workArea: fc.record({
    x: pixel,
    y: pixel,
    width: fc.integer({ min: 640, max: 8_000 }),
    height: fc.integer({ min: 400, max: 5_000 }),
  }),
});
const place = bounds.chain((given) => fc.boolean().map((maximised) => ({ ...given, maximised })));

it('whatever was remembered, a window opens wholly inside a display that is there', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ display: fc.integer({ min: 0, max: 8 }), place }), { maxLength: 16 }),
      fc.tuple(display, display),
      (memory, displays) => {
        for (const opened of [
          placeFor(memory, displays),
          placeBeside(placeFor(memory, displays), displays[0]),
        ])
          expect(displays.some(({ workArea }) => holds(workArea, opened))).toBe(true);
      },
    ),
  );
});

type Area = { x: number; y: number; width: number; height: number };
const holds = (area: Area, window: Area) =>
  window.x >= area.x &&
  window.y >= area.y &&
  window.x + window.width <= area.x + area.width &&
  window.y + window.height <= area.y + area.height;
