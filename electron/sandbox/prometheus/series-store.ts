import { keyOf, type Labels } from './labels.ts';

/** `NaN` where a scrape brought no sample; nothing is said beyond the last scrape. Complete after any question to the store. */
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

const seriesAtOnce = 64;
/** Scrapes kept as they came, before each series is given its share: series by series they lie far apart in memory. */
const heldScrapes = 16;

/** `expected` scrapes fit before anything has to be moved. */
export function seriesStore(expected = 512): SeriesStore {
  const byKey = new Map<string, number>();
  const byName = new Map<string, Series[]>();
  const all: Series[] = [];
  let capacity = expected;
  let free = new Float64Array(0);
  let times = new Float64Array(capacity);
  let count = 0;
  let held: Float64Array[] = [];
  let spare: Float64Array[] = [];

  return {
    beginScrape(atMs) {
      if (count > 0 && atMs <= (times[count - 1] ?? 0))
        throw new Error('scrapes must follow each other in time');
      if (held.length === heldScrapes) handOut();
      if (count === capacity) grow();
      times[count] = atMs;
      count += 1;
      held.push(emptyScrape());
    },

    series(labels) {
      const key = keyOf(labels);
      const known = byKey.get(key);
      if (known !== undefined) return known;
      const series = { labels, values: emptyValues() };
      byKey.set(key, all.length);
      all.push(series);
      const name = labels['__name__'] ?? '';
      const named = byName.get(name);
      if (named) named.push(series);
      else byName.set(name, [series]);
      return all.length - 1;
    },

    set(index, value) {
      const scrape = held.at(-1);
      if (scrape && index < scrape.length) scrape[index] = value;
      else if (scrape) widened(scrape)[index] = value;
      else setLate(index, value);
    },

    times() {
      handOut();
      return times;
    },
    scrapes() {
      handOut();
      return count;
    },
    named(name) {
      handOut();
      return byName.get(name) ?? [];
    },
    all() {
      handOut();
      return all;
    },
  };

  /** With room for series that come while it lasts. */
  function emptyScrape(): Float64Array {
    const used = spare.pop();
    if (used && used.length > all.length) return used.fill(Number.NaN);
    return new Float64Array(Math.ceil((all.length + 1) * 1.1)).fill(Number.NaN);
  }

  /** In a scrape that was already asked about. */
  function setLate(index: number, value: number): void {
    const series = all[index];
    if (!series || count === 0) throw new Error('no such series, or no scrape begun');
    series.values[count - 1] = value;
  }

  function widened(scrape: Float64Array): Float64Array {
    const wider = emptyScrape();
    wider.set(scrape);
    held[held.length - 1] = wider;
    return wider;
  }

  function handOut(): void {
    if (held.length === 0) return;
    const from = count - held.length;
    for (let index = 0; index < all.length; index++) {
      const values = all[index]?.values;
      if (!values) continue;
      for (let at = 0; at < held.length; at++) values[from + at] = held[at]?.[index] ?? Number.NaN;
    }
    spare = held;
    held = [];
  }

  /**
   * Cut from a large piece: thousands of small buffers cost more to make than to fill. Scrapes to come are left as they
   * are, so that memory for them is taken when they do.
   */
  function emptyValues(): Float64Array {
    if (free.length < capacity) free = new Float64Array(capacity * seriesAtOnce);
    const values = free.subarray(0, capacity);
    free = free.subarray(capacity);
    return values.fill(Number.NaN, 0, count);
  }

  function grow(): void {
    handOut();
    capacity *= 2;
    free = new Float64Array(0);
    const longer = new Float64Array(capacity);
    longer.set(times);
    times = longer;
    for (const series of all) {
      const values = emptyValues();
      values.set(series.values);
      series.values = values;
    }
  }
}
