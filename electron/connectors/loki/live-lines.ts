import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../platform/failure.ts';
import { NotUpgraded } from '../../platform/web-socket.ts';
import type { Line, LokiApi, Stream } from './api.ts';

/** What is wrong with how lines come, as sentences; null where each comes as it is written. */
export type LiveState = {
  polledBecause: string | null;
  /** Lines that Loki says it could not send in time. */
  dropped: number;
  passedOver: number;
};

/** Collectors and Loki are late by so much; what was written since is read again after a cut. */
const OVERLAP_MS = 10_000;
/** What was written longer ago is not read line by line any more. */
const LONGEST_ABSENCE_MS = 15 * 60_000;
const PAGE_LINES = 1_000;
/** Of the last seconds, in a flood of lines. */
const MOST_REMEMBERED = 100_000;
const MOST_LINES_A_SECOND = 1_000;
const MOST_CHARACTERS_A_SECOND = 1_048_576;
const POLL_MS = 4_000;
/** A proxy that lets no WebSocket through may be mended. */
const OFFERED_AGAIN_MS = 300_000;
const LONGEST_PAUSE_MS = 30_000;
const LEAST_OPEN_MS = 1_000;
const READ_TIMEOUT_MS = 6_000;

/**
 * The lines that fit a query, each as it is written and once, until the signal ends it: over Loki's tail, and where none is
 * offered by asking every few seconds. INVARIANT: whatever is cut or dropped is read by a range query from where the last
 * line was seen, so that of what Loki has stored no line is lost and none
 * comes twice; only what is too much to read, a
 * thousand lines or a megabyte a second, is passed over, and counted as such.
 */
export async function liveLines(
  {
    api,
    query,
    now,
    random,
    onLines,
    onState,
  }: {
    api: Pick<LokiApi, 'tail' | 'lines'>;
    query: string;
    now: () => number;
    /** 0 up to 1, for the jitter of pauses. */
    random: () => number;
    onLines(streams: Stream[]): void;
    onState(state: LiveState): void;
  },
  signal: AbortSignal,
): Promise<void> {
  const sinceMs = now();
  /** From when on something may be missing; null where nothing is. */
  let missingFromMs: number | null = null;
  /** From when on it is being read. */
  let readingFromMs: number | null = null;
  const neededMs = () => Math.min(missingFromMs ?? Infinity, readingFromMs ?? Infinity, seen.newestMs());
  const seen = seenLines(sinceMs, () => neededMs() - 2 * OVERLAP_MS);
  const budget = lineBudget(() => performance.now());
  const state: LiveState = { polledBecause: null, dropped: 0, passedOver: 0 };
  let attempts = 0;

  function take(streams: readonly Stream[]): void {
    const fresh: Stream[] = [];
    let over = 0;
    for (const { labels, lines } of streams) {
      const news = lines.filter((line) => line.atMs >= sinceMs && seen.isNew(labels, line));
      const read = news.filter(({ text }) => budget.has(text.length));
      over += news.length - read.length;
      if (read.length > 0) fresh.push({ labels, lines: read });
    }
    if (fresh.length > 0) onLines(fresh);
    if (over > 0) passOver(over);
  }

  function passOver(lines: number): void {
    state.passedOver += lines;
    onState({ ...state });
  }

  function say(polledBecause: string | null): void {
    if (state.polledBecause === polledBecause) return;
    state.polledBecause = polledBecause;
    onState({ ...state });
  }

  /** Reads what is missing, from shortly before it; the clock there may be ahead of ours. */
  async function catchUp(): Promise<void> {
    if (missingFromMs === null) return;
    readingFromMs = missingFromMs;
    missingFromMs = null;
    try {
      await readSince(Math.max(readingFromMs - OVERLAP_MS, now() - LONGEST_ABSENCE_MS));
    } catch (error) {
      missingFromMs = readingFromMs;
      throw error;
    } finally {
      readingFromMs = null;
    }
  }

  async function readSince(sinceMs: number): Promise<void> {
    const toMs = Math.max(now(), seen.newestMs()) + OVERLAP_MS;
    for (let fromMs = sinceMs; !signal.aborted; ) {
      const within = AbortSignal.any([signal, AbortSignal.timeout(READ_TIMEOUT_MS)]);
      const streams = await api.lines(
        query,
        { fromMs, toMs, limit: PAGE_LINES, isOldestFirst: true },
        within,
      );
      take(streams);
      const times = streams.flatMap(({ lines }) => lines.map(({ atMs }) => atMs));
      if (times.length < PAGE_LINES) return;
      fromMs = Math.max(fromMs + 1, ...times);
    }
  }

  /** One after another: what is dropped while one is under way is read by the next. */
  let catching = Promise.resolve();
  function missing(): Promise<void> {
    missingFromMs ??= seen.newestMs();
    catching = catching.catch(() => undefined).then(catchUp);
    return catching;
  }

  async function tail(): Promise<void> {
    const cut = new AbortController();
    const fail = (error: unknown) => cut.abort(error);
    const listener = {
      // From here on the tail tells everything, and what was before it is read.
      onOpen: () =>
        void missing()
          .then(() => say(null))
          .catch(fail),
      onLines(streams: Stream[], dropped: number) {
        if (dropped > 0) {
          missing().catch(fail);
          state.dropped += dropped;
          onState({ ...state });
        }
        take(streams);
      },
    };
    const from = { fromMs: seen.newestMs() - OVERLAP_MS, limit: PAGE_LINES };
    await api.tail(query, from, listener, AbortSignal.any([signal, cut.signal]));
    if (cut.signal.aborted) throw cut.signal.reason;
  }

  async function poll(because: string): Promise<void> {
    for (let leftMs = OFFERED_AGAIN_MS; leftMs > 0 && !signal.aborted; leftMs -= POLL_MS) {
      await missing();
      say(because);
      await pause(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  while (!signal.aborted) {
    const startedMs = performance.now();
    try {
      await tail();
    } catch (error) {
      if (signal.aborted) return;
      say(messageOf(error));
      if (error instanceof NotUpgraded) await poll(messageOf(error)).catch(() => undefined);
    }
    // One that ends at once is not asked at once.
    attempts = performance.now() - startedMs < LEAST_OPEN_MS ? attempts + 1 : 1;
    const waitMs = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** Math.min(attempts - 1, 10)) * (0.5 + random() / 2);
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Which lines came already, of all that can still be asked for. */
function seenLines(sinceMs: number, neededFromMs: () => number) {
  let newestMs = sinceMs;
  const seen = new Map<string, number>();
  return {
    newestMs: () => newestMs,
    isNew(labels: Record<string, string>, { ns, atMs, text }: Line): boolean {
      const stream = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));
      const id = createHash('sha1')
        .update(JSON.stringify([stream, ns, text]))
        .digest('base64');
      if (seen.has(id)) return false;
      seen.set(id, atMs);
      newestMs = Math.max(newestMs, atMs);
      const neededMs = neededFromMs();
      // They came nearly in the order of time.
      for (const [oldest, itsMs] of seen) {
        if (itsMs >= neededMs && seen.size <= MOST_REMEMBERED) break;
        seen.delete(oldest);
      }
      return true;
    },
  };
}

/** So many lines and characters a second, as a bucket that fills again (RFC 2697 without its second rate). */
function lineBudget(nowMs: () => number) {
  let lines = MOST_LINES_A_SECOND;
  let characters = MOST_CHARACTERS_A_SECOND;
  let filledMs = nowMs();
  return {
    has(length: number): boolean {
      const seconds = (nowMs() - filledMs) / 1_000;
      filledMs = nowMs();
      lines = Math.min(10 * MOST_LINES_A_SECOND, lines + seconds * MOST_LINES_A_SECOND);
      characters = Math.min(10 * MOST_CHARACTERS_A_SECOND, characters + seconds * MOST_CHARACTERS_A_SECOND);
      if (lines < 1 || characters < length) return false;
      lines -= 1;
      characters -= length;
      return true;
    },
  };
}
