import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { eventJson } from '../../shared/formats/event-json.ts';
import { Event } from '../../shared/vocabulary/event.ts';
import type { EventPage, EventPlace } from '../../shared/vocabulary/event-page.ts';
import { IncidentId } from '../../shared/vocabulary/ids.ts';
import { payloadRepository } from './payload-repository.ts';

/** The timeline of every incident; a fact's key makes it stand there once. */
export function eventRepository(db: Database) {
  const insert = db.prepare(
    `INSERT INTO event (incident, key, at_ms, body) VALUES (@incident, @key, @atMs, @body)
     ON CONFLICT (incident, key) DO NOTHING`,
  );
  const update = db.prepare(
    'UPDATE event SET at_ms = @atMs, body = @body WHERE incident = @incident AND key = @key',
  );
  const select = db.prepare('SELECT body FROM event WHERE incident = ? ORDER BY at_ms, rowid').pluck();
  const before = db
    .prepare(
      `SELECT body FROM event WHERE incident = @incident AND (at_ms, key) < (@atMs, @key)
       ORDER BY at_ms DESC, key DESC LIMIT @most`,
    )
    .pluck();
  const one = db.prepare('SELECT body FROM event WHERE incident = ? AND key = ?').pluck();
  const pin = db.prepare('INSERT INTO pin (incident, key) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const unpin = db.prepare('DELETE FROM pin WHERE incident = ? AND key = ?');
  const pinned = db.prepare('SELECT key FROM pin WHERE incident = ? ORDER BY rowid').pluck();
  const holder = db.prepare('SELECT incident FROM event WHERE key = ? LIMIT 1').pluck();
  const keys = db.prepare(
    'SELECT key, incident FROM event WHERE key >= ? AND key < ? ORDER BY key LIMIT 1000',
  );
  const lastKeys = db.prepare(
    'SELECT key, incident FROM event WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT 1000',
  );
  const count = db.prepare('SELECT count(*) FROM event WHERE incident = ?').pluck();

  const insertAll = (events: readonly Event[]): Event[] =>
    events.filter((event) => {
      const { incident, key, atMs } = event;
      return insert.run({ incident, key, atMs, body: eventJson(event) }).changes === 1;
    });

  const replaceAll = (events: readonly Event[]): void => {
    for (const event of events) {
      const { incident, key, atMs } = event;
      update.run({ incident, key, atMs, body: eventJson(event) });
    }
  };

  const payloads = payloadRepository(db);

  const storeAll = db.transaction(({ fresh, fuller, delivered, nowMs }: ToStore): Event[] => {
    const added = insertAll(fresh);
    replaceAll(fuller);
    for (const { incident, payload = '' } of [...added, ...fuller]) {
      const text = delivered.get(payload);
      if (text !== undefined) payloads.keep(incident, { digest: payload, text }, nowMs);
    }
    return added;
  });
  const nothing: Omit<ToStore, 'fresh' | 'fuller'> = { delivered: new Map(), nowMs: 0 };

  return {
    /** Stores what is new and returns it. */
    add: (events: readonly Event[]): Event[] => storeAll({ fresh: events, fuller: [], ...nothing }),
    /** What became known of facts that are held already. */
    replace: (events: readonly Event[]): void => void storeAll({ fresh: [], fuller: events, ...nothing }),
    /** Both in one transaction, together with what was delivered of them. Returns what is new. */
    store: (all: ToStore): Event[] => storeAll(all),
    payload: payloads.find,
    ofIncident: (incident: string): Event[] => select.all(incident).map(eventIn),
    /** The newest facts that stand before a place in the order of time and key; the oldest of them first. */
    before: (incident: string, place: EventPlace, most: number): Event[] =>
      before
        .all({ incident, ...place, most })
        .map(eventIn)
        .reverse(),
    /** The same, unread. Whoever shows them reads them. */
    pageBefore(incident: string, place: EventPlace, most: number): EventPage {
      const bodies = before.all({ incident, ...place, most }).reverse();
      const jsonLines = bodies.join('\n');
      if (bodies.length < most) return { before: null, jsonLines };
      const { atMs, key } = eventIn(bodies[0]);
      return { before: { atMs, key }, jsonLines };
    },
    find: (incident: string, key: string): Event | undefined => {
      const body = one.get(incident, key);
      return body === undefined ? undefined : eventIn(body);
    },
    /** The keys that a person keeps in view, as they were pinned. */
    pinned: (incident: string): string[] => pinned.all(incident).map(String),
    setPinned: (incident: string, key: string, isPinned: boolean): void => {
      (isPinned ? pin : unpin).run(incident, key);
    },
    /** The incident that holds a fact of this key, where one does. */
    holderOf: (key: string): IncidentId | undefined => {
      const incident = holder.get(key);
      return incident === undefined ? undefined : IncidentId.parse(incident);
    },
    /** The keys from one up to but without another, as text is ordered, each with the incident that holds it. */
    keysBetween: (from: string, to: string): { key: string; incident: IncidentId }[] =>
      z.array(z.object({ key: z.string(), incident: IncidentId })).parse(keys.all(from, to)),
    /** The same, the last of them first, where there are more than can be read at once. */
    lastKeysBetween: (from: string, to: string): { key: string; incident: IncidentId }[] =>
      z.array(z.object({ key: z.string(), incident: IncidentId })).parse(lastKeys.all(from, to)),
    count: (incident: string): number => Number(count.get(incident)),
  };
}

export type ToStore = {
  fresh: readonly Event[];
  /** Held already, with more known of them. */
  fuller: readonly Event[];
  /** What sources delivered, by digest. */
  delivered: ReadonlyMap<string, string>;
  nowMs: number;
};

export const afterEverything: EventPlace = { atMs: Number.MAX_SAFE_INTEGER, key: '' };

const eventIn = (body: unknown): Event => Event.parse(JSON.parse(String(body)));

export type EventRepository = ReturnType<typeof eventRepository>;
