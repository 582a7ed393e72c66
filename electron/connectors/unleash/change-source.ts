import { Failure } from '../../platform/failure.ts';
import type { Pause } from '../../platform/pause.ts';
import { pollChanges } from '../poll-changes.ts';
import type { ChangeSource } from '../source.ts';
import { eventsPerPage, type FlagEvent, type UnleashApi } from './api.ts';
import { type FlagFact, flagObservationOf } from './flag-observations.ts';

/** Unleash tells nobody of its events, so they are asked for. */
const periodMs = 3_000;
/** What happened just before the stream began is delivered too: between a backfill and the stream nothing may be lost. */
const overlapMs = 300_000;
const mostPages = 20;
/** Of the stream, which lets go of a page before it reads the next: so many may have happened while nobody answered. */
const mostPagesMissed = 1_000;

/** Changes of flags, out of the event log of Unleash. It only reads. */
export function flagChanges({
  api,
  source,
  now,
  every = periodMs,
  pause,
}: {
  api: UnleashApi;
  source: string;
  now: () => number;
  every?: number;
  pause?: Pause | undefined;
}): ChangeSource {
  const isProduction = productionKnown(api);
  const observed = async (events: readonly FlagEvent[], signal: AbortSignal) => {
    if (events.length === 0) return [];
    const about = { source, isProduction: await isProduction(signal) };
    return events.flatMap((event) => flagObservationOf(event, about) ?? []);
  };

  return {
    async backfill({ fromMs, toMs }, signal) {
      const events = await eventsUntil(api, (event) => Date.parse(event.createdAt) < fromMs, signal);
      const found = await observed(events, signal);
      return found.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs).sort(byTime);
    },

    stream({ onObservations, onState }) {
      const closing = new AbortController();
      const { signal } = closing;
      const sinceMs = now() - overlapMs;
      /** Each by itself: one with a lower id may become visible after one with a higher. */
      const seen = new Set<number>();
      /** Delivered, while what is older is still to be read: a failure on the way begins anew, and tells none twice. */
      const ahead = new Set<number>();

      async function poll(): Promise<void> {
        const isKnown = ({ id, createdAt }: FlagEvent) => seen.has(id) || Date.parse(createdAt) < sinceMs;
        for await (const page of pagesUntil(api, isKnown, mostPagesMissed, signal)) {
          const fresh = page.filter(({ id }) => !ahead.has(id));
          const found = await observed(fresh, signal);
          for (const { id } of fresh) ahead.add(id);
          if (found.length > 0 && !signal.aborted) onObservations(found.sort(byTime));
        }
        // The newest last, as the one to be forgotten last: at it the next poll ends.
        for (const id of [...ahead].reverse()) seen.add(id);
        ahead.clear();
        for (const id of seen) {
          if (seen.size <= eventsPerPage * mostPages) break;
          seen.delete(id);
        }
      }

      void pollChanges(poll, { everyMs: every, onState, signal, pause });
      return () => closing.abort();
    },
  };
}

/** Events the newest first, a page more as long as none of a page is known or old. */
export async function eventsUntil(
  api: UnleashApi,
  isKnown: (event: FlagEvent) => boolean,
  signal: AbortSignal,
): Promise<FlagEvent[]> {
  const found = new Map<number, FlagEvent>();
  for await (const page of pagesUntil(api, isKnown, mostPages, signal))
    for (const event of page) found.set(event.id, event);
  return [...found.values()];
}

async function* pagesUntil(
  api: UnleashApi,
  isKnown: (event: FlagEvent) => boolean,
  most: number,
  signal: AbortSignal,
): AsyncGenerator<FlagEvent[]> {
  for (let page = 0; page < most; page += 1) {
    const events = await api.events(page * eventsPerPage, signal);
    const fresh = events.filter((event) => !isKnown(event));
    yield fresh;
    if (events.length < eventsPerPage || fresh.length < events.length) return;
  }
  throw new Failure(
    'bad_reply',
    `Unleash holds more than ${most * eventsPerPage} events for this time, and some would be missed. Look at a shorter time.`,
  );
}

/** The environments that are production, as Unleash types them; asked once, and again after a failure. */
function productionKnown(api: UnleashApi): (signal: AbortSignal) => Promise<(name: string) => boolean> {
  let names: Set<string> | undefined;
  return async (signal) => {
    if (!names) {
      const all = await api.environments(signal);
      const typed = all.filter(({ type }) => type === 'production');
      // Where nobody typed any, all of them may be production.
      names = new Set((typed.length > 0 ? typed : all).map(({ name }) => name));
    }
    const known = names;
    return (name) => known.has(name);
  };
}

const byTime = (a: FlagFact, b: FlagFact) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1);
