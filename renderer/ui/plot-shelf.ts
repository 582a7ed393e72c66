type Dropped = { destroy(): void };

export type PlotShelf<P extends Dropped> = ReturnType<typeof plotShelf<P>>;

type Bounds = {
  /** More than these are not held; those that were put there first go first. */
  most: number;
  /** Milliseconds; what was neither put there nor looked at for so long is dropped. */
  keptMs: number;
};

/**
 * Drawn plots that are not on the page now, by what they show: made before they are asked for, or left behind by a chart that
 * may come back. INVARIANT: a plot is held here, shown by whoever took it, or destroyed; each plot that is dropped is destroyed.
 */
export function plotShelf<P extends Dropped>({ most, keptMs }: Bounds) {
  /** The one that was put there first stands first. */
  const held = new Map<string, { plot: P; untilMs: number }>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;

  function drop(key: string): void {
    const dropped = held.get(key);
    held.delete(key);
    dropped?.plot.destroy();
  }

  function dropOld(): void {
    timer = undefined;
    const nowMs = performance.now();
    for (const [key, { untilMs }] of [...held]) if (untilMs <= nowMs) drop(key);
    if (held.size > 0) timer = setTimeout(dropOld, keptMs / 2);
  }

  return {
    /** Hands a plot over. One that shows the same already is dropped for it. */
    put(key: string, plot: P): void {
      if (isClosed) {
        plot.destroy();
        return;
      }
      if (held.get(key)?.plot !== plot) drop(key);
      held.delete(key);
      held.set(key, { plot, untilMs: performance.now() + keptMs });
      for (const oldest of [...held.keys()].slice(0, Math.max(0, held.size - most))) drop(oldest);
      timer ??= setTimeout(dropOld, keptMs / 2);
    },
    /** Whoever takes a plot has it: it is to be put back or destroyed. */
    take(key: string): P | undefined {
      const plot = held.get(key)?.plot;
      held.delete(key);
      return plot;
    },
    /** Destroys all that it holds, and from then on whatever is put there. */
    close(): void {
      isClosed = true;
      clearTimeout(timer);
      for (const key of [...held.keys()]) drop(key);
    },
  };
}
