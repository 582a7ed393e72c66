/**
 * Which services call each other in a circle: two have the same number if each can be reached from the other, as strongly
 * connected components are found (Tarjan 1972), without recursion, which a long chain of calls would exhaust.
 */
export function callCircles(nextOf: (id: string) => readonly string[]): (id: string) => number {
  const circles = new Map<string, number>();
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  let found = 0;

  function enter(id: string): { id: string; left: readonly string[]; at: number } {
    numbers.set(id, numbers.size);
    lowest.set(id, numbers.size - 1);
    open.push(id);
    return { id, left: nextOf(id), at: 0 };
  }

  function lower(id: string, to: number | undefined): void {
    lowest.set(id, Math.min(lowest.get(id) ?? 0, to ?? Number.POSITIVE_INFINITY));
  }

  function close(id: string): void {
    if (lowest.get(id) !== numbers.get(id)) return;
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      circles.set(one, found);
      if (one === id) break;
    }
    found += 1;
  }

  return (start) => {
    const path = circles.has(start) ? [] : [enter(start)];
    for (let last = path.at(-1); last; last = path.at(-1)) {
      const next = last.left[last.at];
      last.at += 1;
      if (next === undefined) {
        path.pop();
        close(last.id);
        const above = path.at(-1);
        if (above) lower(above.id, lowest.get(last.id));
      } else if (!numbers.has(next)) path.push(enter(next));
      else if (!circles.has(next)) lower(last.id, numbers.get(next));
    }
    return circles.get(start) ?? -1;
  };
}
