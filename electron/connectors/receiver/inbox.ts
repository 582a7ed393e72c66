import type { ChangeObservation } from '../../../shared/vocabulary/event.ts';
import { EVERY_SENDER } from '../../../shared/vocabulary/receiver-sender.ts';
import type { Window } from '../source.ts';
import type { Received } from './received.ts';
import { idOf, observationOf, type Sender } from './told.ts';

/** A change, and what was sent of it, as far as that is held. */
export type DeliveredChange = ChangeObservation & { raw: string | null };

/** Of what was sent so much is held for incidents that open later; of the oldest changes it goes first, and they stay. */
const MOST_RAW_CHARACTERS = 8 * 1_048_576;

/** What became of the events of one request. */
export type Receipt = { accepted: number; repeated: number; ignored: number };

/** What one sender told; each is held apart, so that none can make another's events look repeated or crowd them out. */
type Box = { seen: Set<string>; changes: Map<string, DeliveredChange>; rawCharacters: number };

/**
 * What was received: each event of a sender once, in whatever order and however often it is sent, and the changes of the
 * last day. What is remembered is bounded over all senders, and where it is too much the oldest of whoever has most goes
 * first.
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
  const boxes = new Map<string, Box>();
  const totals: Receipt = { accepted: 0, repeated: 0, ignored: 0 };

  /** @param from who sent it; left out where nobody can tell */
  function take(
    events: readonly Received[],
    from: Sender = nobody,
  ): { receipt: Receipt; fresh: DeliveredChange[] } {
    const nowMs = now();
    const read = events.map((one) => ({ id: idOf(one.event), observation: observed(one, from, nowMs) }));
    const box = boxOf(from.id);
    const receipt: Receipt = { accepted: 0, repeated: 0, ignored: 0 };
    const fresh: DeliveredChange[] = [];
    for (const { id, observation } of read) {
      const isRepeated = box.seen.has(id);
      remember(box.seen, id);
      forgetSeen();
      if (isRepeated) receipt.repeated += 1;
      else if (observation === null) receipt.ignored += 1;
      else {
        receipt.accepted += 1;
        fresh.push(observation);
        box.changes.set(id, observation);
        box.rawCharacters += observation.raw?.length ?? 0;
        forgetChanges();
        forgetRaw();
      }
    }
    for (const name of ['accepted', 'repeated', 'ignored'] as const) totals[name] += receipt[name];
    return { receipt, fresh };
  }

  function boxOf(sender: string): Box {
    const box = boxes.get(sender) ?? { seen: new Set(), changes: new Map(), rawCharacters: 0 };
    boxes.set(sender, box);
    return box;
  }

  function observed({ event, told, raw }: Received, from: Sender, nowMs: number): DeliveredChange | null {
    const observation = told && observationOf(event, told, { source, nowMs, from });
    return observation && { ...observation, raw };
  }

  /** Whoever has most of it, where all together have more than `most`. */
  function fullest(most: number, sizeOf: (box: Box) => number): Box | undefined {
    let sum = 0;
    let found: Box | undefined;
    for (const box of boxes.values()) {
      sum += sizeOf(box);
      if (!found || sizeOf(box) > sizeOf(found)) found = box;
    }
    return sum > most ? found : undefined;
  }

  function forgetSeen(): void {
    const box = fullest(mostEvents, ({ seen }) => seen.size);
    const oldest = box?.seen.keys().next().value;
    if (oldest !== undefined) box?.seen.delete(oldest);
  }

  function forgetChanges(): void {
    const box = fullest(mostChanges, ({ changes }) => changes.size);
    const [oldest] = box?.changes ?? [];
    if (!box || !oldest) return;
    box.rawCharacters -= oldest[1].raw?.length ?? 0;
    box.changes.delete(oldest[0]);
  }

  function forgetRaw(): void {
    for (let box = withMostRaw(); box !== undefined; box = withMostRaw()) {
      for (const [id, change] of box.changes) {
        if (change.raw === null) continue;
        box.rawCharacters -= change.raw.length;
        box.changes.set(id, { ...change, raw: null });
        break;
      }
    }
  }

  const withMostRaw = () => fullest(MOST_RAW_CHARACTERS, ({ rawCharacters }) => rawCharacters);

  return {
    take,
    totals: (): Receipt => ({ ...totals }),
    within: ({ fromMs, toMs }: Window): DeliveredChange[] =>
      [...boxes.values()]
        .flatMap(({ changes }) => [...changes.values()])
        .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs)
        .sort((one, other) => one.atMs - other.atMs || (one.key < other.key ? -1 : 1)),
  };
}

/** What nobody is known to have sent. */
const nobody: Sender = { id: EVERY_SENDER, name: '' };

/** What is sent again and again stays known. */
function remember(seen: Set<string>, id: string): void {
  seen.delete(id);
  seen.add(id);
}
