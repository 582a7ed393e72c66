/** The first cycle of a graph as the nodes on it, the first one repeated at the end; empty where there is none. */
export function cycleIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const path: string[] = [];

  function from(node: string): string[] {
    const at = path.indexOf(node);
    if (at >= 0) return [...path.slice(at), node];
    if (done.has(node)) return [];
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = from(next);
      if (cycle.length > 0) return cycle;
    }
    path.pop();
    done.add(node);
    return [];
  }

  for (const node of graph.keys()) {
    const cycle = from(node);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
