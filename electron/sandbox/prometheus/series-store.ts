import { keyOf, type Labels } from './labels.ts';

/** `NaN` where a scrape brought no sample; nothing is said beyond the last scrape. Complete after any question to the store. */
export type Series = { readonly labels: Labels; readonly values: Float64Array };

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
  /**
   * Handles of series that are new, one after the other, and the first of them: for the thousands that an exporter begins,
   * where comparing labels would cost most. INVARIANT: no other series of this store ever has these labels.
   */
  begin(all: readonly Labels[]): number;
  set(series: number, value: number): void;
  /** Times of all scrapes, oldest first; only the first `scrapes()` entries count. */
  times(): Float64Array;
  scrapes(): number;
  named(name: string): readonly Series[];
  all(): readonly Series[];
};

const seriesAtOnce = 512;
/** Scrapes kept as they came, before each series is given its share: series by series they lie far apart in memory. */
const heldScrapes = 16;

/** `expected` scrapes fit before anything has to be moved. */
export function seriesStore(expected = 512): SeriesStore {
  const byKey = new Map<string, number>();
  const byName = new Map<string, StoredSeries[]>();
  const all: StoredSeries[] = [];
  let capacity = expected;
  let pieces: Float64Array[] = [];
  let times = new Float64Array(capacity);
  let count = 0;
  let held: Float64Array[] = [];
  /** The last of those: the scrape that is written. */
  let open: Float64Array | null = null;
  let spare: Float64Array[] = [];

  return {
    beginScrape(atMs) {
      if (count > 0 && atMs <= (times[count - 1] ?? 0))
        throw new Error('scrapes must follow each other in time');
      if (held.length === heldScrapes) handOut();
      if (count === capacity) grow();
      times[count] = atMs;
      count += 1;
      open = emptyScrape();
      held.push(open);
    },

    series(labels) {
      const key = keyOf(labels);
      const known = byKey.get(key) ?? add(labels);
      byKey.set(key, known);
      return known;
    },

    begin(several) {
      const first = all.length;
      for (const labels of several) add(labels);
      return first;
    },

    set(index, value) {
      if (open === null) setLate(index, value);
      else {
        if (index >= open.length) open = widened(open);
        open[index] = value;
      }
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

  function add(labels: Labels): number {
    const at = all.length % seriesAtOnce;
    if (at === 0) pieces.push(new Float64Array(capacity * seriesAtOnce));
    const from = at * capacity;
    const piece = pieces.at(-1) ?? times;
    piece.fill(Number.NaN, from, from + count);
    const series = new StoredSeries(labels, { piece, from, capacity });
    const name = labels['__name__'] ?? '';
    const named = byName.get(name);
    if (named) named.push(series);
    else byName.set(name, [series]);
    return all.push(series) - 1;
  }

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

  /** Piece by piece, so that what is read and what is written both lie close together. */
  function handOut(): void {
    if (held.length === 0) return;
    const first = count - held.length;
    for (const [number, piece] of pieces.entries()) {
      const base = number * seriesAtOnce;
      const here = Math.min(seriesAtOnce, all.length - base);
      for (const [scrape, values] of held.entries())
        for (let at = 0; at < here; at++)
          piece[at * capacity + first + scrape] = values[base + at] ?? Number.NaN;
    }
    spare = held;
    held = [];
    open = null;
  }

  function grow(): void {
    handOut();
    const before = capacity;
    capacity *= 2;
    times = copied(times, 1, before);
    pieces = pieces.map((piece) => copied(piece, seriesAtOnce, before));
    for (const [index, series] of all.entries()) {
      const piece = pieces[Math.floor(index / seriesAtOnce)] ?? times;
      series.move({ piece, from: (index % seriesAtOnce) * capacity, capacity });
    }
  }

  function copied(piece: Float64Array, rows: number, before: number): Float64Array<ArrayBuffer> {
    const longer = new Float64Array(rows * capacity);
    for (let row = 0; row < rows; row++)
      longer.set(piece.subarray(row * before, row * before + count), row * capacity);
    return longer;
  }
}

/**
 * Where the samples of a series stand: many share a piece of memory, for thousands of small ones cost more to make than to
 * fill. Scrapes to come are left as they are, so that memory for them is taken when they do.
 */
type Place = { piece: Float64Array; from: number; capacity: number };

class StoredSeries implements Series {
  readonly labels: Labels;
  #place: Place;
  #view: Float64Array | null = null;

  constructor(labels: Labels, place: Place) {
    this.labels = labels;
    this.#place = place;
  }

  /** A view is made when it is asked for: a rehearsal asks for few. */
  get values(): Float64Array {
    const { piece, from, capacity } = this.#place;
    this.#view ??= piece.subarray(from, from + capacity);
    return this.#view;
  }

  move(place: Place): void {
    this.#place = place;
    this.#view = null;
  }
}
