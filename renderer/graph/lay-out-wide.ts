import { COLUMN_GAP, type Links, NODE_HEIGHT, NODE_WIDTH, type Places, ROW_GAP } from './places.ts';

/** A layer higher than this is folded into several columns, so that the picture stays near the shape of a screen. */
const HIGHEST = 28;
const SWEEPS = 8;
/** Deeper than this is no real system but a tangle, which is laid out by distance instead. */
const DEEPEST = 24;

/**
 * A layered picture of very many services, in a fraction of a second: layers by the longest way from whoever is called by
 * nobody, and in each layer the order in which the neighbours stand. It does not route calls round services as the
 * careful layout does; at that size nobody follows a single line by eye.
 */
export function layOutWide({ ids, calls }: Links): Places {
  const layers = layersOf({ ids, calls });
  order(layers, calls);
  const places = new Map<string, { x: number; y: number }>();
  let column = 0;
  for (const layer of layers) {
    const columns = Math.ceil(layer.length / HIGHEST);
    const rows = Math.ceil(layer.length / Math.max(1, columns));
    layer.forEach((id, index) => {
      const row = (index % rows) - (Math.min(rows, layer.length - Math.floor(index / rows) * rows) - 1) / 2;
      places.set(id, {
        x: (column + Math.floor(index / rows)) * (NODE_WIDTH + COLUMN_GAP),
        y: row * (NODE_HEIGHT + ROW_GAP),
      });
    });
    column += columns;
  }
  return places;
}

/** Callers before callees. The calls that close a circle are passed over for this. */
function layersOf({ ids, calls }: Links): string[][] {
  const callees = neighboursOf(ids, calls, 'from', 'to');
  const state = new Map<string, 'open' | 'done'>();
  const finished: string[] = [];
  const forward = new Map<string, string[]>(ids.map((id) => [id, []]));
  // Depth first without recursion: a chain of services may be longer than the stack.
  for (const root of ids) {
    const stack = state.has(root) ? [] : [{ id: root, next: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      state.set(top.id, 'open');
      const callee = callees.get(top.id)?.[top.next];
      if (callee === undefined) {
        state.set(top.id, 'done');
        finished.push(top.id);
        stack.pop();
        continue;
      }
      top.next += 1;
      if (state.get(callee) === 'open') continue;
      forward.get(top.id)?.push(callee);
      if (!state.has(callee)) stack.push({ id: callee, next: 0 });
    }
  }
  const depth = new Map<string, number>();
  for (const id of finished.toReversed()) {
    const own = depth.get(id) ?? 0;
    depth.set(id, own);
    for (const callee of forward.get(id) ?? []) depth.set(callee, Math.max(depth.get(callee) ?? 0, own + 1));
  }
  const deepest = finished.reduce((so, id) => Math.max(so, depth.get(id) ?? 0), 0);
  const layer = deepest <= DEEPEST ? depth : distances(ids, callees, forward);
  const layers: string[][] = [];
  for (const id of ids) {
    const at = layer.get(id) ?? 0;
    while (layers.length <= at) layers.push([]);
    layers[at]?.push(id);
  }
  return layers;
}

/** How many calls away from those that nobody calls. A chain may still be deep; then that is its shape. */
function distances(
  ids: readonly string[],
  callees: ReadonlyMap<string, string[]>,
  forward: ReadonlyMap<string, string[]>,
): Map<string, number> {
  const called = new Set([...forward.values()].flat());
  const near = new Map(ids.filter((id) => !called.has(id)).map((id) => [id, 0]));
  for (const [id, away] of near)
    for (const callee of callees.get(id) ?? []) if (!near.has(callee)) near.set(callee, away + 1);
  return near;
}

/** Sorts each layer by where the neighbours of its services stand, forth and back. */
function order(layers: string[][], calls: Links['calls']): void {
  const ids = layers.flat();
  const callers = neighboursOf(ids, calls, 'to', 'from');
  const callees = neighboursOf(ids, calls, 'from', 'to');
  const position = new Map<string, number>();
  const note = (layer: readonly string[]) =>
    layer.forEach((id, index) => void position.set(id, (index + 0.5) / layer.length));
  for (const layer of layers) note(layer);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const beside = sweep % 2 === 0 ? callers : callees;
    for (const layer of sweep % 2 === 0 ? layers : layers.toReversed()) {
      const wish = new Map(layer.map((id) => [id, meanOf(beside.get(id) ?? [], position, id)]));
      layer.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0) || (a < b ? -1 : 1));
      note(layer);
    }
  }
}

function meanOf(ids: readonly string[], position: ReadonlyMap<string, number>, self: string): number {
  if (ids.length === 0) return position.get(self) ?? 0;
  return ids.reduce((sum, id) => sum + (position.get(id) ?? 0), 0) / ids.length;
}

function neighboursOf(
  ids: readonly string[],
  calls: Links['calls'],
  of: 'from' | 'to',
  are: 'from' | 'to',
): Map<string, string[]> {
  const neighbours = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const call of calls) neighbours.get(call[of])?.push(call[are]);
  return neighbours;
}
