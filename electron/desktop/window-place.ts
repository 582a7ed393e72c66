import { z } from 'zod';

const pixels = z.number().int().min(-100_000).max(100_000);
const Bounds = z.strictObject({ x: pixels, y: pixels, width: pixels, height: pixels });
export type Bounds = z.infer<typeof Bounds>;

/** Where a window stands; the bounds are those it has when it is not maximised. */
export const WindowPlace = Bounds.extend({ maximised: z.boolean() });
export type WindowPlace = z.infer<typeof WindowPlace>;

/** The last place on each display, the display used last first. */
export const PlaceMemory = z.array(z.strictObject({ display: z.number().int(), place: WindowPlace })).max(16);
export type PlaceMemory = z.infer<typeof PlaceMemory>;

/** A display that is attached now, with what panels and docks leave of it. */
export type Display = { id: number; workArea: Bounds };

export const SMALLEST = { width: 960, height: 600 };
const USUAL = { width: 1_600, height: 960 };

/**
 * Where a window opens: as it stood last on a display that is still there, else in the middle of the first one, which is
 * the primary. Always wholly inside the display, so that a window of an unplugged screen comes back.
 */
export function placeFor(memory: PlaceMemory, displays: readonly [Display, ...Display[]]): WindowPlace {
  for (const { display, place } of memory) {
    const attached = displays.find(({ id }) => id === display);
    if (attached) return inside(attached.workArea, place);
  }
  const { workArea } = displays[0];
  const x = workArea.x + Math.floor((workArea.width - USUAL.width) / 2);
  const y = workArea.y + Math.floor((workArea.height - USUAL.height) / 2);
  return inside(workArea, { ...USUAL, x, y, maximised: false });
}

/** A window beside another stands a little lower and to the right, so that both are seen. */
export function placeBeside(place: WindowPlace, { workArea }: Display): WindowPlace {
  return inside(workArea, { ...place, x: place.x + STEP, y: place.y + STEP, maximised: false });
}

export const remembered = (memory: PlaceMemory, display: number, place: WindowPlace): PlaceMemory =>
  [{ display, place }, ...memory.filter((known) => known.display !== display)].slice(0, 16);

const STEP = 32;

function inside(area: Bounds, place: WindowPlace): WindowPlace {
  const width = Math.min(Math.max(place.width, SMALLEST.width), area.width);
  const height = Math.min(Math.max(place.height, SMALLEST.height), area.height);
  return {
    width,
    height,
    x: clamped(place.x, area.x, area.x + area.width - width),
    y: clamped(place.y, area.y, area.y + area.height - height),
    maximised: place.maximised,
  };
}

const clamped = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);
