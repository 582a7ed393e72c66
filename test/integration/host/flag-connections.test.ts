import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readFlag } from '../../../electron/analyst/tools/read-flag.ts';
import { flagd } from '../../../electron/connectors/flagd/flagd.ts';
import { launchDarkly } from '../../../electron/connectors/launchdarkly/launchdarkly.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { type HostIn, hostIn } from '../../fixtures/host-in.ts';
import {
  entryOf,
  flagOf,
  launchDarklyServer,
  token,
  type World,
} from '../../fixtures/launchdarkly-server.ts';
import { readContextOf, systemsOf } from '../../fixtures/read-context-of.ts';
import type { TinyServer } from '../../fixtures/tiny-server.ts';

let host: HostIn | undefined;
let server: TinyServer | undefined;
afterEach(async () => {
  await host?.close();
  await server?.close();
});

async function start(dataDir: string) {
  host = await hostIn(dataDir);
  return host.call;
}
const world = (): World => ({
  projects: [{ key: 'default', environments: [{ key: 'production', critical: true }] }],
  flags: { 'default/checkout.new-cart': flagOf() },
  entries: [],
});
const fileText = (state: string) =>
  JSON.stringify({ flags: { 'checkout.new-cart': { state, variants: { on: true } } } });

it('brings changes of a LaunchDarkly and of a flag file onto the timeline, both connected by file', async () => {
  const held = world();
  server = await launchDarklyServer(held);
  const dataDir = newDataDir();
  const flags = join(dataDir, 'flags.json');
  writeFileSync(flags, fileText('ENABLED'));
  const secret = join(dataDir, 'token');
  writeFileSync(secret, `${token}\n`, { mode: 0o600 });
  writeFileSync(
    join(dataDir, 'connections.yaml'),
    `format: countersign.connections/1
connections:
  - { kind: launchdarkly, name: Dark, url: '${server.url}', auth: { bearer: { file: ${secret} } }, scope: { projects: [default] } }
  - { kind: flagd, name: Files, path: ${flags}, environment: live }
`,
  );
  const call = await start(dataDir);
  await eventually('both sources', async () => {
    const { sources } = await call('host.status', {});
    return sources.filter(({ state }) => state === 'up').length === 2;
  });
  const { id } = await call('incidents.open', { title: 'Checkout fails', severity: 'sev2' });
  held.entries.push(
    entryOf('e1', Date.now(), 'updateOn', {
      previousVersion: flagOf({ on: false }),
      currentVersion: flagOf({ on: true }),
    }),
  );
  writeFileSync(`${flags}.new`, fileText('DISABLED'));
  renameSync(`${flags}.new`, flags);
  const changes = await eventually('both changes', async () => {
    const { events } = await call('incidents.room', { incident: id });
    const found = events.filter(({ kind }) => kind === 'change');
    return found.length === 2 && found;
  });
  expect(changes.map(({ title }) => title).sort()).toEqual([
    'Flag checkout.new-cart in live: on → off',
    'Flag checkout.new-cart in production: off → on',
  ]);
});

it('are connected in Settings, tested before, and known after a restart with what they may read', async () => {
  server = await launchDarklyServer(world());
  const dataDir = newDataDir();
  const path = join(dataDir, 'flags.json');
  writeFileSync(path, fileText('ENABLED'));
  const call = await start(dataDir);
  const dark = {
    kind: 'launchdarkly' as const,
    name: 'Dark',
    url: server.url,
    auth: { kind: 'bearer' as const, token },
    scope: { projects: ['default'], environments: ['production'] },
  };
  expect(await call('connections.test', dark)).toMatchObject({
    ok: true,
    sees: ['1 project', 'environments: production', 'changes of flags'],
  });
  const wrong = await call('connections.test', {
    ...dark,
    auth: { kind: 'bearer', token: 'api-wrong-geheim' },
  });
  expect(wrong.sentence).toMatch(/does not accept the credentials \(401\)/);
  await expect(call('connections.test', { ...dark, kind: 'unleash' })).rejects.toThrow(/only a LaunchDarkly/);
  const file = { kind: 'flagd' as const, name: 'Files', path };
  expect((await call('connections.testFlagFile', file)).sees).toEqual(['1 flag', 'counted as production']);
  await expect(call('connections.testFlagFile', { ...file, path: 'flags.json' })).rejects.toThrow(
    /from the root/,
  );
  await call('connections.add', dark);
  await call('connections.addFlagFile', { ...file, environment: 'live' });
  await host?.close();

  const again = await start(dataDir);
  const list = await again('connections.list', {});
  expect(list.map(({ kind, url, scope }) => [kind, url, scope])).toEqual([
    ['launchdarkly', server.url, dark.scope],
    ['flagd', path, { projects: [], environments: ['live'] }],
  ]);
  for (const { id } of list) {
    const { ok } = await again('connections.testStored', { connection: id });
    expect(ok).toBe(true);
    expect((await again('connections.describe', { connection: id })).writes).toEqual([]);
  }
});

it('are read by the analyst rule by rule, each under its own name', async () => {
  server = await launchDarklyServer({
    ...world(),
    entries: [
      entryOf('e1', Date.now() - 60_000, 'updateOn', {
        previousVersion: flagOf({ on: false }),
        currentVersion: flagOf({ on: true }),
      }),
    ],
  });
  const path = join(newDataDir(), 'flags.json');
  writeFileSync(path, fileText('DISABLED'));
  const context = readContextOf({
    window: { fromMs: Date.now() - 3_600_000, toMs: Date.now() },
    systems: systemsOf([
      launchDarkly({ id: 'dark', name: 'Dark', url: server.url, authorization: token }),
      flagd({ id: 'files', name: 'Files', path }),
    ]),
  });
  const signal = new AbortController().signal;
  const read = (connection: string) =>
    readFlag.run({ flag: 'checkout.new-cart', connection }, context, signal);
  expect(await read('dark')).toMatchObject({
    enabled: true,
    environment: 'production',
    rules: [{ name: 'everybody else' }],
    history: [{ what: 'off → on', actor: 'Mara Lind' }],
    omitted: 0,
  });
  expect(await read('files')).toMatchObject({ enabled: false, rules: [{ name: 'everybody' }], history: [] });
});
