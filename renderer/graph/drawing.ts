import { type Edge, MarkerType, Position } from '@xyflow/react';
import type { Candidates } from '../../shared/vocabulary/candidate.ts';
import type { ChangeKind } from '../../shared/vocabulary/kinds.ts';
import type { Topology } from '../../shared/vocabulary/topology.ts';
import { callKey, NORMAL, type Path, strengths } from './impact.ts';
import { NODE_HEIGHT, NODE_WIDTH, type Places } from './places.ts';
import type { ServiceNodeType } from './service-node.tsx';
import { delays, onsets } from './spread.ts';

/** All that a picture is drawn from. */
export type Drawn = {
  topology: Topology;
  candidates: Candidates | null;
  places: Places;
  selected: string | null;
  /** From what is selected to what it moves; the rest is dimmed. */
  path: Path | null;
  onSelect(service: string | null): void;
};

/** Told with the node, so that a call to a service out of view can be drawn before that service is. */
const HANDLES = [
  { type: 'target' as const, position: Position.Left, x: 0, y: NODE_HEIGHT / 2, width: 1, height: 1 },
  {
    type: 'source' as const,
    position: Position.Right,
    x: NODE_WIDTH,
    y: NODE_HEIGHT / 2,
    width: 1,
    height: 1,
  },
];

export function nodesOf({
  topology,
  candidates,
  places,
  selected,
  path,
  onSelect,
}: Drawn): ServiceNodeType[] {
  const off = strengths(candidates);
  const changes = changesOf(candidates);
  return topology.services.map(({ id }) => ({
    id,
    type: 'service',
    position: places.get(id) ?? { x: 0, y: 0 },
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    handles: HANDLES,
    zIndex: off.has(id) ? 1 : 0,
    data: {
      name: id,
      strength: off.get(id) ?? NORMAL,
      changes: [...(changes.get(id)?.kinds ?? [])].map(([kind, count]) => ({ kind, count })),
      rank: changes.get(id)?.rank ?? null,
      selected: id === selected,
      dimmed: path !== null && !path.services.has(id),
      onSelect: () => onSelect(id === selected ? null : id),
    },
  }));
}

/** How many changes of each kind a service had, and the rank of its best one when that is worth reading. */
export function changesOf(
  candidates: Candidates | null,
): ReadonlyMap<string, { kinds: Map<ChangeKind, number>; rank: number | null }> {
  const of = new Map<string, { kinds: Map<ChangeKind, number>; rank: number | null }>();
  (candidates?.changes ?? []).forEach(({ service, kind }, index) => {
    const known = of.get(service) ?? {
      kinds: new Map(),
      rank: index < (candidates?.worthReading ?? 0) ? index + 1 : null,
    };
    known.kinds.set(kind, (known.kinds.get(kind) ?? 0) + 1);
    of.set(service, known);
  });
  return of;
}

export function edgesOf({ topology, candidates, path }: Omit<Drawn, 'places' | 'onSelect'>): Edge[] {
  const first = onsets(candidates);
  const words = path ? delays(path, first) : new Map<string, string>();
  return topology.calls.map(({ from, to }) => {
    const key = callKey(from, to);
    const onPath = path ? path.calls.has(key) : first.has(from) && first.has(to);
    const label = words.get(key);
    return {
      id: key,
      source: from,
      target: to,
      className: onPath ? 'call-on' : path ? 'call-dimmed' : 'call-off',
      zIndex: onPath ? 1 : 0,
      markerEnd: { type: MarkerType.ArrowClosed, width: 9, height: 9, color: 'var(--edge)' },
      ...(label === undefined ? {} : { label, labelBgPadding: [3, 1], labelBgBorderRadius: 3 }),
    };
  });
}
