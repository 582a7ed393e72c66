import { keyOf, type Labels } from './labels.ts';

/** `NaN` where a scrape brought no sample. */
export type Series = { labels: Labels; values: Float64Array };

/**
 * Samples of one scrape loop: every series has its value, or none, at each scrape, so all share one axis of time. A
 * scrape without a sample ends the series until the next one that has it, which is what Prometheus' staleness markers
 * do for a target that is up.
 */
export type SeriesStore = {
  /** Opens the next scrape; times must rise. */
  beginScrape(atMs: number): void;
  /** A handle that stays valid: look it up once, write to it at each scrape. */
  series(labels: Labels): number;
  set(series: number, value: number): void;
  /** Times of all scrapes, oldest first; only the first `scrapes()` entries count. */
  times(): Float64Array;
  scrapes(): number;
  named(name: string): readonly Series[];
  all(): readonly Series[];
};

export function seriesStore(): SeriesStore {
  const byKey = new Map<string, number>();
  const byName = new Map<string, Series[]>();
  const all: Series[] = [];
  let capacity = 512;
  let times = new Float64Array(capacity);
  let count = 0;

  return {
    beginScrape(atMs) {
      if (count > 0 && atMs <= (times[count - 1] ?? 0))
        throw new Error('scrapes must follow each other in time');
      if (count === capacity) grow();
      times[count] = atMs;
      count += 1;
    },

    series(labels) {
      const key = keyOf(labels);
      const known = byKey.get(key);
      if (known !== undefined) return known;
      const series = { labels, values: new Float64Array(capacity).fill(Number.NaN) };
      byKey.set(key, all.length);
      all.push(series);
      const name = labels['__name__'] ?? '';
      const named = byName.get(name);
      if (named) named.push(series);
      else byName.set(name, [series]);
      return all.length - 1;
    },

    set(index, value) {
      const series = all[index];
      if (!series || count === 0) throw new Error('no such series, or no scrape begun');
      series.values[count - 1] = value;
    },

    times: () => times,
    scrapes: () => count,
    named: (name) => byName.get(name) ?? [],
    all: () => all,
  };

  function grow(): void {
    capacity *= 2;
    times = enlarged(times, 0);
    for (const series of all) series.values = enlarged(series.values, Number.NaN);
  }

  function enlarged(old: Float64Array, filler: number): Float64Array<ArrayBuffer> {
    const grown = new Float64Array(capacity).fill(filler);
    grown.set(old);
    return grown;
  }
}
