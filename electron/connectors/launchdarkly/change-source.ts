import { pollChanges } from '../poll-changes.ts';
import type { ChangeSource } from '../source.ts';
import type { AuditEntry, LaunchDarklyApi } from './api.ts';
import { detailed, entriesAfter } from './audit-log.ts';
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
}): ChangeSource {
  const { api, scope, source, now, every = periodMs } = options;
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

      async function poll(): Promise<void> {
        const entries = await entriesAfter(api, { afterMs }, signal);
        const fresh = entries.filter(({ _id }) => !seen.has(_id));
        const found = await observed(fresh, signal);
        for (const { _id } of fresh) seen.add(_id);
        for (const id of seen) {
          if (seen.size <= mostRemembered) break;
          seen.delete(id);
        }
        const newestMs = Math.max(afterMs, ...entries.map(({ date }) => date));
        // A clock that runs ahead there must not make us skip what comes next.
        afterMs = Math.max(afterMs, Math.min(newestMs, now()) - overlapMs);
        if (found.length > 0 && !signal.aborted) onObservations(found);
      }

      void pollChanges(poll, { everyMs: every, onState, signal });
      return () => closing.abort();
    },
  };
}

const byTime = (a: FlagFact, b: FlagFact) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1);
