import type { Random } from '../random.ts';

/** Who calls whom, before anything is known about them but their kind. Callees come after their callers. */
export type Graph = {
  nodes: readonly { kind: 'service' | 'database' | 'provider'; layer: number; isEntry: boolean }[];
  edges: readonly { from: number; to: number }[];
};

const databaseShare = 0.15;
const providerShare = 0.03;
const furtherCalls = 1.4;

/**
 * A layered call graph: entries on top, databases and outside providers at the bottom, and between them services that
 * call one to several below them, preferably those that many call already and that are one layer down. Every service but
 * an entry is called by somebody.
 */
export function drawGraph(services: number, random: Random): Graph {
  const layers = Math.max(3, Math.round(2 + Math.log2(services / 5)));
  const entries = Math.max(1, Math.min(4, Math.floor(services / 12)));
  const databases = Math.max(1, Math.round(services * databaseShare));
  const providers = Math.max(1, Math.min(8, Math.round(services * providerShare)));
  const inner = services - entries - databases - providers;
  const last = layers - 1;
  const layersOfInner = Array.from({ length: inner }, (_, index) =>
    // One in each middle layer, so that none is empty; the rest anywhere between.
    index < last - 1 ? index + 1 : random.integer(1, Math.max(1, last - 1)),
  ).sort((one, other) => one - other);
  const nodes: Graph['nodes'] = [
    ...Array.from({ length: entries }, () => ({ kind: 'service' as const, layer: 0, isEntry: true })),
    ...layersOfInner.map((layer) => ({ kind: 'service' as const, layer, isEntry: false })),
    ...Array.from({ length: databases }, () => ({ kind: 'database' as const, layer: last, isEntry: false })),
    ...Array.from({ length: providers }, () => ({ kind: 'provider' as const, layer: last, isEntry: false })),
  ];
  const calls = nodes.map(() => new Set<number>());
  const called = new Array<number>(nodes.length).fill(0);
  function connect(from: number, to: number): void {
    if (calls[from]?.has(to)) return;
    calls[from]?.add(to);
    called[to] = (called[to] ?? 0) + 1;
  }

  // Providers are for a few specialists; databases and services get whom chance gives them.
  const popular = (layer: number, index: number) => {
    const node = nodes[index];
    if (!node || node.kind === 'provider' || node.layer <= layer) return 0;
    return ((called[index] ?? 0) + 1) ** 0.8 * (node.layer === layer + 1 ? 1 : 0.25);
  };
  for (const [from, { kind, layer }] of nodes.entries()) {
    if (kind !== 'service') continue;
    const count = 1 + poisson(furtherCalls, random);
    for (let call = 0; call < count; call++) {
      const weights = nodes.map((_, index) => popular(layer, index));
      const to = weightedIndex(weights, random);
      if (to !== null) connect(from, to);
    }
  }
  for (const [to, { kind, layer, isEntry }] of nodes.entries()) {
    if (isEntry || (called[to] ?? 0) > 0) continue;
    const above = nodes.flatMap((node, index) =>
      node.kind === 'service' && node.layer < layer ? [index] : [],
    );
    const near = above.filter((index) => kind === 'provider' || nodes[index]?.layer === layer - 1);
    connect(random.pick(near.length > 0 ? near : above), to);
  }
  return {
    nodes,
    edges: calls.flatMap((callees, from) => [...callees].map((to) => ({ from, to }))),
  };
}

function poisson(mean: number, random: Random): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.unit(); product > limit; count++) product *= random.unit();
  return count;
}

function weightedIndex(weights: readonly number[], random: Random): number | null {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return null;
  let left = random.unit() * total;
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return weights.findLastIndex((weight) => weight > 0);
}
