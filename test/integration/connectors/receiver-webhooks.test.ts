import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Delivered } from '../../../electron/connectors/delivered.ts';
import { receiver } from '../../../electron/connectors/receiver/receiver.ts';
import { oneSecretForAll } from '../../../electron/connectors/receiver/sender-book.ts';
import { ReceivedKind } from '../../../shared/vocabulary/receiver-place.ts';

const token = 'token-of-the-receiver';
const secret = 'hunter2-of-the-body';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function open(takes: readonly ReceivedKind[] = ReceivedKind.options) {
  const heard: Delivered[] = [];
  const connector = receiver({
    id: 'in',
    name: 'In',
    place: { host: '127.0.0.1', port: 0, takes },
    senders: [oneSecretForAll(token, takes)],
  });
  stops.push(() => connector.close());
  stops.push(
    connector.changes.stream({ onObservations: (more) => void heard.push(...more), onState: () => {} }),
  );
  const { urls } = await connector.open();
  const at = (kind: ReceivedKind) => urls.find((url) => url.endsWith(`/${kind}`)) ?? '';
  return { connector, heard, at };
}

const now = () => new Date().toISOString();
const signed = (body: string, key = token) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(body).digest('hex')}`,
});
const bearer = { authorization: `Bearer ${token}` };

const post = (url: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
async function receiptOf(reply: Response) {
  return [reply.status, await reply.json()];
}

const repository = { name: 'checkout', full_name: 'shop/checkout', default_branch: 'main', private: true };
const deployment = (more: object = {}) => ({
  id: 4_711,
  sha: '0123456789abcdef0123456789abcdef01234567',
  ref: 'v1.42.0',
  environment: 'production',
  description: null,
  creator: { login: 'mina' },
  created_at: now(),
  payload: {},
  transient_environment: false,
  ...more,
});
const status = (state: string, id: number, more: object = {}) =>
  JSON.stringify({
    action: 'created',
    repository,
    deployment: deployment(more),
    deployment_status: {
      id,
      state,
      description: 'rolled out',
      creator: { login: 'ci' },
      created_at: now(),
      log_url: 'https://ci.example/1',
      target_url: '',
    },
  });

describe('a webhook of GitHub', () => {
  it('tells of a deploy once, however many statuses follow', async () => {
    const { at, heard } = await open();
    const created = JSON.stringify({ action: 'created', repository, deployment: deployment() });
    expect(await receiptOf(await post(at('github'), created, signed(created)))).toEqual([
      202,
      { accepted: 1, repeated: 0, ignored: 0 },
    ]);
    const waiting = status('queued', 1);
    expect((await receiptOf(await post(at('github'), waiting, signed(waiting))))[1]).toMatchObject({
      ignored: 1,
    });
    const done = status('success', 2);
    await post(at('github'), done, signed(done));
    expect(heard.map(({ key }) => key)).toEqual(Array(2).fill('deploy:github/shop/checkout/4711'));
    expect(heard[1]).toMatchObject({
      change: 'deploy',
      service: 'checkout',
      title: 'Deploy of checkout v1.42.0 to production done',
      actor: 'ci',
      labels: { environment: 'production', version: 'v1.42.0' },
      raw: done,
    });
  });

  it('may name the service, and tells nothing of an environment that goes with its pull request', async () => {
    const { at, heard } = await open();
    const named = status('success', 1, { payload: { service: 'cart' } });
    const transient = status('success', 2, { id: 4_712, transient_environment: true });
    await post(at('github'), named, signed(named));
    await post(at('github'), transient, signed(transient));
    expect(heard.map(({ service }) => service)).toEqual(['cart']);
  });

  it('tells of a push to the default branch and of a release, and not of other branches and pings', async () => {
    const { at, heard } = await open();
    const commits = [{ message: 'Make the cache smaller' }];
    const push = (ref: string) => ({
      ref,
      after: '0123456789abcdef',
      repository,
      pusher: { name: 'mina' },
      compare: 'https://github.com/shop/checkout/compare/a...b',
      commits,
      head_commit: { message: 'Make the cache smaller', timestamp: now() },
    });
    const release = {
      action: 'published',
      repository,
      release: {
        id: 5,
        tag_name: 'v1.42.0',
        prerelease: false,
        author: { login: 'mina' },
        published_at: now(),
      },
    };
    const ping = { zen: 'Keep it logically awesome.', hook_id: 1, repository };
    for (const value of [push('refs/heads/main'), push('refs/heads/other'), release, ping]) {
      const body = JSON.stringify(value);
      expect((await post(at('github'), body, signed(body))).status).toBe(202);
    }
    expect(heard.map((one) => [one.title, one.kind === 'change' && one.change])).toEqual([
      ['1 commit pushed to main of shop/checkout', 'config'],
      ['Release v1.42.0 of shop/checkout published', 'deploy'],
    ]);
  });

  it('is known by what it signs: a forged delivery doubles nothing and hides nothing', async () => {
    const { at, heard } = await open();
    const first = status('success', 1);
    const other = status('success', 2, { id: 4_712 });
    const delivery = { 'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958' };
    const forged = { 'x-github-delivery': '00000000-0000-0000-0000-000000000000', 'x-github-event': 'push' };
    expect(
      (await receiptOf(await post(at('github'), first, { ...signed(first), ...delivery })))[1],
    ).toMatchObject({
      accepted: 1,
    });
    expect(
      (await receiptOf(await post(at('github'), first, { ...signed(first), ...forged })))[1],
    ).toMatchObject({
      repeated: 1,
    });
    // Another event, sent with the name of the first.
    expect(
      (await receiptOf(await post(at('github'), other, { ...signed(other), ...delivery })))[1],
    ).toMatchObject({
      accepted: 1,
    });
    expect(heard).toHaveLength(2);
  });

  it.each<[string, number, (body: string) => Record<string, string>]>([
    ['no signature', 401, () => ({})],
    ['the token in its place', 401, () => bearer],
    ['a signature made with another secret', 401, (body) => signed(body, 'another-secret-of-others')],
    ['the signature of another body', 401, () => signed('{}')],
    ['a signature of another length', 401, () => ({ 'x-hub-signature-256': 'sha256=00' })],
    ['the old signature alone', 401, (body) => ({ 'x-hub-signature': `sha1=${body.length}` })],
    ['a form', 415, (body) => ({ ...signed(body), 'content-type': 'application/x-www-form-urlencoded' })],
    ['a page that knows the secret', 403, (body) => ({ ...signed(body), origin: 'https://evil.example' })],
  ])('with %s is refused with %i, and nothing of it is repeated', async (_, code, headers) => {
    const { at, heard } = await open();
    const body = status('success', 1, { description: secret });
    const reply = await post(at('github'), body, headers(body));
    const said = await reply.text();
    expect(reply.status).toBe(code);
    expect(JSON.parse(said)).toEqual({ error: expect.stringMatching(/^.{10,}\.$/) });
    expect(said).not.toContain(secret);
    expect(heard).toEqual([]);
    expect((await post(at('github'), body, signed(body))).status).toBe(202);
  });

  it.each<[string, number, string]>([
    ['deep JSON', 400, `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
    ['two megabytes', 413, JSON.stringify({ repository, x: 'x'.repeat(2_097_152) })],
    ['another shape', 400, JSON.stringify({ repository, deployment: { id: 'x' } })],
    ['half of it', 400, '{"repository":'],
  ])('of %s is refused with %i, though it is signed', async (_, code, body) => {
    const { at, heard } = await open();
    expect((await post(at('github'), body, signed(body))).status).toBe(code);
    expect(heard).toEqual([]);
  });

  it('that is packed is refused before it is unpacked', async () => {
    const { at } = await open();
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(50_000_000)));
    const reply = await post(at('github'), bomb, {
      'content-encoding': 'gzip',
      'x-hub-signature-256': `sha256=${createHmac('sha256', token).update(bomb).digest('hex')}`,
    });
    expect([reply.status, await reply.json()]).toEqual([
      415,
      { error: 'Send the body as it is, without a content-encoding.' },
    ]);
  });

  it('that guesses secrets is told to wait, and whoever signs is not', async () => {
    const { at } = await open();
    const body = status('success', 1);
    const replies = await Promise.all(
      Array.from({ length: 40 }, (_, n) => post(at('github'), body, signed(body, `guess number ${n}`))),
    );
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([401, 429]));
    expect((await post(at('github'), body, signed(body))).status).toBe(202);
  });
});

describe('a notification of Argo CD', () => {
  const sync = (more: object = {}) =>
    JSON.stringify({
      format: 'countersign.argo-cd/1',
      application: 'checkout',
      project: 'shop',
      namespace: 'shop',
      destination: 'https://kubernetes.default.svc',
      repository: 'https://git.example/shop/deploy.git',
      revision: 'abcdef0123456789abcdef0123456789abcdef01',
      images: ['registry:5000/shop/sidecar:2', 'registry:5000/shop/checkout:1.42.0'],
      phase: 'Succeeded',
      message: 'successfully synced (all tasks run)',
      startedAt: now(),
      finishedAt: now(),
      actor: 'mina',
      url: 'https://argo.example/applications/checkout',
      ...more,
    });

  it('is a deploy of what it synced, once', async () => {
    const { at, heard } = await open();
    const body = sync();
    await post(at('argo-cd'), body, bearer);
    expect((await receiptOf(await post(at('argo-cd'), body, bearer)))[1]).toMatchObject({ repeated: 1 });
    await post(at('argo-cd'), sync({ phase: 'Running', finishedAt: null }), bearer);
    expect(heard).toMatchObject([
      {
        change: 'deploy',
        service: 'checkout',
        title: 'checkout synced to abcdef012345 by Argo CD',
        actor: 'mina',
        labels: { namespace: 'shop', version: '1.42.0' },
        raw: body,
      },
    ]);
  });

  it.each<[string, number, string, Record<string, string>]>([
    ['no token', 401, sync(), {}],
    ['a signature in its place', 401, sync(), signed(sync())],
    ['another format', 400, sync({ format: 'other' }), bearer],
    ['an application without a name', 400, sync({ application: '' }), bearer],
  ])('with %s is refused with %i', async (_, code, body, headers) => {
    const { at, heard } = await open();
    expect((await post(at('argo-cd'), body, headers)).status).toBe(code);
    expect(heard).toEqual([]);
  });
});

describe('the webhook of Alertmanager', () => {
  const startsAt = now();
  const alert = (name: string, more: object = {}) => ({
    status: 'firing',
    labels: { alertname: name, service: 'checkout', severity: 'critical' },
    annotations: { summary: `${name} of checkout` },
    startsAt,
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus:9090/graph?g0.expr=errors+%3E+0.05',
    fingerprint: 'ffffffffffffffff',
    ...more,
  });
  const notice = (...alerts: object[]) =>
    JSON.stringify({
      version: '4',
      groupKey: '{}:{alertname="X"}',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'countersign',
      groupLabels: { service: 'checkout' },
      commonLabels: {},
      commonAnnotations: {},
      externalURL: 'http://alertmanager:9093',
      alerts,
    });
  const firing = async ({ connector }: Awaited<ReturnType<typeof open>>) =>
    (await connector.alerts?.firing(AbortSignal.timeout(1_000))) ?? [];

  it('says what fires until it says that it is over, and says so at once', async () => {
    const opened = await open();
    let told = 0;
    opened.connector.alerts?.onNews?.(() => {
      told += 1;
    });
    await post(opened.at('alertmanager'), notice(alert('A'), alert('B')), bearer);
    expect(told).toBe(1);
    expect(await firing(opened)).toMatchObject([
      {
        name: 'A',
        severity: 'critical',
        service: 'checkout',
        summary: 'A of checkout',
        startedMs: Date.parse(startsAt),
        query: { expression: 'errors > 0.05', threshold: 0.05 },
        groups: ['service=checkout'],
      },
      { name: 'B' },
    ]);
    // The fingerprint is made of the labels: what a sender claims could be that of another.
    expect((await firing(opened)).map(({ fingerprint }) => fingerprint)).not.toContain('ffffffffffffffff');
    const again = await post(opened.at('alertmanager'), notice(alert('A')), bearer);
    expect(await receiptOf(again)).toEqual([202, { accepted: 0, repeated: 1, ignored: 0 }]);
    await post(opened.at('alertmanager'), notice(alert('A', { status: 'resolved' })), bearer);
    // It comes late, from before it was over.
    await post(opened.at('alertmanager'), notice(alert('A')), bearer);
    expect((await firing(opened)).map(({ name }) => name)).toEqual(['B']);
    await post(opened.at('alertmanager'), notice(alert('A', { startsAt: now() })), bearer);
    expect((await firing(opened)).map(({ name }) => name)).toEqual(['B', 'A']);
    expect(told).toBe(3);
  });

  it.each<[string, number, string, Record<string, string>]>([
    ['no token', 401, notice(alert('A')), {}],
    ['another version', 400, notice(alert('A')).replace('"4"', '"3"'), bearer],
    ['a label that is no text', 400, notice(alert('A', { labels: { a: 1 } })), bearer],
    [
      'too many alerts',
      413,
      notice(...Array.from({ length: 2_001 }, () => ({ ...alert('A'), annotations: {} }))),
      bearer,
    ],
    ['a page of a browser', 403, notice(alert('A')), { ...bearer, 'sec-fetch-site': 'cross-site' }],
  ])('with %s is refused with %i', async (_, code, body, headers) => {
    const opened = await open();
    expect((await post(opened.at('alertmanager'), body, headers)).status).toBe(code);
    expect(await firing(opened)).toEqual([]);
  });
});

it('takes at its address what that is for, and nothing else', async () => {
  const { at, connector, heard } = await open(['github']);
  expect(at('events')).toBe('');
  expect(connector.alerts).toBeUndefined();
  const other = at('github').replace('/github', '/alertmanager');
  expect((await post(other, '{}', bearer)).status).toBe(404);
  expect(heard).toEqual([]);
});
