import type { Candidates } from '../../shared/vocabulary/candidate.ts';
import type { Topology } from '../../shared/vocabulary/topology.ts';
import { impactPath, strengths } from './impact.ts';

/** More than this in one picture cannot be read in a column of the room. */
const MOST = 24;
/** A part smaller than this is filled up with the neighbours of what is off. */
const FEWEST = 9;

/**
 * The part of the topology that the trouble is in: what is off, what has a change worth reading, and the ways between,
 * with neighbours where that is little. Everything when nothing is off. What is selected is always in it, and only adds:
 * selecting takes nothing away.
 */
export function shownPart(
  topology: Topology,
  candidates: Candidates | null,
  selected: string | null,
): Topology {
  const off = strengths(candidates);
  const known = new Set(topology.services.map(({ id }) => id));
  const anomalous = [...off]
    .toSorted(([a, x], [b, y]) => (y.worst?.strength ?? 0) - (x.worst?.strength ?? 0) || compare(a, b))
    .map(([id]) => id);
  const telling = [...new Set([...worthShowing(candidates), ...anomalous])]
    .filter((id) => known.has(id))
    .slice(0, MOST);
  if (telling.length === 0) return topology;

  const part = new Set<string>();
  const add = (ids: Iterable<string>, most: number) => {
    for (const id of ids) if (part.size < most && known.has(id)) part.add(id);
  };
  add(telling, MOST);
  const offIds = new Set(off.keys());
  for (const id of telling) add(impactPath(topology, id, offIds).services, MOST);
  for (const id of telling) add(neighbours(topology, id), FEWEST);
  if (selected !== null) {
    const path = impactPath(topology, selected, offIds);
    add([selected], part.size + 1);
    add(path.services, Math.max(MOST, part.size));
  }
  return {
    services: topology.services.filter(({ id }) => part.has(id)),
    calls: topology.calls.filter(({ from, to }) => part.has(from) && part.has(to)),
  };
}

/** Services whose change a person would look at: near the top, or pinned. */
const worthShowing = (candidates: Candidates | null): string[] =>
  (candidates?.changes ?? [])
    .filter(({ judgement }, index) =>
      judgement ? judgement.as === 'pinned' : index < (candidates?.worthReading ?? 0),
    )
    .map(({ service }) => service);

/** Who calls it first, since that is where the trouble goes. */
function neighbours({ calls }: Topology, service: string): string[] {
  const callers = calls.filter(({ to }) => to === service).map(({ from }) => from);
  const callees = calls.filter(({ from }) => from === service).map(({ to }) => to);
  return [...callers.toSorted(compare), ...callees.toSorted(compare)];
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
