import type { Pause } from '../../platform/pause.ts';
import { pollChanges } from '../poll-changes.ts';
import type { ChangeSource } from '../source.ts';
import type { AuditEntry, LaunchDarklyApi } from './api.ts';
import { detailed, entriesAfter, newestEntries } from './audit-log.ts';
import { type FlagFact, flagObservation, placesOf } from './flag-observations.ts';
import { type FlagScope, scopeReader } from './flag-scope.ts';

/** Its limits are counted in windows of ten seconds, and every token of the account shares them. */
const periodMs = 5_000;
/** What happened just before the stream began is delivered too: between a backfill and the stream nothing may be lost. */
const overlapMs = 300_000;
const mostRemembered = 5_000;
const atOnce = 8;

/** Changes of flags, out of the audit log. It only reads. */
export function flagChanges(options: {
  api: LaunchDarklyApi;
  scope: FlagScope;
  source: string;
  now: () => number;
  every?: number;
  pause?: Pause | undefined;
}): ChangeSource {
  const { api, scope, source, now, every = periodMs, pause } = options;
  const coverageNow = scopeReader(api, scope, now);

  async function observed(entries: readonly AuditEntry[], signal: AbortSignal): Promise<FlagFact[]> {
    if (entries.every(({ kind }) => kind !== 'flag')) return [];
    const covers = await coverageNow(signal);
    const ours = entries.filter((entry) => placesOf(entry).some(covers));
    const told: FlagFact[] = [];
    for (let first = 0; first < ours.length; first += atOnce) {
      const some = ours.slice(first, first + atOnce);
      const details = await Promise.all(some.map((entry) => detailed(api, entry, signal)));
      for (const detail of details)
        for (const place of placesOf(detail).filter(covers)) {
          const observation = flagObservation(detail, place, source);
          if (observation) told.push(observation);
        }
    }
    return told.sort(byTime);
  }

  return {
    async backfill({ fromMs, toMs }, signal) {
      const entries = await entriesAfter(api, { afterMs: fromMs, beforeMs: toMs + 1 }, signal);
      return (await observed(entries, signal)).filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
    },

    stream({ onObservations, onState }) {
      const closing = new AbortController();
      const { signal } = closing;
      let afterMs = now() - overlapMs;
      /** Each by itself: an earlier one may become visible after a later one. */
      const seen = new Set<string>();
      /** More happened than is read at once, as after a long outage: what was older is read bit by bit, and none is lost. */
      const rests: Rest[] = [];

      async function deliver(entries: readonly AuditEntry[]): Promise<void> {
        const found = await observed(entries, signal);
        if (found.length > 0 && !signal.aborted) onObservations(found);
      }

      async function poll(): Promise<void> {
        const { entries, restBeforeMs } = await newestEntries(api, { afterMs }, signal);
        const fresh = entries.filter(({ _id }) => !seen.has(_id));
        await deliver(fresh);
        const oldest = entries.at(-1);
        // Where the oldest is known, whatever is older was read before, or is a rest already.
        if (restBeforeMs !== null && oldest && !seen.has(oldest._id))
          rests.push({ afterMs, beforeMs: restBeforeMs, border: borderOf(entries) });
        for (const { _id } of fresh) seen.add(_id);
        for (const id of seen) {
          if (seen.size <= mostRemembered) break;
          seen.delete(id);
        }
        const newestMs = Math.max(afterMs, ...entries.map(({ date }) => date));
        // A clock that runs ahead there must not make us skip what comes next.
        afterMs = Math.max(afterMs, Math.min(newestMs, now()) - overlapMs);
        const rest = rests.at(-1);
        // Taken away once it was read: it is read again where that failed.
        if (rest) rests.splice(-1, 1, ...(await restAfter(rest)));
      }

      /** What is left of a rest once some of it was delivered. */
      async function restAfter(rest: Rest): Promise<Rest[]> {
        const { entries, restBeforeMs } = await newestEntries(api, rest, signal);
        await deliver(entries.filter(({ _id }) => !rest.border.has(_id)));
        return restBeforeMs === null ? [] : [{ ...rest, beforeMs: restBeforeMs, border: borderOf(entries) }];
      }

      void pollChanges(poll, { everyMs: every, onState, signal, pause });
      return () => closing.abort();
    },
  };
}

/** Entries between two times that are still to be read, except for those of its last millisecond that were. */
type Rest = { afterMs: number; beforeMs: number; border: ReadonlySet<string> };

const borderOf = (entries: readonly AuditEntry[]): Set<string> => {
  const lastMs = entries.at(-1)?.date;
  return new Set(entries.filter(({ date }) => date === lastMs).map(({ _id }) => _id));
};

const byTime = (a: FlagFact, b: FlagFact) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1);
