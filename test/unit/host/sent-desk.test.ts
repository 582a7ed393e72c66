import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { sentDesk } from '../../../electron/host/sent-desk.ts';
import { sentRequests } from '../../../electron/store/migrations/0008-sent-requests.ts';
import { sentRepository } from '../../../electron/store/sent-repository.ts';
import type { HostEvent } from '../../../shared/bridge/host-events.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';

const incident = IncidentId.parse('inc-1');
const other = IncidentId.parse('inc-2');

function bench({ ledgerFails = false } = {}) {
  const db = new Database(':memory:');
  db.exec('CREATE TABLE incident (id TEXT PRIMARY KEY)');
  db.exec("INSERT INTO incident VALUES ('inc-1'), ('inc-2')");
  db.exec(sentRequests.sql);
  const entries: unknown[] = [];
  const events: HostEvent[] = [];
  let count = 0;
  const desk = sentDesk({
    repository: sentRepository(db),
    ledger: {
      record(entry: unknown, commit: () => void) {
        if (ledgerFails) throw new Error('the disk is full');
        commit();
        entries.push(entry);
      },
    } as Parameters<typeof sentDesk>[0]['ledger'],
    clock: { now: () => 1_000.4, every: () => () => {} },
    ids: (prefix) => `${prefix}-${++count}`,
    publish: (event) => void events.push(event),
  });
  return { desk, entries, events };
}
const body = '{"text":"hé <EMAIL_1> and <EMAIL_1>, <SECRET_2>"}';
const leaving = { model: 'model-1', baseUrl: 'https://jo:pw@models.example/v1?key=k', body };

test('keeps every byte that leaves, and tells the ledger its digest and not its text', () => {
  const { desk, entries, events } = bench();
  desk.keep(incident, leaving);
  const digest = createHash('sha256').update(body).digest('hex');
  const kept = {
    id: 'sent-1',
    incident,
    atMs: 1_000,
    model: 'model-1',
    baseUrl: 'https://models.example/v1',
    bytes: Buffer.byteLength(body),
    digest,
    masked: { EMAIL: 1, SECRET: 1 },
  };
  expect(desk.list(incident)).toEqual([kept]);
  expect(desk.text(incident, 'sent-1')).toBe(body);
  expect(events).toEqual([{ name: 'sent.added', request: kept }]);
  expect(entries).toEqual([
    expect.objectContaining({ kind: 'sent', body: expect.objectContaining({ digest }) }),
  ]);
  expect(JSON.stringify(entries)).not.toContain('EMAIL_1');
});

test('keeps what was sent for one incident from another', () => {
  const { desk } = bench();
  desk.keep(incident, leaving);
  expect(desk.list(other)).toEqual([]);
  expect(() => desk.text(other, 'sent-1')).toThrow('Nothing named "sent-1" was sent for this incident');
});

test('throws before anything leaves when it cannot be put on record', () => {
  const { desk, events } = bench({ ledgerFails: true });
  expect(() => desk.keep(incident, leaving)).toThrow('the disk is full');
  expect(desk.list(incident)).toEqual([]);
  expect(events).toEqual([]);
});
