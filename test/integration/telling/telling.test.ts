import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Host } from '../../../electron/host/host.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { postTo } from '../../../electron/telling/webhook.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { type TinyServer, tinyServer } from '../../fixtures/tiny-server.ts';

let host: Host | undefined;
const servers: TinyServer[] = [];
afterEach(async () => {
  await host?.close();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serving(answer: Parameters<typeof tinyServer>[0]): Promise<TinyServer> {
  const server = await tinyServer(answer);
  servers.push(server);
  return server;
}
const receiver = () => serving((_request, response) => response.end('ok'));

async function start(yaml: string | null, files: Record<string, string> = {}, dataDir = newDataDir()) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dataDir, name), text);
  if (yaml !== null)
    writeFileSync(
      join(dataDir, 'telling.yaml'),
      `format: countersign.telling/1\n${yaml.replaceAll('$DIR', dataDir)}`,
    );
  const notified: string[] = [];
  const urgent: string[] = [];
  host = await createHost({
    dataDir,
    shell: 'desktop',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
    passphrase: 'correct horse battery',
    notify(news) {
      notified.push(`${news.title}: ${news.body}`);
      if (news.urgent) urgent.push(news.title);
    },
  });
  return { call: callerOf(host), notified, urgent, dataDir };
}
const textsAt = (server: TinyServer) => server.received.map(({ body }) => JSON.parse(body).text as string);

it('tells of a new incident and of a stop, at the webhook and on the desktop, with a link back and no secret', async () => {
  const server = await receiver();
  const { call, notified } = await start(
    'link: https://ops.example/\nwebhooks: [{ name: on-call, url: { file: $DIR/hook } }]\n',
    { hook: `${server.url}/services/T0/hush\n` },
  );
  const { id } = await call('incidents.open', {
    title: 'Checkout fails, password=hunter22',
    severity: 'sev1',
  });
  await call('stop.engage', { reason: 'too risky', how: 'screen' });
  const texts = await eventually('both messages', () => server.received.length === 2 && textsAt(server));
  expect(texts[0]).toBe(
    `*New incident, sev1*\nCheckout fails, password=(hidden)\n<https://ops.example/#/room/${id}|Open in Countersign>`,
  );
  expect(texts[1]).toContain('too risky');
  expect(server.received[0]?.url).toBe('/services/T0/hush');
  expect(notified[0]).toContain('New incident, sev1: Checkout fails');
  const view = await eventually('the view', async () => {
    const { targets } = await call('telling.show', {});
    return targets.every(({ state }) => state === 'told') && targets;
  });
  expect(view.map(({ name, kind }) => [name, kind])).toEqual([
    ['This desktop', 'desktop'],
    ['on-call', 'webhook'],
  ]);
  expect(JSON.stringify(view)).not.toContain('hush');
});

it('tells only what was asked for, and a flood by its first messages', async () => {
  const [stops, all] = [await receiver(), await receiver()];
  const { call } = await start(
    'desktop: false\nwebhooks:\n  - { name: a, url: { file: $DIR/a }, tells: [stop] }\n  - { name: b, url: { file: $DIR/b } }\n',
    { a: stops.url, b: all.url },
  );
  for (let count = 0; count < 30; count += 1)
    await call('incidents.open', { title: `Incident ${count}`, severity: 'sev3' });
  await call('stop.engage', { reason: 'enough', how: 'screen' });
  await eventually('the stop', () => stops.received.length === 1);
  await eventually('the first messages', () => all.received.length >= 8);
  expect(all.received.length).toBeLessThan(12);
});

it('tries each target on request, and says what is wrong with one, without its address', async () => {
  const elsewhere = await receiver();
  const redirecting = await serving((_request, response) =>
    response.writeHead(302, { location: elsewhere.url }).end(),
  );
  const { call } = await start('desktop: false\nwebhooks: [{ name: on-call, url: { file: $DIR/hook } }]\n', {
    hook: `${redirecting.url}/hush`,
  });
  const { targets } = await call('telling.test', {});
  expect(targets).toMatchObject([{ state: 'failed', sentence: expect.stringContaining('redirects') }]);
  expect(targets[0]?.sentence).not.toContain('hush');
  expect(elsewhere.received).toHaveLength(0);
});

it('starts with a file that does not hold, tells nobody and says why, without an address', async () => {
  const { call, notified } = await start('webhooks: [{ name: on-call, url: { file: $DIR/hook } }]\n', {
    hook: 'http://hooks.example/hush',
  });
  const { problem, targets } = await call('telling.show', {});
  expect(problem).toContain('begins with https://');
  expect(problem).not.toContain('hush');
  expect(targets).toMatchObject([{ kind: 'desktop' }]);
  expect((await call('host.status', {})).notices.join()).toContain('telling.yaml');
  await call('incidents.open', { title: 'x', severity: 'sev4' });
  expect(notified).toEqual(['New incident, sev4: x']);
});

it('tells a webhook that was added in Settings, keeps its address in the vault alone, and still knows it after a restart', async () => {
  const server = await receiver();
  const url = `${server.url}/services/T0/hush-hush`;
  const { call, dataDir } = await start(null);
  const webhook = { name: 'on-call', url, tells: ['stop' as const], drills: false };
  await expect(call('telling.add', { ...webhook, url: 'http://hooks.example/hush' })).rejects.toThrow(
    'begins with https://',
  );
  const view = await call('telling.add', webhook);
  expect(view.targets.at(-1)).toMatchObject({ name: 'on-call', host: new URL(url).host, state: 'unused' });
  const entries = await call('ledger.entries', { realm: 'real', limit: 200 });
  const kept = ['countersign.db', 'countersign.db-wal', 'vault.json'].map((name) =>
    existsSync(join(dataDir, name)) ? readFileSync(join(dataDir, name), 'latin1') : '',
  );
  expect(JSON.stringify(entries)).toContain('on-call');
  expect(`${JSON.stringify(entries)}${kept.join('')}`).not.toContain('services/T0');

  await call('incidents.open', { title: 'Not asked for', severity: 'sev3' });
  await call('stop.engage', { reason: `too risky, see ${url}`, how: 'screen' });
  await eventually('the stop', () => server.received.length === 1);
  expect(textsAt(server)[0]).toMatch(/^\*Stopped by /);
  expect(textsAt(server)[0]).not.toContain('hush');
  await host?.close();

  const again = await start(null, {}, dataDir);
  const { targets } = await again.call('telling.test', {});
  expect(targets.at(-1)).toMatchObject({ name: 'on-call', state: 'told' });
  expect(server.received.at(-1)?.url).toBe('/services/T0/hush-hush');
  const after = await again.call('telling.remove', { target: targets.at(-1)?.id ?? '' });
  expect(after.targets).toHaveLength(1);
  expect(readFileSync(join(dataDir, 'vault.json'), 'utf8')).not.toContain('telling/');
});

it('takes up at once what is chosen, and leaves what the file says to the file', async () => {
  const { call, notified, urgent } = await start('link: https://ops.example\n');
  const { choices, fixed } = await call('telling.show', {});
  expect([choices.link, fixed]).toEqual(['https://ops.example', { link: true, desktop: false }]);
  await call('telling.choose', { link: null, desktop: { tells: ['stop'], drills: false } });
  expect((await call('telling.show', {})).choices.link).toBe('https://ops.example');
  await call('incidents.open', { title: 'x', severity: 'sev4' });
  await call('stop.engage', { reason: 'enough', how: 'screen' });
  await eventually('the stop', () => notified.length === 1);
  expect(notified[0]).toMatch(/^Stopped by .*: enough$/);
  // Whoever tries looks at the screen, where nothing else would be shown.
  await call('telling.test', {});
  expect(urgent).toEqual([expect.stringMatching(/^Stopped/), 'Countersign can tell you']);
});

const calm = { signal: new AbortController().signal, pauseMs: 1, timeoutMs: 300 };
it.each<[string, Parameters<typeof tinyServer>[0], RegExp, number]>([
  ['endless answers', (_request, response) => void response.write('x'.repeat(40_000)), /sent more than/, 1],
  ['silence', () => {}, /did not answer in time/, 1],
  ['a failure that lasts', (_request, response) => response.writeHead(503).end(), /503/, 3],
  ['a refusal', (_request, response) => response.writeHead(403).end('no hush'), /403/, 1],
])('ends at %s', async (_case, answer, sentence, times) => {
  const server = await serving(answer);
  await expect(postTo(new URL(`${server.url}/hush`), '{}', calm)).rejects.toThrow(sentence);
  await expect(postTo(new URL(`${server.url}/hush`), '{}', calm)).rejects.not.toThrow(/hush/);
  expect(server.received).toHaveLength(2 * times);
});

it('never posts to a metadata address, nor to a host that the envelope refuses', async () => {
  await expect(postTo(new URL('http://169.254.169.254/latest'), '{}', calm)).rejects.toThrow(/metadata/);
  const server = await receiver();
  const refuses = (name: string) => name === '127.0.0.1';
  await expect(postTo(new URL(server.url), '{}', { ...calm, refuses })).rejects.toThrow(/envelope refuses/);
  expect(server.received).toHaveLength(0);
});
