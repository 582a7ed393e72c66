import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { type HostIn, hostIn } from '../../fixtures/host-in.ts';
import { sendJson, type TinyServer, tinyServer } from '../../fixtures/tiny-server.ts';

const token = '*:*.hush-hush-hush';
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

it('is shown its token alone, and a person what it said', async () => {
  const call = await start(newDataDir());
  server = await tinyServer((_request, response) => sendJson(response, { message: `no ${token}` }, 403));
  const auth = { kind: 'bearer' as const, token };
  const test = await call('connections.test', { kind: 'unleash', name: 'F', url: server.url, auth });
  expect(test).toMatchObject({ ok: false, sentence: expect.stringContaining('does not allow this') });
  expect(test.sentence).not.toContain('hush');
  expect(server.received[0]?.headers.authorization).toBe(token);
});

it('may stand in connections.yaml, and is listened to from the start', async () => {
  server = await tinyServer((request, response) =>
    request.url.startsWith('/api/admin/search/events')
      ? sendJson(response, { events: [], total: 0 })
      : sendJson(response, { message: 'no' }, 404),
  );
  const dataDir = newDataDir();
  const secret = join(dataDir, 'token');
  writeFileSync(secret, `${token}\n`, { mode: 0o600 });
  writeFileSync(
    join(dataDir, 'connections.yaml'),
    `format: countersign.connections/1
connections:
  - kind: unleash
    name: Flags
    url: ${server.url}
    auth: { bearer: { file: ${secret} } }
`,
  );
  const call = await start(dataDir);
  const source = await eventually('the source', async () =>
    (await call('host.status', {})).sources.find(({ kind, state }) => kind === 'unleash' && state === 'up'),
  );
  expect(source).toMatchObject({ name: 'Flags', realm: 'real', sentence: 'Delivers changes' });
  expect(server.received[0]?.headers.authorization).toBe(token);
});
