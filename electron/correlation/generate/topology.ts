import type { Chance } from './chance.ts';

/** One service calling another. */
export type Edge = {
  from: number;
  to: number;
  /** Calls per request of the caller, and how many more a failed one brings. */
  calls: number;
  retries: number;
  /** Share of the callee's latency the caller waits for. */
  serial: number;
  /** How much of the callee's failures fails the caller. */
  criticality: number;
  timeoutSeconds: number;
  /** Nobody waits for it: neither latency nor errors come back. */
  isAsync: boolean;
};

/** Who calls whom and who shares a machine. Services are numbered so that each is called by lower numbers only. */
export type Topology = {
  size: number;
  entries: number[];
  isStore: boolean[];
  edges: Edge[];
  /** By service: the edges it calls through, and is called through. */
  out: Edge[][];
  into: Edge[][];
  nodeOf: number[];
};

export const sizes = [10, 25, 50, 100, 250, 500] as const;
const STORES = 0.18;
const LATER_LAYERS_WEIGHT = 0.25;

/** Layers of services; popular ones attract more callers (preferential attachment), none is left uncalled. */
export function drawTopology(chance: Chance, size: number): Topology {
  const layers = Math.max(3, Math.round(2 + Math.log2(size / 5)));
  const entryCount = Math.max(1, Math.min(4, Math.floor(size / 12)));
  const storeCount = Math.max(1, Math.round(STORES * size));
  const layerOf = Array.from({ length: size }, (_, service) => {
    if (service < entryCount) return 0;
    return service >= size - storeCount ? layers - 1 : chance.integer(1, layers - 2);
  }).sort((a, b) => a - b);
  const isStore = layerOf.map((layer) => layer === layers - 1);
  const called = new Float64Array(size);
  const pull = new Float64Array(size).fill(1);
  const edges: Edge[] = [];
  const call = (from: number, to: number) => {
    const callers = (called[to] ?? 0) + 1;
    called[to] = callers;
    pull[to] = (callers + 1) ** 0.8;
    edges.push(drawEdge(chance, from, to));
  };
  for (let from = 0; from < size; from += 1) {
    if (isStore[from]) continue;
    const chosen = new Set<number>();
    for (let left = 1 + chance.poisson(1.4); left > 0; left -= 1) {
      const to = attracted(chance, { from, layerOf, pull, chosen });
      if (to === null) break;
      chosen.add(to);
      call(from, to);
    }
  }
  for (let to = entryCount; to < size; to += 1) {
    if ((called[to] ?? 0) > 0) continue;
    const layer = layerOf[to] ?? 0;
    const above = layerOf.flatMap((other, from) => (other === layer - 1 ? [from] : []));
    const higher = layerOf.flatMap((other, from) => (other < layer ? [from] : []));
    call(chance.pick(above.length > 0 ? above : higher), to);
  }
  const nodes = Math.max(1, Math.round(size / 6));
  return {
    size,
    entries: Array.from({ length: entryCount }, (_, entry) => entry),
    isStore,
    edges,
    ...byService(size, edges),
    nodeOf: Array.from({ length: size }, () => chance.integer(0, nodes - 1)),
  };
}

type Attraction = {
  from: number;
  layerOf: readonly number[];
  pull: Float64Array;
  chosen: ReadonlySet<number>;
};

function attracted(chance: Chance, { from, layerOf, pull, chosen }: Attraction): number | null {
  const layer = layerOf[from] ?? 0;
  const weightOf = (to: number): number => {
    const depth = (layerOf[to] ?? 0) - layer;
    if (depth <= 0 || chosen.has(to)) return 0;
    return (pull[to] ?? 0) * (depth > 1 ? LATER_LAYERS_WEIGHT : 1);
  };
  let sum = 0;
  for (let to = from + 1; to < layerOf.length; to += 1) sum += weightOf(to);
  if (sum === 0) return null;
  let left = chance.unit() * sum;
  for (let to = from + 1; to < layerOf.length; to += 1) {
    left -= weightOf(to);
    if (left < 0) return to;
  }
  return null;
}

function drawEdge(chance: Chance, from: number, to: number): Edge {
  return {
    from,
    to,
    calls: chance.between(0.2, 1.2),
    retries: chance.pick([0, 0, 1, 2]),
    serial: chance.between(0.3, 1),
    criticality: chance.between(0.3, 1),
    timeoutSeconds: chance.pick([0.5, 1, 2, 5]),
    isAsync: chance.chance(0.1),
  };
}

function byService(size: number, edges: readonly Edge[]): Pick<Topology, 'out' | 'into'> {
  const out: Edge[][] = Array.from({ length: size }, () => []);
  const into: Edge[][] = Array.from({ length: size }, () => []);
  for (const edge of edges) {
    out[edge.from]?.push(edge);
    into[edge.to]?.push(edge);
  }
  return { out, into };
}

/** All services that reach one over calls, itself left out. */
export function ancestorsOf({ into }: Topology, service: number): number[] {
  const found = new Set<number>();
  const open = [service];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { from } of into[next] ?? []) {
      if (found.has(from)) continue;
      found.add(from);
      open.push(from);
    }
  }
  return [...found].sort((a, b) => a - b);
}

export const calleesOf = ({ out }: Topology, service: number): number[] =>
  (out[service] ?? []).map(({ to }) => to);
export const callersOf = ({ into }: Topology, service: number): number[] =>
  (into[service] ?? []).map(({ from }) => from);
