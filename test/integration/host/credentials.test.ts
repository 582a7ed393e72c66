import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Host } from '../../../electron/host/host.ts';
import { READER, WRITER } from '../../../electron/host/least-privilege/roles.ts';
import { writeRoles } from '../../../electron/host/least-privilege/write-roles.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import type { HostEvent } from '../../../shared/bridge/host-events.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { clusterWithRoles } from '../../fixtures/cluster-with-roles.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';

const ACCOUNTS = 'operations';
let host: Host | undefined;
let cluster: Awaited<ReturnType<typeof clusterWithRoles>> | undefined;
afterEach(async () => {
  await host?.close();
  await cluster?.close();
  host = undefined;
  cluster = undefined;
});

const roles = () =>
  writeRoles({ envelopeDir: 'resources/envelope', namespaces: ['shop'], accountNamespace: ACCOUNTS });

async function connected(token: string, writer: boolean) {
  const dataDir = newDataDir();
  writeFileSync(join(dataDir, 'reader.token'), `${token}\n`, { mode: 0o600 });
  const connection = {
    kind: 'kubernetes',
    name: 'prod',
    url: cluster?.url,
    auth: { bearer: { file: join(dataDir, 'reader.token') } },
    ...(writer ? { namespaces: ['shop'], writer: { serviceAccount: WRITER, namespace: ACCOUNTS } } : {}),
  };
  const file = { format: 'countersign.connections/1', connections: [connection] };
  writeFileSync(join(dataDir, 'connections.yaml'), JSON.stringify(file));
  const events: HostEvent[] = [];
  host = await createHost({
    dataDir,
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
  });
  host.subscribe((event) => events.push(event));
  const call = callerOf(host);
  const reviewed = () =>
    eventually('the review', async () => {
      const [view] = await call('credentials.list', {});
      return view && view.state !== 'reviewing' ? view : null;
    });
  return { call, reviewed, events, dataDir };
}

it('finds nothing dangerous about the roles that are written for the envelope', async () => {
  cluster = await clusterWithRoles();
  cluster.apply(roles());
  const { call, reviewed } = await connected(cluster.account(READER, ACCOUNTS).token, true);
  const view = await reviewed();
  expect(view).toMatchObject({ name: 'prod', state: 'reviewed', dangerous: [], refuses: false });
  expect(view.sentence).toMatch(/^Needs \d+, holds \d+, none dangerous$/);
  expect(await call('connections.list', {})).toMatchObject([
    { id: 'file:prod', kind: 'kubernetes', auth: 'bearer', from: 'file' },
  ]);
});

it('names what an administrator’s credential could do, the worst first, and asks anew when told to', async () => {
  cluster = await clusterWithRoles();
  const admin = cluster.tokens.mint({ user: 'admin', groups: ['system:masters', 'system:authenticated'] });
  const { call, reviewed } = await connected(admin, false);
  const view = await reviewed();
  expect(view.sentence).toMatch(/dangerous$/);
  expect(view.dangerous[0]).toMatchObject({ right: 'member of system:masters' });
  expect(view.dangerous.map(({ right }) => right)).toEqual(
    expect.arrayContaining([
      'list secrets',
      'create pods/exec',
      'get nodes/proxy',
      'create serviceaccounts/token',
    ]),
  );
  const asked = cluster.received.length;
  expect(await call('credentials.review', { connection: 'file:prod' })).toMatchObject({ state: 'reviewed' });
  expect(cluster.received.length).toBeGreaterThan(asked);
  await expect(call('credentials.review', { connection: 'nobody' })).rejects.toThrow(/no connection nobody/);
});

it('says that a credential could not be reviewed when the server breaks off, in no other words than its own', async () => {
  cluster = await clusterWithRoles(({ path }) =>
    path.includes('selfsubjectaccessreviews')
      ? { status: 500, headers: { 'content-type': 'application/json' }, body: '{"message":"etcd is gone"}' }
      : null,
  );
  const admin = cluster.tokens.mint({ user: 'admin', groups: ['system:masters', 'system:authenticated'] });
  const { reviewed } = await connected(admin, false);
  expect(await reviewed()).toMatchObject({
    state: 'failed',
    dangerous: [],
    sentence: expect.stringMatching(/could not be reviewed: .*etcd is gone/),
  });
});

it('keeps the credential out of everything that is stored, logged or shown, whatever the server quotes', async () => {
  let planted = '';
  cluster = await clusterWithRoles(({ path }) =>
    path.includes('selfsubject')
      ? {
          status: 403,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ message: `no ${planted} and ${encodeURIComponent(planted)}` }),
        }
      : null,
  );
  planted = cluster.tokens.mint({ user: 'admin', groups: ['system:masters', 'system:authenticated'] });
  const { call, reviewed, events, dataDir } = await connected(planted, false);
  const view = await reviewed();
  await call('connections.testStored', { connection: (await call('connections.list', {}))[0]?.id as never });
  const shown = JSON.stringify([
    view,
    events,
    await call('host.status', {}),
    await call('connections.list', {}),
  ]);
  expect(shown).toContain('could not be reviewed');
  expect(shown).not.toContain(planted);
  await host?.close();
  host = undefined;
  const files = readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== 'reader.token' && statSync(join(dataDir, name)).isFile())
    .filter((name) => readFileSync(join(dataDir, name)).includes(planted));
  expect(files).toEqual([]);
});

it('refuses a connections.yaml with a writer that is no account, naming the file', async () => {
  const dataDir = newDataDir();
  const writer = { serviceAccount: '../admin', namespace: 'kube-system' };
  const connection = { kind: 'kubernetes', name: 'prod', kubeconfig: 'kubeconfig', writer };
  const file = { format: 'countersign.connections/1', connections: [connection] };
  writeFileSync(join(dataDir, 'connections.yaml'), JSON.stringify(file));
  host = await createHost({
    dataDir,
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
  });
  const call = callerOf(host);
  const { notices } = await call('host.status', {});
  expect(notices.join()).toMatch(/connections\.yaml does not hold, so none of its connections is used/);
  expect(await call('connections.list', {})).toEqual([]);
});
