import { Failure } from '../../platform/failure.ts';
import { ifTold } from '../if-told.ts';
import type { Sample } from '../source.ts';
import type { PrometheusApi } from './api.ts';
import { askInParts, isTooMuch } from './ask-in-parts.ts';
import type { Convention } from './conventions/convention.ts';
import { withinScope } from './metric-scope.ts';
import { narrowedTo, withNaming } from './narrowed-to.ts';
import { type Grid, queryOf } from './service-metrics.ts';
import { byTurns, changedQuery, likelyQuery, newQuery } from './wide-queries.ts';

/**
 * With more series than this by all conventions, the engine itself looks for those that changed or are new, and they alone
 * come over the wire: what is searched then is as large as the Prometheus, what is read and kept is not.
 */
export const WIDE_FROM = 10_000;
/** A convention with no more series than this is read as it is, even then. */
const FEW = 100;
/** How many services of a convention stay read once they were found. */
const MOST_KEPT = 60;
/** A longer question is refused by some that speak like Prometheus (VictoriaMetrics: 16 KiB), so it is asked in parts. */
const MOST_CHARACTERS = 15_000;
/** Of many parts each tells of so many that may have changed: so many of all are looked at closely. */
const MOST_LOOKED_AT = 400;
/** So few are asked about in one question or not at all. */
const FEWEST_AT_ONCE = 25;
/** Counting and looking are done anew after this long, of the time that is asked about. */
const COUNTED_FOR_MS = 10 * 60_000;
const LOOKED_FOR_MS = 60_000;
const TOLD_FOR_MS = 2 * 60_000;
/** Where none of them was answered, nothing was found out. */
const EVERY_QUESTION = 2;
/** Nobody cancels a question of a look: it ends when it is answered, or by the limit of time that it has. */
const untilAnswered = new AbortController().signal;
/** How much of the past another look is about. */
const LATELY_MS = 10 * 60_000;

/** Every series of a convention, some of them, or none because none changed and none is new. */
export type Wanted = { kind: 'all'; query: string } | { kind: 'some'; queries: string[] } | { kind: 'none' };

export type WideScan = {
  /** What to read of a convention: all series, or where there are too many those that changed or are new. */
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
export type Asks = Pick<PrometheusApi, 'instant' | 'labelNames' | 'labelValues'>;
/** What a look asks: which changed, and which are new. */
type Question = 'changed' | 'new';
/** What one look after another found, from the beginning of a window on, and what could not be found out of all of it. */
type Found = { fromMs: number; atMs: number; names: string[]; missed: ReadonlyMap<Question, Failure> };

/**
 * `looks` waits longer than `counting`; both have a limit of how much they ask at once. Each question of a look has its own
 * limit of time, from when it is sent: a look may take longer than whoever asks waits, and what it finds is there for the
 * next who asks.
 */
export function wideScan(counting: Asks, looks: Asks, wideFrom = WIDE_FROM): WideScan {
  let counts: { atMs: number; of: Map<Convention, Promise<number>> } | null = null;
  const labels = new Map<string, { atMs: number; names: Promise<string[]> }>();
  const found = new Map<string, Found>();
  const looking = new Map<string, Promise<Found>>();
  const titles = new Map<string, string>();
  /** How often the series of a question are cut into parts, since all of them were too much. */
  const levels = new Map<string, number>();
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

  /** Of the labels that may name a service the ones that are there: each costs a part of every question. */
  async function withLabelsThere(convention: Convention, { grid, signal }: Wish): Promise<Convention> {
    const { naming, metrics } = convention;
    if (naming === undefined) return convention;
    const key = metrics.join(' ');
    const known = labels.get(key);
    if (known && Math.abs(grid.toMs - known.atMs) < LOOKED_FOR_MS)
      return withNaming(convention, new Set(await known.names));
    // What was there before is compared with what is there now.
    const window = { fromMs: grid.fromMs - 60 * 60_000, toMs: grid.toMs };
    const asked = ifTold(() => counting.labelNames(metrics, window, signal)).then((names) => names ?? []);
    labels.set(key, { atMs: grid.toMs, names: asked });
    asked.catch(() => labels.delete(key));
    return withNaming(convention, new Set(await asked));
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
    /** What was found out before is asked of lately, and what was not, of all of the window again. */
    const sinceMs = (question: Question) =>
      known === undefined || known.missed.has(question) ? grid.toMs - grid.fromMs : LATELY_MS;
    const missed = new Map<Question, Failure>();
    const answerTo = async (query: string, matchers: readonly string[] = []) =>
      namesIn(
        convention,
        await looks.instant(withinScope(query, [...scope, ...matchers]), grid.toMs, untilAnswered),
      );
    const cutBy = async () => {
      const label = convention.naming?.[0]?.label ?? convention.service;
      const asked = { label, metrics: convention.metrics, scope };
      return { label, values: await looks.labelValues(asked, grid, untilAnswered) };
    };
    /** INVARIANT: what one question could not find out is noted, and takes nothing away from what others found. */
    async function askOfAll(question: Question, query: string): Promise<string[]> {
      const of = `${key} ${question}`;
      const ask = (matchers: readonly string[]) => answerTo(query, matchers);
      const answer = await askInParts({ ask, cutBy, level: levels.get(of) ?? 0 });
      levels.set(of, answer.level);
      if (answer.missed) missed.set(question, answer.missed);
      return answer.names;
    }
    /** Some services, and where those are too many for one question, or too much for the engine, a half after the other. */
    async function askClosely(query: string, names: readonly string[]): Promise<string[]> {
      const narrowed = narrowedTo(convention, query, names);
      if (narrowed.length <= MOST_CHARACTERS || names.length === 1) {
        try {
          return await answerTo(narrowed);
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          if (!isTooMuch(error) || names.length <= FEWEST_AT_ONCE) {
            missed.set('changed', error);
            return [];
          }
        }
      }
      const half = Math.ceil(names.length / 2);
      const halves = [names.slice(0, half), names.slice(half)].map((some) => askClosely(query, some));
      // Each has its own best first; taken by turns, the best of all stand before the rest.
      return byTurns(...(await Promise.all(halves)));
    }
    async function changedNow(): Promise<string[]> {
      const spanMs = sinceMs('changed');
      const likely = await askOfAll('changed', likelyQuery(convention, grid, spanMs));
      const some = [...new Set(likely)].slice(0, MOST_LOOKED_AT);
      return some.length === 0 ? [] : askClosely(changedQuery(convention, grid, spanMs), some);
    }
    async function lookNow(): Promise<Found> {
      const [changed, fresh] = await Promise.all([
        changedNow(),
        askOfAll('new', newQuery(convention, grid, sinceMs('new'))),
      ]);
      const news = byTurns(changed, fresh);
      const [first] = missed.values();
      if (first && missed.size === EVERY_QUESTION && news.length === 0) throw first;
      const names = [...new Set([...news, ...(known?.names ?? [])])].slice(0, MOST_KEPT);
      const now = { fromMs: known?.fromMs ?? grid.fromMs, atMs: grid.toMs, names, missed };
      found.set(key, now);
      return now;
    }
    const look = lookNow();
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
      titles.set(key, convention.name);
      const narrowed = await withLabelsThere(convention, wish);
      const names = services.length > 0 ? services : await changed(narrowed, key, wish);
      const read = told?.read ?? new Map<string, number>();
      told = { atMs: grid.toMs, all, read: read.set(convention.query, names.length) };
      if (names.length === 0) return { kind: 'none' };
      return {
        kind: 'some',
        queries: inParts(narrowed, queryOf(narrowed, grid), names).map((part) => withinScope(part, scope)),
      };
    },
    sentence() {
      if (told === null || askedMs - told.atMs > TOLD_FOR_MS) return null;
      const read = [...told.read.values()].reduce((sum, size) => sum + size, 0);
      const all = `It tells of ${told.all} series of services, more than are read: the engine looks for those that changed or are new, ${read} at present.`;
      const unknown = [...found].flatMap(([key, { missed, atMs }]) =>
        Math.abs(askedMs - atMs) > COUNTED_FOR_MS
          ? []
          : [...missed.keys()].map((question) => `which ${wordsOf(question)} in ${titles.get(key)}`),
      );
      if (unknown.length === 0) return all;
      return `${all} The engine took too long, or could not tell: ${[...new Set(unknown)].sort().join(', ')}. It is asked again.`;
    },
  };
}

const wordsOf = (question: Question): string => (question === 'new' ? 'are new' : 'changed');

/** The services that samples are of, the highest value first. */
const namesIn = ({ service }: Convention, samples: readonly Sample[]): string[] =>
  [...samples].sort((a, b) => b.value - a.value).flatMap(({ labels }) => labels[service] || []);

/** A query for some services, as one or as many so that none is too long. */
function inParts(convention: Convention, query: string, names: readonly string[]): string[] {
  const whole = narrowedTo(convention, query, names);
  if (whole.length <= MOST_CHARACTERS || names.length === 1) return [whole];
  const half = Math.ceil(names.length / 2);
  return [names.slice(0, half), names.slice(half)].flatMap((some) => inParts(convention, query, some));
}

/** Whoever asked may go; what was begun goes on. */
function untilAborted<T>(task: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () =>
      reject(
        new Failure(
          'timeout',
          'Prometheus is still looking for the series that changed or are new. It is asked again.',
        ),
      );
    if (signal.aborted) return end();
    signal.addEventListener('abort', end, { once: true });
    task.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}
