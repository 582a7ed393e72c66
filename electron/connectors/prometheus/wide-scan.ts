import { Failure } from '../../platform/failure.ts';
import type { PrometheusApi } from './api.ts';
import { type Convention, named } from './conventions/convention.ts';
import { withinScope } from './metric-scope.ts';
import { quoted } from './quoted.ts';
import { type Grid, queryOf } from './service-metrics.ts';

/**
 * With more series than this by all conventions, the engine itself looks for those that changed, and they alone come over
 * the wire: what is searched then is as large as the Prometheus, what is read and kept is not.
 */
export const WIDE_FROM = 10_000;
/** A convention with no more series than this is read as it is, even then. */
const FEW = 100;
/** How many of each convention are taken in one look, those that changed most. */
const MOST_CHANGED = 20;
/** How far from what it was, in standard deviations; and how many series stay read once they were found. */
const WORTH_READING = 5;
const MOST_KEPT = 60;
/** Counting and looking are done anew after this long, of the time that is asked about. */
const COUNTED_FOR_MS = 10 * 60_000;
const LOOKED_FOR_MS = 60_000;
const TOLD_FOR_MS = 2 * 60_000;
/** A look may take the engine longer than whoever asks waits; what it finds is there for the next who asks. */
const LOOK_TAKES_MS = 60_000;

const MINUTE_MS = 60_000;
/** Each step is an evaluation over all series, so there are few: ten of before, and of lately fifteen at most. */
const BASELINE_MS = 40 * MINUTE_MS;
const BASELINE_STEP_MS = 4 * MINUTE_MS;
const LATELY_MS = 10 * MINUTE_MS;
const MOST_STEPS = 15;

/** Every series of a convention, some of them, or none because none changed. */
export type Wanted = { kind: 'all' | 'some'; query: string } | { kind: 'none'; query: '' };

export type WideScan = {
  /** What to read of a convention: all series, or where there are too many those that changed. */
  wantedOf(convention: Convention, applying: readonly Convention[], wish: Wish): Promise<Wanted>;
  /** How much is not read, for the status; null where everything is. */
  sentence(): string | null;
};
type Wish = {
  grid: Grid;
  /** Where some are named and not all are read: these, whether they changed or not. */
  services: readonly string[];
  scope: readonly string[];
  signal: AbortSignal;
};
export type Asks = Pick<PrometheusApi, 'instant'>;
/** What one look after another found, from the beginning of a window on. */
type Found = { fromMs: number; atMs: number; names: string[] };

/** `looks` waits longer than `counting`; both have a limit of how much they ask at once. */
export function wideScan(counting: Asks, looks: Asks, wideFrom = WIDE_FROM): WideScan {
  let counts: { atMs: number; of: Map<Convention, Promise<number>> } | null = null;
  const found = new Map<string, Found>();
  const looking = new Map<string, Promise<Found>>();
  let askedMs = 0;
  let told: { atMs: number; all: number; read: Map<string, number> } | null = null;

  function countOf(convention: Convention, { grid, scope, signal }: Wish): Promise<number> {
    if (counts === null || Math.abs(grid.toMs - counts.atMs) > COUNTED_FOR_MS)
      counts = { atMs: grid.toMs, of: new Map() };
    const { of } = counts;
    const known = of.get(convention);
    if (known) return known;
    const asked = counting
      .instant(withinScope(`count(${queryOf(convention, grid)})`, scope), grid.toMs, signal)
      .then(([sample]) => sample?.value ?? 0);
    of.set(convention, asked);
    // An answer is kept, a failure is not.
    asked.catch(() => of.delete(convention));
    return asked;
  }

  /** What is known to have changed; a first look is waited for, another is begun and found by the next who asks. */
  async function changed(convention: Convention, key: string, wish: Wish): Promise<string[]> {
    const { grid } = wish;
    const held = found.get(key);
    const known = held !== undefined && grid.fromMs >= held.fromMs ? held : undefined;
    if (known && grid.toMs - known.atMs < LOOKED_FOR_MS) return known.names;
    const look = looking.get(key) ?? begin(convention, key, known, wish);
    return (known ?? (await untilAborted(look, wish.signal))).names;
  }

  function begin(convention: Convention, key: string, known: Found | undefined, wish: Wish): Promise<Found> {
    const { grid, scope } = wish;
    const sinceMs = known === undefined ? grid.toMs - grid.fromMs : LATELY_MS;
    const query = withinScope(changedQuery(convention, grid, sinceMs), scope);
    const look = looks.instant(query, grid.toMs, AbortSignal.timeout(LOOK_TAKES_MS)).then((samples) => {
      const names = [...samples]
        .sort((a, b) => b.value - a.value)
        .flatMap(({ labels }) => labels[convention.service] ?? []);
      const all = [...new Set([...names, ...(known?.names ?? [])])].slice(0, MOST_KEPT);
      const now = { fromMs: known?.fromMs ?? grid.fromMs, atMs: grid.toMs, names: all };
      found.set(key, now);
      return now;
    });
    looking.set(key, look);
    const ended = () => void looking.delete(key);
    look.then(ended, ended);
    return look;
  }

  return {
    async wantedOf(convention, applying, wish) {
      const { grid, scope, services } = wish;
      const query = queryOf(convention, grid);
      const sizes = await Promise.all(applying.map((one) => countOf(one, wish)));
      const all = sizes.reduce((sum, size) => sum + size, 0);
      const own = sizes[applying.indexOf(convention)] ?? 0;
      askedMs = grid.toMs;
      if (all <= wideFrom || own <= FEW) return { kind: 'all', query: withinScope(query, scope) };
      const key = `${convention.name} ${convention.query} ${grid.stepMs}`;
      const names = services.length > 0 ? services : await changed(convention, key, wish);
      const read = told?.read ?? new Map<string, number>();
      told = { atMs: grid.toMs, all, read: read.set(convention.query, names.length) };
      if (names.length === 0) return { kind: 'none', query: '' };
      return { kind: 'some', query: withinScope(narrowedTo(convention, query, names), scope) };
    },
    sentence() {
      if (told === null || askedMs - told.atMs > TOLD_FOR_MS) return null;
      const read = [...told.read.values()].reduce((sum, size) => sum + size, 0);
      return `It tells of ${told.all} series of services, more than are read: the engine looks for those that changed, ${read} at present.`;
    },
  };
}

/** Whoever asked may go; what was begun goes on. */
function untilAborted<T>(task: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () =>
      reject(
        new Failure('timeout', 'Prometheus is still looking for the series that changed. It is asked again.'),
      );
    if (signal.aborted) return end();
    signal.addEventListener('abort', end, { once: true });
    task.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

/**
 * The series of a convention that changed most, as PromQL: how far the most extreme value of the last `sinceMs` is from the
 * mean of before the window, in standard deviations of before. What a unit of change is worth is added to those, so that
 * what never moved is not found for a change that matters to nobody. What has no before is new, and passed over.
 */
export function changedQuery(convention: Convention, grid: Grid, sinceMs: number): string {
  const query = queryOf(convention, grid);
  const spanMs = Math.max(sinceMs, 2 * MINUTE_MS);
  const step = Math.max(MINUTE_MS, spanMs / MOST_STEPS);
  const lately = (over: 'max' | 'min') =>
    `${over}_over_time((${query})[${seconds(spanMs)}:${seconds(step)}])`;
  const offset = seconds(Math.max(grid.toMs - grid.fromMs, spanMs));
  const before = (over: 'avg' | 'stddev') =>
    `${over}_over_time((${query})[${seconds(BASELINE_MS)}:${seconds(BASELINE_STEP_MS)}] offset ${offset})`;
  const usual = `(${before('stddev')} + ${worthOf(convention.unit)})`;
  const up = `(${lately('max')} - ${before('avg')}) / ${usual}`;
  const down = `(${before('avg')} - ${lately('min')}) / ${usual}`;
  return directionsOf(convention.kind)
    .map((direction) => `topk(${MOST_CHANGED}, ${direction === 'up' ? up : down} > ${WORTH_READING})`)
    .join(' or ');
}

/** Availability is bad when it falls, traffic whichever way it goes, everything else when it rises. */
function directionsOf(kind: Convention['kind']): ('up' | 'down')[] {
  switch (kind) {
    case 'availability':
      return ['down'];
    case 'traffic':
      return ['up', 'down'];
    case 'latency':
    case 'error_rate':
    case 'saturation':
    case 'other':
      return ['up'];
  }
}

/** A fifth of what one would begin to look at, by unit. */
function worthOf(unit: string): number {
  switch (unit) {
    case 's':
      return 0.01;
    case 'req/s':
      return 0.1;
    case 'cores':
      return 0.05;
    default:
      return 0.005;
  }
}

/**
 * A query, for some of its services alone. A label that selectors know narrows what the engine reads; one that the query
 * makes narrows what it answers.
 */
export function narrowedTo({ service, ofPods }: Convention, query: string, names: readonly string[]): string {
  if (service !== named.service) {
    const pattern = names.map((name) => name.replace(/[\\.*+?^${}()|[\]]/g, '\\$&')).join('|');
    const ofWorkloads = ofPods === undefined ? pattern : `(?:${pattern})(?:-.+)?`;
    return withinScope(query, [`${service}=~${quoted(ofWorkloads)}`]);
  }
  const wanted = names.map(
    (name) => `label_replace(vector(1), "${service}", ${quoted(name.replaceAll('$', '$$$$'))}, "", "")`,
  );
  return `(${query}) and on (${service}) (${wanted.join(' or ')})`;
}

const seconds = (ms: number): string => `${Math.ceil(ms / 1000)}s`;
