import dagre from '@dagrejs/dagre';
import { layOutWide } from './lay-out-wide.ts';
import { COLUMN_GAP, type Links, NODE_HEIGHT, NODE_WIDTH, type Places, ROW_GAP } from './places.ts';

/** Above these the careful layout takes longer than a person waits: seconds for hundreds of services. */
const MOST_SERVICES = 60;
const MOST_CALLS = 150;

/** Where each service stands, callers left of what they call. The same links always give the same picture. */
export function layOut(links: Links): Places {
  return links.ids.length > MOST_SERVICES || links.calls.length > MOST_CALLS
    ? layOutWide(links)
    : layOutCarefully(links);
}

function layOutCarefully({ ids, calls }: Links): Places {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: ROW_GAP, edgesep: 4, ranksep: COLUMN_GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of ids) graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { from, to } of calls) graph.setEdge(from, to);
  dagre.layout(graph);
  return new Map(
    ids.map((id) => {
      const { x, y } = graph.node(id) as { x: number; y: number };
      return [id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }];
    }),
  );
}
