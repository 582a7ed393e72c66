import type { ChangeObservation } from '../../../shared/vocabulary/event.ts';
import type { Window } from '../source.ts';
import type { Received } from './received.ts';
import { idOf, observationOf } from './told.ts';

/** A change, and what was sent of it. */
export type DeliveredChange = ChangeObservation & { raw?: string };

/** Of what was sent so much is held for incidents that open later; of the oldest changes it goes first, and they stay. */
const MOST_RAW_CHARACTERS = 8 * 1_048_576;

/** What became of the events of one request. */
export type Receipt = { accepted: number; repeated: number; ignored: number };

/**
 * What was received: each event once, in whatever order and however often it is sent, and the changes of the last day. Both
 * memories are bounded, and the oldest goes first.
 */
export function inbox({
  source,
  now,
  mostEvents = 20_000,
  mostChanges = 5_000,
}: {
  source: string;
  now: () => number;
  mostEvents?: number;
  mostChanges?: number;
}) {
  const seen = new Set<string>();
  const changes = new Map<string, DeliveredChange>();
  let rawCharacters = 0;
  const totals: Receipt = { accepted: 0, repeated: 0, ignored: 0 };

  function take(events: readonly Received[]): { receipt: Receipt; fresh: DeliveredChange[] } {
    const nowMs = now();
    const read = events.map((one) => ({ id: idOf(one.event), observation: observed(one, nowMs) }));
    const receipt: Receipt = { accepted: 0, repeated: 0, ignored: 0 };
    const fresh: DeliveredChange[] = [];
    for (const { id, observation } of read) {
      const isRepeated = seen.has(id);
      remember(seen, id, mostEvents);
      if (isRepeated) receipt.repeated += 1;
      else if (observation === null) receipt.ignored += 1;
      else {
        receipt.accepted += 1;
        fresh.push(observation);
        changes.set(id, observation);
        rawCharacters += observation.raw?.length ?? 0;
        const [forgotten] = changes.size > mostChanges ? changes.values() : [];
        rawCharacters -= forgotten?.raw?.length ?? 0;
        forgetOldest(changes, mostChanges);
        forgetRaw();
      }
    }
    for (const name of ['accepted', 'repeated', 'ignored'] as const) totals[name] += receipt[name];
    return { receipt, fresh };
  }

  function observed({ event, told, raw }: Received, nowMs: number): DeliveredChange | null {
    const observation = told && observationOf(event, told, { source, nowMs });
    return observation && { ...observation, raw };
  }

  function forgetRaw(): void {
    for (const [id, { raw, ...change }] of changes) {
      if (rawCharacters <= MOST_RAW_CHARACTERS) return;
      rawCharacters -= raw?.length ?? 0;
      changes.set(id, change);
    }
  }

  return {
    take,
    totals: (): Receipt => ({ ...totals }),
    within: ({ fromMs, toMs }: Window): DeliveredChange[] =>
      [...changes.values()]
        .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
        .sort((one, other) => one.atMs - other.atMs || (one.key < other.key ? -1 : 1)),
  };
}

/** What is sent again and again stays known. */
function remember(seen: Set<string>, id: string, most: number): void {
  seen.delete(id);
  seen.add(id);
  forgetOldest(seen, most);
}

function forgetOldest(memory: Set<string> | Map<string, unknown>, most: number): void {
  const oldest = memory.keys().next().value;
  if (memory.size > most && oldest !== undefined) memory.delete(oldest);
}
