import type { Clock } from '../../platform/clock.ts';
import { messageOf } from '../../platform/failure.ts';
import { withoutSecrets } from '../../platform/hide-secrets.ts';
import { bounded } from '../bounded.ts';
import type { SourceFact } from '../delivered.ts';
import type { ChangeSource, Window } from '../source.ts';
import type { LokiApi, Stream } from './api.ts';
import { REFERENCE_MS, type Spike, STEP_MS, spikesIn } from './error-spikes.ts';
import { type LiveState, liveLines } from './live-lines.ts';
import { type ErrorQueries, errorQueries } from './log-query.ts';
import { sentLines } from './sent-lines.ts';
import { namespaceIn, SERVICE_LABELS } from './stream-labels.ts';

/** A source that hangs is named within ten seconds. */
const PERIOD_MS = 4_000;
const TIMEOUT_MS = 6_000;
/** Collectors and Loki itself are late by so much; what was counted since is counted again. */
const LATE_MS = 45_000;
/** Spikes are looked for so far back: an incident's errors begin shortly before its alert. */
const JUDGED_MS = 15 * 60_000;
const KEPT_MS = REFERENCE_MS + JUDGED_MS;
const MOST_SERVICES = 2_000;
/** Spikes whose lines are read: of many at once the first are nearest to the cause. */
const MOST_SAMPLED = 5;
const SAMPLED_LINES = 50;
const MOST_SAMPLES = 3;
const MOST_CHARACTERS_A_SAMPLE = 300;
/** Of lines that come live it is looked at most so often whether they are far more than usual. */
const LIVE_LOOK_MS = 1_000;

type Service = { name: string; namespace: string; counts: Map<number, number> };
type Services = Map<string, Service>;
type Found = { service: Service; spike: Spike };

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

  const services: Services = new Map();
  /** Until when they are counted. */
  let countedMs: number | null = null;
  /** Why lines are not heard as they are written. */
  let oddity: string | null = null;

  async function queries(window: Window, signal: AbortSignal): Promise<ErrorQueries | null> {
    const known = new Set(await api.labels(window, signal));
    const label = SERVICE_LABELS.find((one) => known.has(one));
    return label === undefined ? null : errorQueries(label, logScope(), STEP_MS);
  }

  /** Counts what is new; all that is kept at first, and after a sleep what happened meanwhile. */
  async function countUntil(nowMs: number, signal: AbortSignal): Promise<ErrorQueries | null> {
    const knownMs = countedMs !== null && countedMs <= nowMs ? countedMs - LATE_MS : 0;
    const window = { fromMs: Math.max(nowMs - KEPT_MS, knownMs), toMs: nowMs };
    const asked = await queries(window, signal);
    if (asked !== null) {
      const aligned = { fromMs: down(window.fromMs), toMs: down(window.toMs), stepMs: STEP_MS };
      take(await api.counts(asked.counted, aligned, signal), asked.label);
    }
    forget(services, nowMs - KEPT_MS);
    countedMs = nowMs;
    return asked;
  }

  function take(rows: Awaited<ReturnType<LokiApi['counts']>>, label: string): void {
    for (const { labels, points } of rows) {
      const service = serviceOf(labels, label);
      for (const { atMs, value } of points) if (Number.isFinite(value)) service?.counts.set(atMs, value);
    }
  }

  /** Counted as Loki counts them: each with the step that it is in. */
  function takeLines(streams: readonly Stream[], label: string): void {
    for (const { labels, lines } of streams) {
      const service = serviceOf(labels, label);
      for (const { atMs } of lines) {
        const step = Math.ceil(atMs / STEP_MS) * STEP_MS;
        // Loki has counted it; what it had not stored yet it counts again.
        if (countedMs !== null && step <= down(countedMs)) continue;
        service?.counts.set(step, (service.counts.get(step) ?? 0) + 1);
      }
    }
  }

  function serviceOf(labels: Record<string, string>, label: string): Service | null {
    const name = labels[label];
    const namespace = namespaceIn(labels);
    if (!name || !mayRead(namespace)) return null;
    const id = JSON.stringify([namespace, name]);
    const service = services.get(id) ?? { name, namespace, counts: new Map() };
    if (services.size < MOST_SERVICES) services.set(id, service);
    return service;
  }

  const spikesOf = ({ fromMs, toMs }: Window): Found[] =>
    [...services.values()]
      .filter(({ namespace }) => mayRead(namespace))
      .flatMap((service) => spikesIn(service.counts, fromMs, toMs).map((spike) => ({ service, spike })));

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
      return asked === null ? [] : observed(spikesOf(judged), asked, signal);
    },

    stream({ onObservations, onState }) {
      const told = new Map<string, number>();
      let isStopped = false;
      let isFirst = true;
      let hearing: { query: string; ending: AbortController } | undefined;

      async function tell(nowMs: number, signal: AbortSignal): Promise<void> {
        const asked = await countUntil(nowMs, signal);
        if (asked === null) return;
        if (isLive) hear(asked);
        await tellSpikes(asked, nowMs, signal);
      }

      async function tellSpikes(asked: ErrorQueries, nowMs: number, signal: AbortSignal): Promise<void> {
        const isNews = ({ service, spike }: Found) => !told.has(keyOf(service, spike, source));
        const found = spikesOf({ fromMs: nowMs - JUDGED_MS, toMs: nowMs }).filter(isNews);
        const observations = await observed(found, asked, signal);
        if (isStopped) return;
        for (const { key, atMs } of observations) told.set(key, atMs);
        for (const [key, atMs] of told) if (atMs < nowMs - KEPT_MS) told.delete(key);
        if (observations.length > 0) onObservations(observations);
      }

      /** A query that the envelope or the labels have changed is heard anew. */
      function hear(asked: ErrorQueries): void {
        if (hearing?.query === asked.lines) return;
        hearing?.ending.abort();
        const ending = new AbortController();
        hearing = { query: asked.lines, ending };
        const onLines = (streams: Stream[]) => {
          takeLines(streams, asked.label);
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
      };
    },
    oddity: () => oddity,
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

function forget(services: Services, beforeMs: number): void {
  for (const [id, { counts }] of services) {
    for (const atMs of counts.keys()) if (atMs < beforeMs) counts.delete(atMs);
    if (counts.size === 0) services.delete(id);
  }
}

const keyOf = ({ name, namespace }: Service, { atMs }: Spike, source: string): string =>
  bounded(`log-errors:${source}:${namespace}/${name}:${new Date(atMs).toISOString()}`, 400);

/** Lines that are each unlike the others but for numbers. */
function samplesIn(streams: readonly Stream[]): string[] {
  const unlike = new Map<string, string>();
  for (const { text } of streams.flatMap(({ lines }) => lines)) {
    const shape = text.slice(0, 1_000).replace(/[0-9a-f]*\d[0-9a-f]*/gi, '#');
    if (!unlike.has(shape)) unlike.set(shape, withoutSecrets(bounded(text, MOST_CHARACTERS_A_SAMPLE)));
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
