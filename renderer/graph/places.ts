import type { Topology } from '../../shared/vocabulary/topology.ts';

/** Eleven letters stand on one line of it: longer names break where they have hyphens, or in the middle. */
export const NODE_WIDTH = 96;
export const NODE_HEIGHT = 40;
/** Between a caller and what it calls, wide enough for a delay to be written on the call. */
export const COLUMN_GAP = 34;
export const ROW_GAP = 22;

export type Place = { x: number; y: number };
/** The upper left corner of each service. */
export type Places = ReadonlyMap<string, Place>;

/** A topology in one order, without calls that cannot be drawn: of itself, of a stranger, or twice. */
export type Links = { ids: string[]; calls: { from: string; to: string }[] };

export function linksOf({ services, calls }: Topology): Links {
  const known = new Set(services.map(({ id }) => id));
  const drawable = new Map(
    calls
      .filter(({ from, to }) => from !== to && known.has(from) && known.has(to))
      .map((call) => [JSON.stringify([call.from, call.to]), call]),
  );
  return {
    ids: [...known].sort(),
    calls: [...drawable].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, { from, to }]) => ({ from, to })),
  };
}

/**
 * Gives newcomers a free place beside those they call or are called by. INVARIANT: whoever stood keeps its place, those
 * that are gone too, so that a service that comes back is where one looks for it.
 */
export function withNewcomers(standing: Places, { ids, calls }: Links): Places {
  const places = new Map(standing);
  // Those with a neighbour in place go first, so that a chain of newcomers grows out of what is there.
  const waiting = new Set(ids.filter((id) => !places.has(id)));
  while (waiting.size > 0) {
    const next = [...waiting].find((id) => calls.some((call) => touches(call, id, places))) ?? first(waiting);
    waiting.delete(next);
    places.set(next, freePlace(wishOf(next, calls, places), places));
  }
  return places;
}

const first = (waiting: ReadonlySet<string>): string => [...waiting][0] as string;
const touches = ({ from, to }: { from: string; to: string }, id: string, places: Places): boolean =>
  (from === id && places.has(to)) || (to === id && places.has(from));

/** Right of its callers, else left of what it calls, else under everything. */
function wishOf(id: string, calls: Links['calls'], places: Places): Place {
  const placed = (ids: string[]) => ids.flatMap((one) => places.get(one) ?? []);
  const callers = placed(calls.filter(({ to }) => to === id).map(({ from }) => from));
  const callees = placed(calls.filter(({ from }) => from === id).map(({ to }) => to));
  const beside = [...callers, ...callees];
  if (beside.length === 0) {
    const all = [...places.values()];
    return { x: least(all.map(({ x }) => x)), y: most(all.map(({ y }) => y)) + NODE_HEIGHT + ROW_GAP };
  }
  const y = beside.reduce((sum, place) => sum + place.y, 0) / beside.length;
  const step = NODE_WIDTH + COLUMN_GAP;
  return callers.length > 0
    ? { x: most(callers.map(({ x }) => x)) + step, y }
    : { x: least(callees.map(({ x }) => x)) - step, y };
}

const least = (values: number[]) => values.reduce((so, value) => Math.min(so, value), values[0] ?? 0);
const most = (values: number[]) => values.reduce((so, value) => Math.max(so, value), values[0] ?? 0);

/** The nearest place in the wished column that nobody stands in. */
function freePlace({ x, y }: Place, places: Places): Place {
  const taken = [...places.values()].filter((place) => Math.abs(place.x - x) < NODE_WIDTH + COLUMN_GAP / 2);
  const isFree = (at: number) => taken.every((place) => Math.abs(place.y - at) >= NODE_HEIGHT + ROW_GAP / 2);
  const step = (NODE_HEIGHT + ROW_GAP) / 2;
  // Each one that stands there rules out a stretch of less than four steps, so a free one comes.
  for (let away = 0; ; away += 1) {
    if (isFree(y + away * step)) return { x, y: y + away * step };
    if (isFree(y - away * step)) return { x, y: y - away * step };
  }
}
