import type { CaseChange, CaseFile } from '../../shared/formats/case.ts';
import { sumOf } from './median.ts';
import type { ServiceCase } from './service-signs.ts';
import { weights } from './weights.ts';

/** A machine that something was done to, and how much of the trouble is at the services that run on it. */
export type NodeShare = { node: string; services: number; ofTrouble: number; ofServices: number };

/** What a change to a machine stands for: the service on it that is most out of order, and what they all show. */
export type Placed = { change: CaseChange; onNode: NodeShare | null };

/**
 * Ties what was done to a machine to the services whose pods run there: a node that is lost, drained or cordoned names no
 * service, and is felt by several that have nothing else in common.
 */
export function placedOnNodes(
  { services, metrics, changes }: CaseFile,
  cases: ReadonlyMap<string, ServiceCase>,
): Placed[] {
  const runsOn = new Map<string, Set<string>>();
  const add = (node: string, service: string) =>
    runsOn.set(node, (runsOn.get(node) ?? new Set<string>()).add(service));
  for (const { id, nodes = [] } of services) for (const node of nodes) add(node, id);
  for (const { labels, service } of metrics) if (labels?.['node'] !== undefined) add(labels['node'], service);
  const shareOf = (id: string): number => cases.get(id)?.signs['own share'] ?? 0;
  const inAll = sumOf([...cases.keys()].map(shareOf));

  return changes.map((change) => {
    const node = nodeOf(change);
    const there = node === null ? [] : [...(runsOn.get(node) ?? [])].filter((id) => cases.has(id));
    if (node === null || there.length === 0) return { change, onNode: null };
    const worst = there.reduce((most, id) => (shareOf(id) > shareOf(most) ? id : most));
    const onNode = {
      node,
      services: there.length,
      ofTrouble: inAll > 0 ? sumOf(there.map(shareOf)) / inAll : 0,
      ofServices: there.length / cases.size,
    };
    // Where the change names a service itself, that is what it is judged by.
    return { change: cases.has(change.service) ? change : { ...change, service: worst }, onNode };
  });
}

/** The machine that an infrastructure change was made to, as its labels name it. */
function nodeOf({ kind, labels }: CaseChange): string | null {
  if (kind !== 'infrastructure') return null;
  return labels?.['node'] ?? labels?.['object']?.match(/^Node\/(.+)$/)?.[1] ?? null;
}

/** Trouble gathered on one machine speaks for what was done to it, and trouble elsewhere against it. */
export function nodeLogOdds({ ofTrouble, ofServices }: NodeShare): number {
  const { few, most } = weights.node;
  const logOdds = Math.log((ofTrouble + few) / (ofServices + few));
  return Math.max(-most, Math.min(most, logOdds));
}
