import dagre from '@dagrejs/dagre';
import type { Topology } from '../../shared/vocabulary/topology.ts';

export const NODE_WIDTH = 110;
export const NODE_HEIGHT = 28;

/** Where each service stands, callers left of what they call. The same topology always gives the same picture. */
export function layOut(topology: Topology): ReadonlyMap<string, { x: number; y: number }> {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 14, edgesep: 4, ranksep: 30, marginx: 4, marginy: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  const known = new Set(topology.services.map(({ id }) => id));
  for (const id of [...known].sort()) graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { from, to } of sortedCalls(topology)) {
    if (known.has(from) && known.has(to) && from !== to) graph.setEdge(from, to);
  }
  dagre.layout(graph);
  return new Map(
    [...known].map((id) => {
      const { x, y } = graph.node(id) as { x: number; y: number };
      return [id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }];
    }),
  );
}

/** Two topologies with the same key have the same picture. */
export const topologyKey = (topology: Topology): string =>
  JSON.stringify([
    topology.services.map(({ id }) => id).sort(),
    sortedCalls(topology).map(({ from, to }) => [from, to]),
  ]);

const sortedCalls = ({ calls }: Topology) =>
  calls.toSorted((a, b) => (a.from === b.from ? compare(a.to, b.to) : compare(a.from, b.from)));
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
