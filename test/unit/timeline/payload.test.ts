import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventRepository } from '../../../electron/store/event-repository.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { payloadRepository } from '../../../electron/store/payload-repository.ts';
import { payloadOf, readPayload } from '../../../electron/timeline/payload.ts';
import { timeline } from '../../../electron/timeline/timeline.ts';
import { Event } from '../../../shared/vocabulary/event.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';

const incident = IncidentId.parse('inc-1');
let db: Database.Database;
beforeEach(() => {
  db = new Database(':memory:');
  for (const { sql } of migrations) db.exec(sql);
  db.pragma('foreign_keys = OFF');
});
afterEach(() => db.close());

const facts = () =>
  timeline({
    repository: eventRepository(db),
    clock: { now: () => 1_000, every: () => () => {} },
    publish: () => {},
  });
const change = (key: string, raw?: string) => ({
  kind: 'change' as const,
  change: 'config' as const,
  key,
  atMs: 900,
  service: 'checkout',
  title: 'changed',
  source: 'test',
  ...(raw === undefined ? {} : { raw }),
});

it('gives back what was delivered, whatever it was, under the digest that the event names', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.string({ unit: 'binary', maxLength: 3_000 }), (key, raw) => {
      const [event] = facts().add(incident, [change(key, raw)]);
      const text = payloadOf(raw).text;
      expect(event && Event.parse(event).payload).toBe(createHash('sha256').update(text).digest('hex'));
      expect(facts().payload(incident, key)).toMatchObject({ kind: 'kept', text, digest: event?.payload });
    }),
  );
});

it('keeps one text once, and nothing of a fact that was known', () => {
  const all = facts();
  all.add(incident, [change('a', '{"x":1}'), change('b', '{"x":1}')]);
  all.add(incident, [change('a', '{"x":2}')]);
  expect(db.prepare('SELECT count(*) FROM payload').pluck().get()).toBe(1);
  expect(all.payload(incident, 'a')).toMatchObject({ kind: 'kept', text: '{"x":1}' });
});

it('says that nothing was delivered, rather than showing nothing', () => {
  const all = facts();
  all.add(incident, [change('a')]);
  expect(() => all.payload(incident, 'a')).toThrow('Nothing is kept');
  expect(() => all.payload(incident, 'none')).toThrow('has no event');
});

it('keeps the beginning of what is very long, and says so', () => {
  const all = facts();
  all.add(incident, [change('a', 'x'.repeat(200_000))]);
  const found = all.payload(incident, 'a');
  expect(found).toMatchObject({ kind: 'kept', isCut: true });
  expect(found.kind === 'kept' && found.text.length).toBe(65_536);
});

it.each([
  ['another text', Buffer.from('4bcc04', 'hex')],
  ['what does not unpack', Buffer.from('ffffffffffff', 'hex')],
  ['nothing', Buffer.alloc(0)],
])('shows %s in its place as altered, not as evidence', (_, packed) => {
  const all = facts();
  all.add(incident, [change('a', '{"x":1}'), change('b', `"${'x'.repeat(2_000)}"`)]);
  db.prepare('UPDATE payload SET bytes = ?').run(packed);
  expect(all.payload(incident, 'a').kind).toBe('altered');
  expect(all.payload(incident, 'b').kind).toBe('altered');
});

it('does not unpack a bomb', () => {
  const { digest } = payloadOf('a');
  expect(
    readPayload(() => {
      throw new RangeError('Cannot create a Buffer larger than');
    }, digest),
  ).toEqual({ kind: 'altered', digest });
});

it('keeps no more of an incident than its bound, and of another incident as much again', () => {
  const repository = payloadRepository(db, { mostBytes: 1_000 });
  const random = (n: number) => ({
    digest: String(n),
    text: createHash('sha512').update(String(n)).digest('hex'),
  });
  for (let n = 0; n < 100; n++) repository.keep('one', random(n), 0);
  repository.keep('other', random(0), 0);
  const bytes = db.prepare('SELECT sum(length(bytes)) FROM payload WHERE incident = ?').pluck();
  expect(bytes.get('one')).toBeLessThan(1_200);
  expect(repository.find('one', '99')).toEqual({ kind: 'absent' });
  expect(repository.find('other', '0')).toMatchObject({ kind: 'kept' });
});
