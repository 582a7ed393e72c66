import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { hostIn } from '../../fixtures/host-in.ts';

const run = promisify(execFile);
const token = 'a-token-of-many-characters';

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  delete process.env['COUNTERSIGN_EVENTS_TOKEN'];
  for (const close of closing.splice(0).reverse()) await close();
});

async function hostOn(dataDir: string) {
  const { call, close } = await hostIn(dataDir);
  closing.push(close);
  return call;
}

const given = (port: number, more: object = {}) => ({
  kind: 'receiver' as const,
  name: 'Pipelines',
  url: `http://127.0.0.1:${port}/events`,
  auth: { kind: 'bearer' as const, token },
  ...more,
});

const documentation = readFileSync('docs/events.md', 'utf8');
const examples = [...documentation.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, script = '']) => script);

/** A pipeline's shell, with a kubectl that knows one revision. */
function pipeline(dataDir: string, url: string) {
  const bin = join(dataDir, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'kubectl'), '#!/bin/sh\nprintf 7\n');
  chmodSync(join(bin, 'kubectl'), 0o755);
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    COUNTERSIGN_EVENTS_URL: url,
    COUNTERSIGN_EVENTS_TOKEN: token,
    RUN_ID: 'run-4711',
    RUN_ACTOR: 'mina',
    RUN_URL: 'https://ci.example/runs/4711',
  };
  return async (script: string) => (await run('sh', ['-ec', script], { env })).stdout;
}

it('the examples of docs/events.md work as they stand, and what they post is on the timeline of incidents', async () => {
  const dataDir = newDataDir();
  const call = await hostOn(dataDir);
  const port = await freePort();
  await call('connections.add', given(port));
  await eventually('the receiver', async () =>
    (await call('host.status', {})).sources.some(({ kind, state }) => kind === 'receiver' && state === 'up'),
  );
  const shell = pipeline(dataDir, `http://127.0.0.1:${port}/events`);
  expect(examples).toHaveLength(2);
  const [deploy = '', setting = ''] = examples;

  // Posted before the incident, and once more while it is open.
  expect(await shell(deploy)).toBe('{"accepted":1,"repeated":0,"ignored":0}\n');
  const incident = await call('incidents.open', { title: 'Checkout fails', severity: 'sev2' });
  const changes = async () =>
    (await call('incidents.room', { incident: incident.id })).events.filter(({ kind }) => kind === 'change');
  expect(await eventually('the deploy', async () => (await changes())[0])).toMatchObject({
    key: 'deploy:shop/checkout@7',
    change: 'deploy',
    service: 'checkout',
    title: 'checkout upgraded to 1.42.0 in production',
    actor: 'mina',
    source: 'Pipelines',
    detail: expect.stringContaining('Link: https://ci.example/runs/4711'),
  });
  expect(await shell(deploy)).toBe('{"accepted":0,"repeated":1,"ignored":0}\n');
  expect(await shell(setting)).toBe('{"accepted":1,"repeated":0,"ignored":0}\n');
  const all = await eventually('the setting', async () => {
    const found = await changes();
    return found.length > 1 ? found : undefined;
  });
  expect(all).toHaveLength(2);
  expect(all.find((one) => one.kind === 'change' && one.change === 'config')).toMatchObject({
    service: 'checkout',
    diff: [{ path: 'CACHE_SIZE', before: '512', after: '64' }],
  });
});

it('the connections.yaml of docs/events.md works, and the token stands nowhere but in the vault', async () => {
  const [, yaml = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(documentation) ?? [];
  const port = await freePort();
  const dataDir = newDataDir();
  process.env['COUNTERSIGN_EVENTS_TOKEN'] = token;
  writeFileSync(join(dataDir, 'connections.yaml'), yaml.replace('4319', String(port)));
  const call = await hostOn(dataDir);
  const connections = await call('connections.list', {});
  expect(connections).toMatchObject([{ kind: 'receiver', name: 'Pipelines', from: 'file' }]);
  expect(JSON.stringify(connections)).not.toContain(token);
  const test = () => call('connections.testStored', { connection: connections[0]?.id ?? ('' as never) });
  await eventually('the receiver', async () => (await test()).ok);
  expect((await test()).sentence).toContain(`Listening at http://127.0.0.1:${port}/events`);
});

it('a receiver on other addresses, or with a secret that is none, is not added', async () => {
  const call = await hostOn(newDataDir());
  const wrong = [
    { url: 'http://0.0.0.0:4319/events' },
    { url: 'https://127.0.0.1:4319/events' },
    { url: 'http://127.0.0.1/events' },
    { url: 'http://127.0.0.1:99999/events' },
    { auth: { kind: 'basic' as const, username: 'ci', password: token } },
    { auth: { kind: 'bearer' as const, token: 'short' } },
  ];
  for (const more of wrong) await expect(call('connections.add', given(4_319, more))).rejects.toThrow();
  expect(await call('connections.list', {})).toEqual([]);
});
