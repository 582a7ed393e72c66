import { messageOf } from '../../platform/failure.ts';
import type { Window } from '../source.ts';
import { LEAD_MS, STEP_MS } from './error-spikes.ts';
import { type CountedRows, type Found, MOST_SERVICES, serviceErrors } from './service-errors.ts';

/** Further back than this it is not looked: whoever was away for longer begins with the last day. */
const MOST_MISSED_MS = 24 * 3_600_000;
/** What one question asks for; as much as is asked for when Loki is read for the first time. */
const CHUNK_MS = 30 * 60_000;
/** A stretch that Loki does not count is given up after so many attempts, and said. */
const MOST_ATTEMPTS = 3;
/** For so long it is said what was not counted. */
const TOLD_MS = 30 * 60_000;

const MOST_SENTENCES = 2;

type Unread = { sentence: string; saidUntilMs: number };

/**
 * Where errors piled up in a stretch that nobody counted, because the machine slept or Loki did not answer: read from its
 * beginning to its end, chunk by chunk, with a memory as large as that of the present. A chunk is judged once and what was
 * read stays read, so that a failure in between neither loses a spike nor tells it again. INVARIANT: what is not judged is
 * said.
 */
export function missedErrors(mayRead: (namespace: string) => boolean) {
  let missed: Window | null = null;
  /** Up to where it is counted; null before it is begun. */
  let countedMs: number | null = null;
  let errors = serviceErrors(mayRead);
  let attempts = 0;
  let unread: Unread[] = [];

  function say(sentence: string, nowMs: number): void {
    unread = [...unread, { sentence, saidUntilMs: nowMs + TOLD_MS }];
  }
  const giveUp = (stretch: Window, because: string, nowMs: number) =>
    say(`Errors in the logs from ${span(stretch)} were not counted: ${because}`, nowMs);

  function begin(fromMs: number, toMs: number): void {
    missed = fromMs < toMs ? { fromMs, toMs } : null;
    countedMs = null;
    errors = serviceErrors(mayRead);
    attempts = 0;
  }

  /** The chunk cannot be judged, nor what comes after it until it is known what is usual there. */
  function skip(chunk: Window, because: string, nowMs: number): void {
    if (missed === null) return;
    const fromMs = Math.min(missed.toMs, Math.ceil((chunk.toMs + LEAD_MS) / STEP_MS) * STEP_MS);
    giveUp({ fromMs: missed.fromMs, toMs: fromMs }, because, nowMs);
    begin(fromMs, missed.toMs);
  }

  return {
    /** From when on something is still to be read; null where nothing is. */
    pendingMs: (): number | null => missed?.fromMs ?? null,

    /** Another stretch; together with what is left of an earlier one it is bounded to the last day. */
    add({ fromMs, toMs }: Window): void {
      const earliestMs = toMs - MOST_MISSED_MS;
      const beganMs = missed?.fromMs ?? fromMs;
      if (beganMs >= earliestMs) {
        if (missed === null) begin(beganMs, toMs);
        else missed = { fromMs: beganMs, toMs };
        return;
      }
      giveUp({ fromMs: beganMs, toMs: earliestMs }, 'it is looked back one day at most.', toMs);
      begin(earliestMs, toMs);
    },

    /**
     * The next chunk: what piled up in it, once. What `count` throws is thrown, until the chunk is given up.
     */
    async next(
      count: (window: Window) => Promise<{ rows: CountedRows; label: string } | null>,
      nowMs: number,
    ): Promise<Found[]> {
      if (missed === null) return [];
      const stretch = missed;
      const chunk = {
        fromMs: countedMs ?? stretch.fromMs - LEAD_MS,
        toMs: Math.min(stretch.toMs, stretch.fromMs + CHUNK_MS),
      };
      let counted: Awaited<ReturnType<typeof count>>;
      try {
        counted = await count(chunk);
      } catch (error) {
        if (missed.fromMs !== stretch.fromMs) throw error;
        attempts += 1;
        if (attempts < MOST_ATTEMPTS) throw error;
        skip(chunk, messageOf(error), nowMs);
        return [];
      }
      // Further back than is looked by now: it was said, and a later beginning is taken.
      if (missed.fromMs !== stretch.fromMs) return [];
      if (counted !== null) errors.take(counted.rows, counted.label);
      if (errors.leftOut() > 0)
        say(
          `From ${span(chunk)} ${errors.leftOut()} services wrote errors besides the ${MOST_SERVICES} that are counted.`,
          nowMs,
        );
      const found = errors.spikes({ fromMs: stretch.fromMs, toMs: chunk.toMs });
      attempts = 0;
      countedMs = chunk.toMs;
      // A step on its border is judged with the chunk that it ends.
      const nextMs = chunk.toMs + 1;
      missed = nextMs <= missed.toMs ? { fromMs: nextMs, toMs: missed.toMs } : null;
      errors.forget(missed === null ? Number.POSITIVE_INFINITY : nextMs - LEAD_MS - STEP_MS);
      return found;
    },

    sentence(nowMs: number): string | null {
      unread = unread.filter(({ saidUntilMs }) => nowMs < saidUntilMs);
      const pending =
        missed === null
          ? []
          : [`Errors in the logs from ${span(missed)} are still to be counted, since they were missed.`];
      const told = unread.slice(0, MOST_SENTENCES).map(({ sentence }) => sentence);
      const others = unread.length - told.length;
      const rest = others > 0 ? [`So it was with ${others} more stretches of time.`] : [];
      return [...pending, ...told, ...rest].join(' ') || null;
    },
  };
}

const span = ({ fromMs, toMs }: Window) => `${minuteOf(fromMs)} to ${minuteOf(toMs)} UTC`;
const minuteOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
