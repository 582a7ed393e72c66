import type { Drawn } from './drawing.ts';
import { strengths } from './impact.ts';
import { NODE_HEIGHT, NODE_WIDTH, type Place, type Places } from './places.ts';

export type Room = { width: number; height: number };

/**
 * The services that are put in view: all where they fit, else what is looked at with as much of the trouble round it as
 * fits, nearest to it first in what it says and not in where it stands.
 */
export function inView(
  { topology, candidates, places, selected, path }: Omit<Drawn, 'onSelect'>,
  room: Room,
): string[] {
  const all = topology.services.map(({ id }) => id).filter((id) => places.has(id));
  const fits = (ids: readonly string[]) => {
    const { width, height } = boundsOf(ids, places);
    return width <= room.width && height <= room.height;
  };
  if (fits(all)) return all;
  const off = [...strengths(candidates)]
    .toSorted(([, a], [, b]) => (b.worst?.strength ?? 0) - (a.worst?.strength ?? 0))
    .map(([id]) => id);
  const worth = (candidates?.changes ?? []).slice(0, candidates?.worthReading ?? 0);
  const wished = [
    ...(selected === null ? [] : [selected]),
    ...(path ? off.filter((id) => path.services.has(id)) : []),
    ...worth.slice(0, 1).map(({ service }) => service),
    ...off,
    ...worth.map(({ service }) => service),
    ...all,
  ];
  const chosen: string[] = [];
  for (const id of new Set(wished)) if (places.has(id) && fits([...chosen, id])) chosen.push(id);
  return chosen;
}

/** The box round some services. */
export function boundsOf(ids: readonly string[], places: Places): Place & Room {
  const at = ids.flatMap((id) => places.get(id) ?? []);
  const least = (values: readonly number[]) => values.reduce((so, one) => Math.min(so, one), values[0] ?? 0);
  const most = (values: readonly number[]) => values.reduce((so, one) => Math.max(so, one), values[0] ?? 0);
  const x = least(at.map((one) => one.x));
  const y = least(at.map((one) => one.y));
  return {
    x,
    y,
    width: most(at.map((one) => one.x)) - x + NODE_WIDTH,
    height: most(at.map((one) => one.y)) - y + NODE_HEIGHT,
  };
}
