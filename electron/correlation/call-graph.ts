import type { CaseFile } from '../../shared/formats/case.ts';
import type { MeasuredServices } from './measured-service.ts';

/** Who calls whom, as far as it is known; a case may come without. */
export type CallGraph = {
  callees: ReadonlyMap<string, readonly string[]>;
  callers: ReadonlyMap<string, readonly string[]>;
};

export function callGraphOf(calls: CaseFile['calls']): CallGraph {
  const edges = (calls ?? []).filter(({ from, to }) => from !== to);
  return { callees: neighbours(edges, 'from', 'to'), callers: neighbours(edges, 'to', 'from') };
}

/**
 * The next that are measured in one direction, looking through services that nothing is measured of. INVARIANT: in an order
 * that neither names nor the file decide, or sums over them would differ in their last bits.
 */
export function measuredNext(
  edges: ReadonlyMap<string, readonly string[]>,
  measured: MeasuredServices,
): (id: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  const next = (id: string, seen: Set<string>): string[] =>
    (edges.get(id) ?? []).flatMap((other) => {
      if (seen.has(other)) return [];
      seen.add(other);
      return measured.has(other) ? [other] : next(other, seen);
    });
  return (id) => {
    const found =
      known.get(id) ?? next(id, new Set([id])).sort((a, b) => measured.weight(a) - measured.weight(b));
    known.set(id, found);
    return found;
  };
}

/** All that can be reached from a service, itself among them. */
export function reachedFrom(edges: ReadonlyMap<string, readonly string[]>, id: string): Set<string> {
  const reached = new Set([id]);
  for (const one of reached) for (const next of edges.get(one) ?? []) reached.add(next);
  return reached;
}

/** INVARIANT: sorted, so that the order of a case file moves no sum; an edge told twice counts once. */
function neighbours(
  edges: NonNullable<CaseFile['calls']>,
  key: 'from' | 'to',
  value: 'from' | 'to',
): Map<string, string[]> {
  const grouped = Map.groupBy(edges, (edge) => edge[key]);
  return new Map(
    [...grouped].map(([id, found]) => [id, [...new Set(found.map((edge) => edge[value]))].sort()]),
  );
}
