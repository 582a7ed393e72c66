import { type Chart, type ChartsWanted, type SeriesRef, seriesKey } from '../../shared/vocabulary/chart.ts';

/** Charts to be shown, and how: `version` rises when there are new samples. */
export type ChartWish = Omit<ChartsWanted, 'charts'> & { charts: readonly SeriesRef[]; version: number };

/** Charts that are held however many were scrolled past, and the most that are asked for at once. */
const KEPT = 400;
const AT_ONCE = 100;

export type ChartReader = ReturnType<typeof chartReader>;

/**
 * Reads what is in view and not held yet. INVARIANT: one reading at a time, of the newest wish: dragging a window never
 * queues up. What is held is shown until what is newer is there; after a failure nothing is asked until something changes.
 */
export function chartReader(read: (wanted: ChartsWanted) => Promise<Chart[]>) {
  const listeners = new Set<(problem: unknown) => void>();
  const held = new Map<string, { look: string; chart: Chart }>();
  let wish: ChartWish | null = null;
  let failed: string | null = null;
  let isBusy = false;

  async function go(): Promise<void> {
    if (isBusy || wish === null) return;
    const { charts, version: _version, ...how } = wish;
    const look = lookOf(wish);
    if (look === failed) return;
    const missing = charts.filter((ref) => held.get(seriesKey(ref))?.look !== look).slice(0, AT_ONCE);
    if (missing.length === 0) return;
    isBusy = true;
    let problem: unknown = null;
    try {
      const answers = await read({ ...how, charts: missing });
      for (const [index, ref] of missing.entries()) keep(seriesKey(ref), look, answers[index]);
    } catch (error) {
      failed = look;
      problem = error;
    }
    isBusy = false;
    for (const tell of listeners) tell(problem);
    void go();
  }

  function keep(key: string, look: string, chart: Chart | undefined): void {
    held.delete(key);
    held.set(key, { look, chart: chart ?? { points: null, normal: null } });
    for (const oldest of [...held.keys()].slice(0, -KEPT)) held.delete(oldest);
  }

  return {
    /** Null once nobody looks: nothing more is asked, and what is held stays. */
    want(next: ChartWish | null): void {
      wish = next;
      void go();
    },
    again(): void {
      failed = null;
      void go();
    },
    chartOf: (key: string): Chart | undefined => held.get(key)?.chart,
    /** Is told of each answer: null, or what went wrong. */
    listen(tell: (problem: unknown) => void): () => void {
      listeners.add(tell);
      return () => void listeners.delete(tell);
    },
  };
}

const lookOf = ({ fromMs, toMs, pixels, against, version }: ChartWish): string =>
  [fromMs, toMs, pixels, against, version].join(' ');
