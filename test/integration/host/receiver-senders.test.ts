import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import type { Logger } from '../../../electron/platform/logger.ts';
import type { Connection } from '../../../shared/vocabulary/connection.ts';
import type { ReceivedKind } from '../../../shared/vocabulary/receiver-place.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { connectByFile, type HostIn, hostIn } from '../../fixtures/host-in.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  delete process.env['COUNTERSIGN_TEST_SENDER'];
  for (const close of closing.splice(0).reverse()) await close();
});

const logged: unknown[] = [];
const note = (...said: unknown[]) => void logged.push(said);
const logger: Logger = { debug: note, info: note, warn: note, error: note };

async function open(dataDir: string) {
  const opened = await hostIn(dataDir, logger);
  let isOpen = true;
  const close = async () => {
    if (isOpen) await opened.close();
    isOpen = false;
  };
  closing.push(close);
  return { ...opened, close };
}

const receiverAt = (port: number) => ({
  ...{ kind: 'receiver' as const, name: 'Pipelines', url: `http://127.0.0.1:${port}` },
  auth: { kind: 'none' as const },
});
const isUp = (call: HostIn['call']) =>
  eventually('the receiver', async () =>
    (await call('host.status', {})).sources.some(({ kind, state }) => kind === 'receiver' && state === 'up'),
  );
const event = (id: string) =>
  JSON.stringify({
    specversion: '1.0',
    id,
    source: '/ci',
    type: 'dev.countersign.change.v1',
    data: { change: 'config', title: `change ${id}`, service: 'checkout' },
  });
const post = async (port: number, id: string, secret: string) =>
  (
    await fetch(`http://127.0.0.1:${port}/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/cloudevents+json' },
      body: event(id),
    })
  ).status;

/** Every file of a folder with the text. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(folder, name);
    return statSync(path).isFile() && readFileSync(path).includes(text);
  });
}

it('adds, rotates and revokes one sender without the others, over a restart, and keeps no secret in the open', async () => {
  const dataDir = newDataDir();
  const port = await freePort();
  const first = await open(dataDir);
  const { call } = first;
  const { id: connection } = await call('connections.add', receiverAt(port));
  await isUp(call);
  const add = (name: string, sends: ReceivedKind[], secret?: string) =>
    call('connections.addSender', { connection, name, sends, ...(secret ? { secret } : {}) });
  const ci = await add('CI', ['events']);
  const other = await add('Config service', ['events'], 'a-secret-that-was-given');
  expect(ci.secret).toMatch(/^[\w-]{43}$/);
  expect(other.secret).toBeNull();
  await expect(add('ci', ['events'])).rejects.toThrow('is there already');
  await expect(add('Third', ['events'], 'a-secret-that-was-given')).rejects.toThrow('that no other has');
  await expect(add('Third', ['events'], 'short')).rejects.toThrow('at least 16 characters');

  const before = ci.secret ?? '';
  expect(await post(port, '1', before)).toBe(202);
  expect(await post(port, '2', 'a-secret-that-was-given')).toBe(202);
  const rotate = (overlapHours: number) =>
    call('connections.rotateSender', { connection, sender: ci.sender.id, overlapHours });
  const next = await rotate(1);
  expect(next.sender.previousUntilMs).toBeGreaterThan(Date.now());
  expect(await post(port, '3', before)).toBe(202);
  expect(await post(port, '4', next.secret ?? '')).toBe(202);
  const incident = await call('incidents.open', { title: 'Checkout fails', severity: 'sev2' });
  const changes = async () =>
    (await call('incidents.room', { incident: incident.id })).events.filter(({ kind }) => kind === 'change');
  await eventually('all four', async () => (await changes()).length === 4);
  expect((await changes()).map(({ labels }) => labels?.['sender']).toSorted()).toEqual([
    'CI',
    'CI',
    'CI',
    'Config service',
  ]);
  await first.close();

  // Both secrets of the one and the secret of the other are good after a start.
  const again = await open(dataDir);
  await isUp(again.call);
  expect(await post(port, '5', before)).toBe(202);
  expect(await post(port, '6', next.secret ?? '')).toBe(202);
  const last = await again.call('connections.rotateSender', {
    ...{ connection, sender: ci.sender.id, overlapHours: 0 },
  });
  expect(await post(port, '7', before)).toBe(401);
  expect(await post(port, '7', next.secret ?? '')).toBe(401);
  expect(await post(port, '7', last.secret ?? '')).toBe(202);
  await again.call('connections.revokeSender', { connection, sender: ci.sender.id });
  expect(await post(port, '8', last.secret ?? '')).toBe(401);
  expect(await post(port, '9', 'a-secret-that-was-given')).toBe(202);
  const report = await again.call('connections.senderReport', { connection });
  expect(report).toMatchObject({
    senders: [{ id: other.sender.id, taken: 1, refused: 0 }],
    strangers: { refused: 3 },
  });
  const entries = JSON.stringify(
    await again.call('ledger.entries', { realm: 'real', kind: 'connection', limit: 20 }),
  );
  for (const change of ['added', 'given another secret', 'revoked']) expect(entries).toContain(change);
  expect(await again.call('connections.list', {})).toMatchObject([
    { auth: 'senders', senders: [{ name: 'Config service', sends: ['events'] }] },
  ]);
  await again.close();
  for (const secret of [before, next.secret, last.secret, 'a-secret-that-was-given']) {
    expect(filesWith(dataDir, secret ?? '')).toEqual([]);
    expect(JSON.stringify(logged)).not.toContain(secret);
    expect(entries).not.toContain(secret);
  }
  const vault = readFileSync(join(dataDir, 'vault.json'), 'utf8');
  expect(vault).toContain(`connection/${connection}/sender/${other.sender.id}`);
  expect(vault).not.toContain(ci.sender.id);

  const third = await open(dataDir);
  await isUp(third.call);
  expect(await post(port, '10', last.secret ?? '')).toBe(401);
  await third.call('connections.remove', { connection });
  expect(readFileSync(join(dataDir, 'vault.json'), 'utf8')).not.toContain(`connection/${connection}`);
});

it('goes on with a receiver that has one token for all, and gives it another as to any sender', async () => {
  const dataDir = newDataDir();
  const port = await freePort();
  const token = 'a-token-of-many-characters';
  const made = await open(dataDir);
  // As it was stored: one bearer token, which lies under the connection's own name.
  const unleash = { kind: 'unleash' as const, name: 'x', url: 'http://127.0.0.1:1' };
  const { id: connection } = await made.call('connections.add', {
    ...unleash,
    auth: { kind: 'bearer', token },
  });
  await made.close();
  const db = new Database(
    readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
      .map((name) => join(dataDir, name))
      .filter((path) => path.endsWith('.db') || path.endsWith('.sqlite'))
      .find((path) => {
        const one = new Database(path, { readonly: true });
        const holds =
          one.prepare("SELECT 1 FROM sqlite_master WHERE name = 'connection'").get() !== undefined;
        const has = holds && one.prepare('SELECT 1 FROM connection').get() !== undefined;
        one.close();
        return has;
      }) ?? '',
  );
  const old = { id: connection, kind: 'receiver', name: 'Pipelines', url: `http://127.0.0.1:${port}/events` };
  db.prepare('UPDATE connection SET body = ?').run(
    JSON.stringify({ ...old, auth: 'bearer', from: 'settings' }),
  );
  db.close();

  const { call, close } = await open(dataDir);
  await isUp(call);
  const [stored] = await call('connections.list', {});
  expect(stored).toMatchObject({
    auth: 'senders',
    senders: [{ id: 'all', name: 'Every sender', sends: ['events'], sinceMs: null }],
  } satisfies Partial<Connection>);
  expect(await post(port, '1', token)).toBe(202);
  const next = await call('connections.rotateSender', { connection, sender: 'all', overlapHours: 24 });
  expect(await post(port, '2', token)).toBe(202);
  expect(await post(port, '3', next.secret ?? '')).toBe(202);
  await call('connections.addSender', { connection, name: 'CI', sends: ['events'] });
  await close();
  const again = await open(dataDir);
  await isUp(again.call);
  expect(await post(port, '4', token)).toBe(202);
  expect(await post(port, '5', next.secret ?? '')).toBe(202);
  await again.call('connections.revokeSender', { connection, sender: 'all' });
  expect(await post(port, '6', token)).toBe(401);
  expect(await post(port, '7', next.secret ?? '')).toBe(401);
});

it('takes senders with their secrets from connections.yaml, where they are changed', async () => {
  const dataDir = newDataDir();
  const port = await freePort();
  process.env['COUNTERSIGN_TEST_SENDER'] = 'the-secret-of-the-environment';
  const [now, before] = [join(dataDir, 'now'), join(dataDir, 'before')];
  writeFileSync(now, 'the-secret-of-a-file\n', { mode: 0o600 });
  writeFileSync(before, 'the-secret-before-it\n', { mode: 0o600 });
  const until = new Date(Date.now() + 60_000).toISOString();
  connectByFile(dataDir, [
    {
      ...{ kind: 'receiver', name: 'Pipelines', url: `http://127.0.0.1:${port}` },
      senders: [
        { name: 'CI', sends: ['events'], secret: { env: 'COUNTERSIGN_TEST_SENDER' } },
        {
          ...{ name: 'Jobs', sends: ['events', 'argo-cd'], secret: { file: now } },
          previous: { secret: { file: before }, until },
        },
      ],
    },
  ]);
  const { call } = await open(dataDir);
  await isUp(call);
  for (const secret of ['the-secret-of-the-environment', 'the-secret-of-a-file', 'the-secret-before-it'])
    expect(await post(port, secret, secret)).toBe(202);
  const [connection] = await call('connections.list', {});
  expect(connection).toMatchObject({
    auth: 'senders',
    senders: [
      { name: 'CI', sends: ['events'] },
      { name: 'Jobs', sends: ['events', 'argo-cd'], previousUntilMs: Date.parse(until) },
    ],
  });
  if (!connection) throw new Error('it is listed');
  const about = { connection: connection.id, sender: 'file:CI' };
  await expect(call('connections.revokeSender', about)).rejects.toThrow('connections.yaml');
  await expect(call('connections.rotateSender', { ...about, overlapHours: 0 })).rejects.toThrow(
    'connections.yaml',
  );
  expect((await call('connections.testStored', { connection: connection.id })).ok).toBe(true);
});

it('says which receiver in connections.yaml has no senders', async () => {
  const dataDir = newDataDir();
  connectByFile(dataDir, [{ kind: 'receiver', name: 'Pipelines', url: 'http://127.0.0.1:4319' }]);
  const { call } = await open(dataDir);
  expect(JSON.stringify(await call('host.status', {}))).toContain('“Pipelines” needs senders');
});
