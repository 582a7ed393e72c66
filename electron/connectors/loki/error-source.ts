import type { Clock } from '../../platform/clock.ts';
import { Failure, messageOf } from '../../platform/failure.ts';
import { withoutSecrets } from '../../platform/hide-secrets.ts';
import { bounded } from '../bounded.ts';
import type { SourceFact } from '../delivered.ts';
import type { ChangeSource, Window } from '../source.ts';
import type { LokiApi, Stream } from './api.ts';
import { LEAD_MS, type Spike, STEP_MS } from './error-spikes.ts';
import { type LiveState, liveLines } from './live-lines.ts';
import { type ErrorQueries, errorQueries } from './log-query.ts';
import { missedErrors } from './missed-errors.ts';
import { sentLines } from './sent-lines.ts';
import { type Found, MOST_SERVICES, type ServiceErrors, serviceErrors } from './service-errors.ts';
import { namespaceIn, SERVICE_LABELS } from './stream-labels.ts';

/** A source that hangs is named within ten seconds. */
const PERIOD_MS = 4_000;
const TIMEOUT_MS = 6_000;
/** Collectors and Loki itself are late by so much; what was counted since is counted again. */
const LATE_MS = 45_000;
/**
 * Spikes are looked for so far back: an incident's errors begin shortly before its alert. What nobody counted before that is
 * read apart.
 */
const JUDGED_MS = 15 * 60_000;
const KEPT_MS = LEAD_MS + JUDGED_MS;
/** Spikes whose lines are read: of many at once the first are nearest to the cause. */
const MOST_SAMPLED = 5;
const SAMPLED_LINES = 50;
const MOST_SAMPLES = 3;
const MOST_CHARACTERS_A_SAMPLE = 300;
/** Of lines that come live it is looked at most so often whether they are far more than usual. */
const LIVE_LOOK_MS = 1_000;

/**
 * What Loki tells by itself: services whose error lines are suddenly far more than usual, counted by Loki and not here.
 * Error lines are also heard as they are written, so that what they add up to is told within a second or two and not at the
 * next count; what Loki counts stands.
 */
export function errorSource(ports: {
  api: Pick<LokiApi, 'labels' | 'counts' | 'lines' | 'tail'>;
  source: string;
  clock: Clock;
  logScope(): readonly string[];
  mayRead(namespace: string): boolean;
  /** Whether lines are heard as they are written; a drill may be faster than any socket. */
  isLive: boolean;
}): ChangeSource & { oddity(): string | null } {
  const { api, source, clock, logScope, mayRead, isLive } = ports;

  const errors = serviceErrors(mayRead);
  const missed = missedErrors(mayRead);
  /** Until when they are counted. */
  let countedMs: number | null = null;
  /** Since when somebody listens, who may have to wait for the first count. */
  let listeningMs: number | null = null;
  /** Why lines are not heard as they are written. */
  let oddity: string | null = null;
  /** Whoever listens; told of what was missed as soon as it is read. */
  let onMissed: ((found: SourceFact[]) => void) | null = null;

  async function queries(window: Window, signal: AbortSignal): Promise<ErrorQueries | null> {
    const known = new Set(await api.labels(window, signal));
    const label = SERVICE_LABELS.find((one) => known.has(one));
    return label === undefined ? null : errorQueries(label, logScope(), STEP_MS);
  }

  async function countIn(window: Window, asked: ErrorQueries, signal: AbortSignal) {
    const aligned = { fromMs: down(window.fromMs), toMs: down(window.toMs), stepMs: STEP_MS };
    const { fromMs, toMs } = aligned;
    const rows = await api.counts(asked.counted, aligned, signal);
    // A time that nobody asked for would be kept for ever, or judged as now.
    const inside = rows.map(({ labels, points }) => ({
      labels,
      points: points.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs),
    }));
    return { rows: inside, label: asked.label };
  }

  /** Counts what is new; all that is kept at first, and after a sleep the last of it: the rest is known to be missed. */
  async function countUntil(nowMs: number, signal: AbortSignal): Promise<ErrorQueries | null> {
    const knownMs = countedMs !== null && countedMs <= nowMs ? countedMs - LATE_MS : null;
    const window = { fromMs: Math.max(nowMs - KEPT_MS, knownMs ?? 0), toMs: nowMs };
    const asked = await queries(window, signal);
    if (asked !== null) {
      const { rows, label } = await countIn(window, asked, signal);
      errors.take(rows, label);
    }
    errors.forget(nowMs - KEPT_MS);
    const judgedMs = nowMs - JUDGED_MS;
    // Two may count at once; the one that ends first has said what is missed.
    const lastMs = countedMs ?? listeningMs;
    if (lastMs !== null && lastMs < judgedMs) missed.add({ fromMs: lastMs - LATE_MS, toMs: judgedMs - 1 });
    countedMs = Math.max(nowMs, knownMs === null ? 0 : (countedMs ?? 0));
    return asked;
  }

  let reading: Promise<void> | undefined;
  /** Reads what was missed to its end, one question after another, and never twice at a time. */
  function readMissed(): Promise<void> {
    reading ??= readAllMissed().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function readAllMissed(): Promise<void> {
    while (missed.pendingMs() !== null && onMissed !== null) {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      let asked = null as ErrorQueries | null;
      const found = await missed.next(async (window) => {
        asked = await queries(window, signal);
        return asked && countIn(window, asked, signal);
      }, clock.now());
      if (asked !== null && found.length > 0) onMissed?.(await observed(found, asked, signal));
    }
  }

  async function observed(found: Found[], asked: ErrorQueries, signal: AbortSignal): Promise<SourceFact[]> {
    const first = found.toSorted((a, b) => a.spike.atMs - b.spike.atMs).slice(0, MOST_SAMPLED);
    return Promise.all(
      found.map(async (one) => {
        const streams = first.includes(one) ? await linesOf(one, asked, signal) : [];
        return observationOf(one, streams, source);
      }),
    );
  }

  /** Some lines of the minute. None where they cannot be read: the count stands. */
  async function linesOf({ service, spike }: Found, asked: ErrorQueries, signal: AbortSignal) {
    const minute = { fromMs: spike.atMs - 60_000, toMs: spike.atMs, limit: SAMPLED_LINES };
    const streams = await api.lines(asked.linesOf(service.name), minute, signal).catch(() => []);
    // The query names the service alone, and one of that name may be in a namespace that is not read.
    return streams.filter(({ labels }) => namespaceIn(labels) === service.namespace);
  }

  return {
    async backfill({ fromMs, toMs }, signal) {
      const nowMs = clock.now();
      const asked = await countUntil(nowMs, signal);
      const judged = { fromMs: Math.max(fromMs, nowMs - JUDGED_MS), toMs };
      const found = asked === null ? [] : await observed(errors.spikes(judged), asked, signal);
      // Whoever listens is told of it; here it is waited for, so that nobody says too early that it was read.
      await unlessEnded(readMissed(), signal);
      return found;
    },

    stream({ onObservations, onState }) {
      listeningMs = clock.now();
      const told = new Map<string, number>();
      let isStopped = false;
      let isFirst = true;
      let hearing: { query: string; ending: AbortController } | undefined;

      async function tell(nowMs: number, signal: AbortSignal): Promise<void> {
        const asked = await countUntil(nowMs, signal);
        // What it says of this stands on the status; it is gone on with at the next look.
        readMissed().catch(() => undefined);
        if (asked === null) return;
        if (isLive) hear(asked);
        await tellSpikes(asked, nowMs, signal);
      }

      async function tellSpikes(asked: ErrorQueries, nowMs: number, signal: AbortSignal): Promise<void> {
        const isNews = ({ service, spike }: Found) => !told.has(keyOf(service, spike, source));
        const found = errors.spikes({ fromMs: nowMs - JUDGED_MS, toMs: nowMs }).filter(isNews);
        tellNews(await observed(found, asked, signal));
        // What was told shortly before a stretch that was missed is found again in it.
        const neededMs = Math.min(nowMs, missed.pendingMs() ?? nowMs) - KEPT_MS;
        for (const [key, atMs] of told) if (atMs < neededMs) told.delete(key);
      }

      function tellNews(observations: readonly SourceFact[]): void {
        if (isStopped) return;
        const news = observations.filter(({ key }) => !told.has(key));
        for (const { key, atMs } of news) told.set(key, atMs);
        if (news.length > 0) onObservations(news);
      }
      onMissed = tellNews;

      /** A query that the envelope or the labels have changed is heard anew. */
      function hear(asked: ErrorQueries): void {
        if (hearing?.query === asked.lines) return;
        hearing?.ending.abort();
        const ending = new AbortController();
        hearing = { query: asked.lines, ending };
        const onLines = (streams: Stream[]) => {
          // Loki has counted what is older; what it had not stored yet it counts again.
          errors.takeLines(streams, asked.label, countedMs === null ? 0 : down(countedMs));
          lookSoon(asked);
        };
        const onState = (state: LiveState) => {
          oddity = oddityOf(state);
        };
        const { lines: query } = asked;
        const { now } = clock;
        void liveLines({ api, query, now, random: Math.random, onLines, onState }, ending.signal);
      }

      let isLooking = false;
      function lookSoon(asked: ErrorQueries): void {
        if (isLooking) return;
        isLooking = true;
        setTimeout(() => {
          isLooking = false;
          if (isStopped) return;
          tellSpikes(asked, clock.now(), AbortSignal.timeout(TIMEOUT_MS)).catch((error: unknown) =>
            onState({ up: false, because: messageOf(error) }),
          );
        }, LIVE_LOOK_MS).unref();
      }

      const look = async () => {
        const nowMs = clock.now();
        const signal = AbortSignal.timeout(TIMEOUT_MS);
        // Whether it answers is known at once; to count the first time takes longer.
        const isDue = !isFirst && !(countedMs !== null && Math.abs(nowMs - countedMs) < STEP_MS);
        isFirst = false;
        try {
          if (isDue) await tell(nowMs, signal);
          else await api.labels({ fromMs: nowMs - STEP_MS, toMs: nowMs }, signal);
          if (!isStopped) onState({ up: true });
        } catch (error) {
          if (!isStopped) onState({ up: false, because: messageOf(error) });
        }
      };
      void look();
      const stop = clock.every(PERIOD_MS, look);
      return () => {
        isStopped = true;
        stop();
        hearing?.ending.abort();
        oddity = null;
        if (onMissed === tellNews) onMissed = null;
      };
    },
    oddity: () =>
      [oddity, leftOutWords(errors.leftOut()), missed.sentence(clock.now())]
        .filter((one) => one !== null)
        .join(' ') || null,
  };
}

function oddityOf({ polledBecause, dropped, passedOver }: LiveState): string | null {
  const polled =
    polledBecause === null
      ? ''
      : `Error lines are asked for every few seconds and do not come live: ${polledBecause}`;
  const lost =
    dropped === 0
      ? ''
      : `Loki dropped ${dropped} ${dropped === 1 ? 'line' : 'lines'} of the tail, which could not keep up; they are asked for again.`;
  const over =
    passedOver === 0
      ? ''
      : `${passedOver} error lines came faster than they are read one by one; they are counted all the same.`;
  return [polled, lost, over].filter((one) => one !== '').join(' ') || null;
}

/** Loki counts at multiples of the step alone, so that whoever asks later is told the same numbers. */
const down = (ms: number): number => Math.floor(ms / STEP_MS) * STEP_MS;

const leftOutWords = (services: number): string | null =>
  services === 0
    ? null
    : `Errors of ${services} services are not counted, since more than ${MOST_SERVICES} write some. Does the label that names a service hold a value for each request?`;

/** What is waited for, or a failure when there is no more time for it; it goes on all the same. */
async function unlessEnded(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const ended = Promise.withResolvers<never>();
  const end = () =>
    ended.reject(new Failure('timeout', 'What Loki holds of the past is still being counted.'));
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  await Promise.race([work, ended.promise]).finally(() => signal.removeEventListener('abort', end));
}

const keyOf = ({ name, namespace }: ServiceErrors, { atMs }: Spike, source: string): string =>
  bounded(`log-errors:${source}:${namespace}/${name}:${new Date(atMs).toISOString()}`, 400);

/** Lines that are each unlike the others but for numbers. */
function samplesIn(streams: readonly Stream[]): string[] {
  const unlike = new Map<string, string>();
  for (const { text } of streams.flatMap(({ lines }) => lines)) {
    const shape = text.slice(0, 1_000).replace(/[0-9a-f]*\d[0-9a-f]*/gi, '#');
    if (!unlike.has(shape)) unlike.set(shape, bounded(withoutSecrets(text), MOST_CHARACTERS_A_SAMPLE));
  }
  return [...unlike.values()].slice(0, MOST_SAMPLES);
}

function observationOf({ service, spike }: Found, streams: readonly Stream[], source: string): SourceFact {
  const { name, namespace } = service;
  const samples = samplesIn(streams);
  return {
    key: keyOf(service, spike, source),
    kind: 'signal',
    sort: 'log',
    severity: 'warning',
    atMs: spike.atMs,
    service: name,
    title: bounded(
      `Errors in the log of ${name}: ${spike.count} in a minute, usually ${Math.round(spike.before)}`,
      500,
    ),
    ...(samples.length === 0 ? {} : { detail: samples.join('\n') }),
    source,
    ...(namespace === '' ? {} : { labels: { namespace } }),
    raw: sentLines(service.counts, spike, streams),
  };
}
