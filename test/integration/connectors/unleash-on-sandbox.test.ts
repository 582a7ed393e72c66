import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Connector, FlagControl, FlagReader } from '../../../electron/connectors/source.ts';
import { unleash } from '../../../electron/connectors/unleash/unleash.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { silentLogger as logger } from '../../../electron/platform/logger.ts';
import { type FlagBook, flagBook } from '../../../electron/sandbox/flags/flag-book.ts';
import { type LoopbackServer, serveOnLoopback } from '../../../electron/sandbox/http/loopback.ts';
import { refusals, unleashApi } from '../../../electron/sandbox/unleash/api.ts';
import type { Observation } from '../../../shared/vocabulary/event.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { demandEvidence } from '../../fixtures/sent-fact.ts';

const token = '*:*.c0ffee0123456789';
const startMs = Date.parse('2026-03-02T09:00:00Z');
const flag = 'checkout.new-cart';
const ref = { project: 'default', namespace: 'production', name: flag };
const calm = () => new AbortController().signal;
const intent = { intent: 'prop-7', dryRun: false };

let book: FlagBook;
let server: LoopbackServer;
let connector: Connector;
let flags: FlagReader;
let control: FlagControl;
const stops: (() => void)[] = [];

beforeEach(async () => {
  const { clock } = steppedClock(() => {}, startMs);
  book = flagBook({ seed: 1 });
  const handler = unleashApi({ flags: book, advance: clock.now });
  server = await serveOnLoopback({ token, bareToken: true, handler, refusals, logger });
  connector = unleash({
    id: 'flags',
    name: 'Flags',
    url: server.url,
    authorization: token,
    clock,
    everyMs: 20,
  });
  if (!connector.flags || !connector.flagControl) throw new Error('flags can be read and set');
  flags = connector.flags;
  control = connector.flagControl;
  book.setRollout({ flag, percent: 10, by: 'mara', atMs: startMs - 3_000_000 });
});
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await server.close();
});

it('finds what changed, with before and after, under the key that the event has', async () => {
  const id = book.setRollout({ flag, percent: 100, by: 'mara', atMs: startMs - 60_000 });
  const found = await connector.changes?.backfill({ fromMs: startMs - 600_000, toMs: startMs }, calm());
  expect(found).toMatchObject([
    {
      key: `flag:default/${flag}@${id}`,
      change: 'flag',
      service: 'checkout',
      actor: 'mara',
      title: `Flag ${flag} in production: 10 % → 100 %`,
      diff: [{ path: 'rollout', before: '10', after: '100' }],
    },
  ]);
  demandEvidence(found ?? []);
});

it.each<[string, { enabled: boolean; percent: number | null }, number]>([
  ['turns a flag off', { enabled: false, percent: null }, 0],
  ['gives it to more', { enabled: true, percent: 60 }, 0.6],
])('%s, and what it did arrives as a change and can be put back', async (_case, change, share) => {
  const heard: Observation[] = [];
  const stop = connector.changes?.stream({
    onObservations: (observations) => heard.push(...observations),
    onState: () => {},
  });
  if (stop) stops.push(stop);
  const before = await flags.flag(ref, calm());
  const done = await control.setFlag(ref, { ...change, expectedDigest: before.digest }, intent, calm());
  expect(done).toMatchObject({ kind: 'applied' });
  expect(book.shareOn(flag)).toBeCloseTo(share);
  await eventually('the change', () => heard.some(({ title }) => /→/.test(title)));

  const { digest } = await flags.flag(ref, calm());
  const back = { enabled: true, percent: change.percent === null ? null : 10, expectedDigest: digest };
  await control.setFlag(ref, back, intent, calm());
  expect(await flags.flag(ref, calm())).toEqual(before);
});

it('sends nothing when the flag is no longer as it was planned on', async () => {
  const { digest } = await flags.flag(ref, calm());
  book.setRollout({ flag, percent: 20, by: 'jo', atMs: startMs });
  const events = book.events().length;
  const change = { enabled: false, percent: null, expectedDigest: digest };
  expect(await control.setFlag(ref, change, intent, calm())).toMatchObject({ kind: 'not-applied' });
  expect(book.events()).toHaveLength(events);
});

it('tests the connection, and says what is wrong with another token', async () => {
  expect(await connector.test(calm())).toMatchObject({ ok: true });
  const other = unleash({ id: 'f', name: 'f', url: server.url, authorization: 'wrong' });
  expect(await other.test(calm())).toMatchObject({
    ok: false,
    sentence: expect.stringContaining('does not accept the credentials'),
  });
});
