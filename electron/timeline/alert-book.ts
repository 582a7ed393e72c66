import type { Alert } from '../connectors/source.ts';
import type { StandingAlerts } from '../connectors/standing-alerts.ts';

/**
 * A Prometheus that was started again evaluates its rules within a minute or so, and an Alertmanager is told again of
 * what fires within one: until then what is missing is not over.
 */
const SETTLING_MS = 120_000;

type Held = {
  /** As it was first told, which is what its key is made of. */
  alert: Alert;
  /** Since when it fires: one time, or as many as there are processes behind one address, or one after the other. */
  starts: Set<number>;
  /** Whether it was ever told as firing; one that was quiet all along was not. */
  hasFired: boolean;
  /** When its source was found to have been started again since it was last seen. */
  restartedMs: number | null;
};
type Book = { runningSinceMs: number | null; held: Map<string, Held> };

/** What is new since the last look at the same source. */
export type AlertNews = { fresh: Alert[]; ended: Alert[] };

/**
 * What each source said last, so that each alert is told once when it fires and once when it is over, whatever becomes of
 * the process that says so: killed, paused or started again. INVARIANT: an alert is over only when a process that had the
 * time to know says so by leaving it out.
 */
export function alertBook() {
  const books = new Map<string, Book>();

  function take(source: string, standing: StandingAlerts, nowMs: number): AlertNews {
    const book = books.get(source) ?? { runningSinceMs: null, held: new Map<string, Held>() };
    books.set(source, book);
    noticeRestart(book, standing, nowMs);
    const news: AlertNews = { fresh: [], ended: [] };
    for (const alert of standing.firing) see(book, { alert, fires: true }, standing, news);
    for (const alert of standing.quiet ?? []) see(book, { alert, fires: false }, standing, news);
    const waiting = new Set(standing.pending);
    const seen = new Set([...standing.firing, ...(standing.quiet ?? [])].map((one) => one.fingerprint));
    for (const [fingerprint, held] of book.held) {
      if (seen.has(fingerprint) || standing.isRestarting) continue;
      const isAfterRestart = held.restartedMs !== null;
      if (isAfterRestart && waiting.has(fingerprint)) continue;
      if (held.restartedMs !== null && nowMs - held.restartedMs < SETTLING_MS) continue;
      book.held.delete(fingerprint);
      if (held.hasFired) news.ended.push(held.alert);
    }
    return news;
  }

  /**
   * What a source told to fire before Countersign was closed, and when it was last looked at: it goes on where it stands
   * still, and is over where it does not. INVARIANT: only before the first look at the source.
   */
  function restore(
    source: string,
    alerts: readonly Alert[],
    { lastReadMs, nowMs }: { lastReadMs: number; nowMs: number },
  ): void {
    const held = alerts.map((alert): [string, Held] => [
      alert.fingerprint,
      { alert, starts: new Set([alert.startedMs]), hasFired: true, restartedMs: null },
    ]);
    // A process that was started just now may not have found yet what fires; of one that runs for longer it is known.
    const runningSinceMs = Math.max(lastReadMs, nowMs - SETTLING_MS);
    books.set(source, { runningSinceMs, held: new Map(held) });
  }

  const isKnown = (source: string): boolean => books.has(source);

  /** Of these, the ones that have not been told as firing. */
  const unknown = (source: string, alerts: readonly Alert[]): Alert[] =>
    alerts.filter(({ fingerprint }) => !books.get(source)?.held.get(fingerprint)?.hasFired);

  /** An alert as it was first told, where it is that one. */
  function asFirstTold(source: string, alert: Alert): Alert {
    const held = books.get(source)?.held.get(alert.fingerprint);
    return held?.starts.has(alert.startedMs) ? held.alert : alert;
  }

  return { take, restore, isKnown, unknown, asFirstTold };
}

export type AlertBook = ReturnType<typeof alertBook>;

function noticeRestart(book: Book, { runningSinceMs }: StandingAlerts, nowMs: number): void {
  if (runningSinceMs === null) return;
  if (book.runningSinceMs !== null && runningSinceMs > book.runningSinceMs) {
    for (const held of book.held.values()) held.restartedMs = nowMs;
  }
  // Behind one address there may be several processes, of which the youngest counts.
  book.runningSinceMs = Math.max(runningSinceMs, book.runningSinceMs ?? runningSinceMs);
}

function see(
  book: Book,
  { alert, fires }: { alert: Alert; fires: boolean },
  standing: StandingAlerts,
  { fresh, ended }: AlertNews,
): void {
  const held = book.held.get(alert.fingerprint);
  if (held && isSame(held, alert, standing)) {
    const isNews = fires && !held.hasFired;
    if (isNews) fresh.push(alert);
    book.held.set(alert.fingerprint, {
      alert: isNews ? alert : held.alert,
      starts: held.starts.add(alert.startedMs),
      hasFired: fires || held.hasFired,
      restartedMs: null,
    });
    return;
  }
  if (held?.hasFired) ended.push(held.alert);
  if (fires) fresh.push(alert);
  const starts = new Set([alert.startedMs]);
  book.held.set(alert.fingerprint, { alert, starts, hasFired: fires, restartedMs: null });
}

/**
 * A later start is another alert, which fired after this one was over; unless its source was started again, which lets it
 * begin anew without anybody having seen it end. An earlier one is another process that saw it earlier.
 */
const isSame = ({ starts, restartedMs }: Held, { startedMs }: Alert, { isRestarting }: StandingAlerts) =>
  isRestarting || restartedMs !== null || starts.has(startedMs) || startedMs < Math.min(...starts);
