import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Connector, FlagControl, FlagReader } from '../../../../electron/connectors/source.ts';
import { unleash } from '../../../../electron/connectors/unleash/unleash.ts';
import type { Observation } from '../../../../shared/vocabulary/event.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { demandEvidence, observationIn, sentOf } from '../../../fixtures/sent-fact.ts';
import { type Received, sendJson, type TinyServer, tinyServer } from '../../../fixtures/tiny-server.ts';

const token = 'default:production.geheim0123456789';
const atMs = Date.parse('2026-03-03T03:00:00Z');
const calm = () => new AbortController().signal;
const ref = { project: 'default', namespace: 'production', name: 'checkout.new-cart' };
const intent = { intent: 'prop-7', dryRun: false };

let server: TinyServer | undefined;
const stops: (() => void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await server?.close();
});

const strategy = (rollout: string, more: object = {}) => ({
  id: 's1',
  name: 'flexibleRollout',
  title: null,
  disabled: false,
  constraints: [],
  parameters: { rollout, stickiness: 'default', groupId: 'checkout.new-cart' },
  segments: [],
  ...more,
});
const event = (id: number, type: string, more: object = {}) => ({
  id,
  type,
  createdBy: 'mara',
  createdAt: new Date(atMs - 60_000 + id * 1_000).toISOString(),
  data: null,
  preData: null,
  tags: [],
  featureName: 'checkout.new-cart',
  project: 'default',
  environment: 'production',
  ...more,
});

type World = {
  enabled: boolean;
  strategies: object[];
  events: object[];
  tags?: object[];
  archived?: boolean;
};

/** An Unleash with one flag; `answer` may answer instead, and says so by returning true. */
async function onUnleash(
  world: World,
  answer: (request: Received, response: ServerResponse) => boolean = () => false,
): Promise<Connector & { flags: FlagReader; flagControl: FlagControl }> {
  server = await tinyServer((request, response) => {
    if (answer(request, response)) return;
    const { pathname: path, searchParams } = new URL(request.url, 'http://unleash');
    const environment = '/api/admin/projects/default/features/checkout.new-cart/environments/production';
    if (path === '/api/admin/environments') {
      const environments = ['development', 'production'].map((name) => ({ name, type: name, enabled: true }));
      return sendJson(response, { version: 1, environments });
    }
    if (path === '/api/admin/projects') return sendJson(response, { projects: [{ id: 'default' }] });
    if (path === '/api/admin/search/events') {
      const [offset, limit] = [Number(searchParams.get('offset')), Number(searchParams.get('limit'))];
      const newestFirst = world.events.toReversed();
      return sendJson(response, {
        events: newestFirst.slice(offset, offset + limit),
        total: newestFirst.length,
      });
    }
    if (path === '/api/admin/features/checkout.new-cart/tags' && world.tags)
      return sendJson(response, { version: 1, tags: world.tags });
    if (path === '/api/admin/projects/default/features/checkout.new-cart') {
      const { enabled, strategies, archived = false } = world;
      return sendJson(response, {
        name: 'checkout.new-cart',
        type: 'release',
        archived,
        environments: [
          { name: 'development', enabled: true, strategies: [] },
          { name: 'production', enabled, strategies },
        ],
      });
    }
    if (request.method === 'POST' && path.startsWith(environment)) {
      world.enabled = path.endsWith('/on');
      return response.writeHead(200).end();
    }
    if (request.method === 'PATCH' && path === `${environment}/strategies/s1`) {
      const [{ value }] = JSON.parse(request.body);
      world.strategies = [strategy(value)];
      return sendJson(response, strategy(value));
    }
    return sendJson(response, { name: 'NotFoundError', message: `No ${path}` }, 404);
  });
  const connector = unleash({
    id: 'flags',
    name: 'Flags',
    url: server.url,
    authorization: token,
    clock: { now: () => atMs },
    everyMs: 5,
  });
  const { flags, flagControl } = connector;
  if (!flags || !flagControl) throw new Error('flags can be read and set');
  return { ...connector, flags, flagControl };
}
const writes = () => server?.received.filter(({ method }) => method !== 'GET') ?? [];
const quiet = (): World => ({ enabled: true, strategies: [strategy('100')], events: [] });

const backfill = async (connector: Connector, more: object = {}) =>
  connector.changes?.backfill({ fromMs: atMs - 3_600_000, toMs: atMs, ...more }, calm()) ?? [];

describe('changes', () => {
  const told = async (one: object) => {
    const found = await backfill(await onUnleash({ ...quiet(), events: [one] }));
    demandEvidence(found);
    return found.map(observationIn)[0];
  };

  it('keep the event as it was sent, and show nothing that is named like a secret', async () => {
    const variant = (value: string) => [{ name: 'a', payload: { type: 'string', apiToken: value } }];
    const change = event(7, 'feature-strategy-update', {
      label: 'x',
      preData: strategy('10', { variants: variant('hunter1') }),
      data: strategy('100', { variants: variant('hunter2') }),
    });
    const found = await backfill(await onUnleash({ ...quiet(), events: [change] }));
    expect(found.map(sentOf)).toMatchObject([
      {
        id: 7,
        type: 'feature-strategy-update',
        label: 'x',
        data: { parameters: { rollout: '100' }, variants: [{ payload: { apiToken: '(hidden)' } }] },
        preData: { parameters: { rollout: '10' } },
      },
    ]);
    expect(JSON.stringify(found.map(observationIn))).not.toContain('hunter');
    expect(found).toMatchObject([{ diff: [{ path: 'rollout' }, { path: 'variants' }] }]);
  });

  it('shows the token alone, as Unleash wants it', async () => {
    await told(event(1, 'feature-environment-enabled'));
    expect(server?.received[0]?.headers.authorization).toBe(token);
  });

  it.each<[string, object, string, object[]]>([
    [
      'turned on',
      event(7, 'feature-environment-enabled'),
      'off → on',
      [{ path: 'enabled', before: 'false', after: 'true' }],
    ],
    [
      'turned off',
      event(7, 'feature-environment-disabled'),
      'on → off',
      [{ path: 'enabled', before: 'true', after: 'false' }],
    ],
    [
      'rolled out further',
      event(7, 'feature-strategy-update', { preData: strategy('10'), data: strategy('100') }),
      '10 % → 100 %',
      [{ path: 'rollout', before: '10', after: '100' }],
    ],
    [
      'given a rollout',
      event(7, 'feature-strategy-add', { data: strategy('50', { parameters: { rollout: 50 } }) }),
      'flexibleRollout added for 50 %',
      [
        { path: 'rollout', before: null, after: '50' },
        { path: 'name', before: null, after: 'flexibleRollout' },
      ],
    ],
    [
      'narrowed by a constraint',
      event(7, 'feature-strategy-update', {
        preData: strategy('10'),
        data: strategy('10', { constraints: [{ contextName: 'userId', operator: 'IN', values: ['7'] }] }),
      }),
      'flexibleRollout changed (constraints)',
      [{ path: 'constraints', before: null, after: expect.stringContaining('"userId"') }],
    ],
  ])('are told with before and after: %s', async (_case, one, words, diff) => {
    expect(await told(one)).toMatchObject({
      key: 'flag:default/checkout.new-cart@7',
      kind: 'change',
      change: 'flag',
      atMs: atMs - 53_000,
      service: 'checkout',
      actor: 'mara',
      title: `Flag checkout.new-cart in production: ${words}`,
      source: 'Flags',
      labels: { flag: 'checkout.new-cart', project: 'default', environment: 'production' },
      diff,
    });
  });

  it('concern the service of the tag, else that before the first dot, else none', async () => {
    const tagged = { tags: [{ type: 'service', value: 'cart' }] };
    expect((await told(event(1, 'feature-environment-enabled', tagged)))?.service).toBe('cart');
    const plain = { featureName: 'new-cart' };
    expect((await told(event(1, 'feature-environment-enabled', plain)))?.service).toBeNull();
  });

  it('of the end of a flag concern every environment', async () => {
    expect(await told(event(1, 'feature-archived', { environment: null }))).toMatchObject({
      title: 'Flag checkout.new-cart: archived, off for everybody',
    });
  });

  it.each<[string, object]>([
    ['in development', event(1, 'feature-environment-enabled', { environment: 'development' })],
    ['of a description', event(1, 'feature-metadata-updated', { environment: null })],
    ['of a project', event(1, 'project-created', { featureName: null })],
  ])('%s are nobody’s evidence', async (_case, one) => expect(await told(one)).toBeUndefined());

  it('outside the window are left out, and all pages of it are read', async () => {
    const events = Array.from({ length: 450 }, (_, index) =>
      event(index, 'feature-environment-enabled', {
        createdAt: new Date(atMs - (450 - index) * 1_000).toISOString(),
      }),
    );
    const connector = await onUnleash({ ...quiet(), events });
    const found = await backfill(connector, { fromMs: atMs - 449_000, toMs: atMs - 2_000 });
    expect(found).toHaveLength(448);
    expect(found.map(({ atMs }) => atMs)).toEqual(found.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
  });

  it('fails rather than leave out what does not fit', async () => {
    const events = Array.from({ length: 4_001 }, (_, index) =>
      event(index, 'x', { createdAt: new Date(atMs).toISOString() }),
    );
    await expect(backfill(await onUnleash({ ...quiet(), events }))).rejects.toThrow('some would be missed');
  });

  it('are streamed once each, from shortly before it began, whatever order ids become visible in', async () => {
    const world = {
      ...quiet(),
      events: [
        event(1, 'feature-environment-enabled', { createdAt: '2026-03-03T01:00:00.000Z' }),
        event(2, 'feature-environment-disabled'),
      ],
    };
    const connector = await onUnleash(world);
    const heard: Observation[] = [];
    const states: boolean[] = [];
    const stop = connector.changes?.stream({
      onObservations: (observations) => heard.push(...observations),
      onState: ({ up }) => states.push(up),
    });
    if (stop) stops.push(stop);
    await eventually('the first change', () => heard.length === 1);
    world.events = [...world.events, event(9, 'feature-environment-enabled')];
    await eventually('the second change', () => heard.length === 2);
    world.events = [
      ...world.events.slice(0, 2),
      event(8, 'feature-environment-disabled'),
      ...world.events.slice(2),
    ];
    await eventually('the late change', () => heard.length === 3);
    expect(heard.map(({ key }) => key.split('@')[1])).toEqual(['2', '9', '8']);
    expect(states).not.toContain(false);
  });

  it('say when they are down, and when up again', async () => {
    let broken = true;
    const connector = await onUnleash(quiet(), (_request, response) => {
      if (broken) sendJson(response, { message: 'overloaded' }, 503);
      return broken;
    });
    const states: boolean[] = [];
    const stop = connector.changes?.stream({
      onObservations: () => {},
      onState: ({ up }) => states.push(up),
    });
    if (stop) stops.push(stop);
    await eventually('being down', () => states.includes(false));
    broken = false;
    await eventually('being up', () => states.at(-1) === true);
  });
});

describe('a flag', () => {
  it('is read with its share, its strategies and a digest that changes with what decides', async () => {
    const world: World = quiet();
    const { flags } = await onUnleash(world);
    const before = await flags.flag(ref, calm());
    expect(before).toMatchObject({
      enabled: true,
      percent: 100,
      strategies: [{ id: 's1', name: 'flexibleRollout', percent: 100 }],
      archived: false,
      service: 'checkout',
      type: 'release',
    });
    world.strategies = [strategy('100', { constraints: [{ contextName: 'userId', operator: 'IN' }] })];
    expect((await flags.flag(ref, calm())).digest).not.toBe(before.digest);
    world.tags = [{ type: 'service', value: 'cart' }];
    expect((await flags.flag(ref, calm())).service).toBe('cart');
  });

  it.each<[string, object[]]>([
    ['several strategies', [strategy('10'), strategy('20', { id: 's2' })]],
    ['none', []],
    ['one of another kind', [strategy('10', { name: 'userWithId' })]],
    ['one that is disabled', [strategy('10', { disabled: true })]],
  ])('with %s has no one share', async (_case, strategies) => {
    const { flags } = await onUnleash({ ...quiet(), strategies });
    expect((await flags.flag(ref, calm())).percent).toBeNull();
  });

  it('that is in no such environment is not found', async () => {
    const { flags } = await onUnleash(quiet());
    await expect(flags.flag({ ...ref, namespace: 'staging' }, calm())).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('a write', () => {
  const set = async (
    change: { enabled: boolean; percent: number | null; expectedDigest?: string },
    answer?: Parameters<typeof onUnleash>[1],
    options = intent,
  ) => {
    const { flags, flagControl } = await onUnleash(quiet(), answer);
    const { digest: expectedDigest } = await flags.flag(ref, calm());
    return flagControl.setFlag(ref, { expectedDigest, ...change }, options, calm());
  };
  const at = '/api/admin/projects/default/features/checkout.new-cart/environments/production';

  it('turns a flag off by one request, named after its intent', async () => {
    expect(await set({ enabled: false, percent: null })).toEqual({
      kind: 'applied',
      sentence: 'checkout.new-cart in production is off',
    });
    expect(writes()).toMatchObject([{ method: 'POST', url: `${at}/off` }]);
    expect(writes()[0]?.headers['user-agent']).toBe('countersign/prop-7');
  });

  it('sets the share of the one rollout by one request', async () => {
    expect(await set({ enabled: true, percent: 10 })).toMatchObject({ kind: 'applied' });
    expect(writes()).toMatchObject([{ method: 'PATCH', url: `${at}/strategies/s1` }]);
    expect(JSON.parse(writes()[0]?.body ?? '')).toEqual([
      { op: 'replace', path: '/parameters/rollout', value: '10' },
    ]);
  });

  it.each<[string, { enabled: boolean; percent: number | null; expectedDigest?: string }]>([
    ['when the flag is not as it was planned on', { enabled: false, percent: null, expectedDigest: 'other' }],
    ['when it would take two requests', { enabled: false, percent: 10 }],
    ['when it is so already', { enabled: true, percent: 100 }],
  ])('is not sent %s', async (_case, change) => {
    expect(await set(change)).toMatchObject({ kind: 'not-applied' });
    expect(writes()).toEqual([]);
  });

  it('is not sent in a trial run', async () => {
    const result = await set({ enabled: false, percent: null }, undefined, { ...intent, dryRun: true });
    expect(result).toMatchObject({ kind: 'applied', sentence: expect.stringContaining('trial run') });
    expect(writes()).toEqual([]);
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['401', (response) => sendJson(response, { message: `no ${token}` }, 401), 'not-applied'],
    ['403', (response) => sendJson(response, { message: 'needs a change request' }, 403), 'not-applied'],
    ['404', (response) => sendJson(response, { message: 'gone' }, 404), 'not-applied'],
    ['500', (response) => sendJson(response, { message: 'oh' }, 500), 'unknown'],
    [
      'a login page',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      'unknown',
    ],
    ['a yes that changes nothing', (response) => response.writeHead(200).end(), 'unknown'],
    ['silence', (response) => response.destroy(), 'unknown'],
  ])('is sent once whatever comes back: after %s', async (_case, answer, kind) => {
    const result = await set({ enabled: false, percent: null }, (request, response) => {
      if (request.method === 'GET') return false;
      answer(response);
      return true;
    });
    expect(result.kind).toBe(kind);
    expect(JSON.stringify(result)).not.toContain('geheim');
    expect(writes()).toHaveLength(1);
  });
});

describe('the test of a connection', () => {
  it('says what was found', async () => {
    const { test } = await onUnleash(quiet());
    expect(await test(calm())).toMatchObject({
      ok: true,
      sees: ['1 project', 'production: production', 'changes of flags'],
    });
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['401', (response) => sendJson(response, { message: `not ${token}` }, 401), /Enter them again/],
    ['403', (response) => sendJson(response, { message: 'no' }, 403), /does not allow this/],
    ['404', (response) => sendJson(response, { message: 'no' }, 404), /Is the address that of Unleash/],
    ['500', (response) => sendJson(response, { message: 'oh' }, 500), /status 500/],
    [
      'a login page',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      /web page, not JSON/,
    ],
    ['half an answer', (response) => response.writeHead(200).end('{"environments":['), /half of it/],
    ['another system', (response) => sendJson(response, { status: 'success' }), /not one that Unleash gives/],
    ['a redirect', (response) => response.writeHead(302, { location: '/login' }).end(), /redirects/],
    ['a closed connection', (response) => response.destroy(), /closed the connection/],
  ])('says what is wrong and how to mend it: %s', async (_case, answer, sentence) => {
    const { test } = await onUnleash(quiet(), (_request, response) => {
      answer(response);
      return true;
    });
    const result = await test(calm());
    expect(result).toMatchObject({ ok: false, sentence: expect.stringMatching(sentence) });
    expect(result.sentence).not.toContain('geheim');
  });

  it('says so when the token may not read the changes', async () => {
    const { test } = await onUnleash(quiet(), (request, response) => {
      if (!request.url.includes('/events')) return false;
      sendJson(response, { message: 'no' }, 403);
      return true;
    });
    expect(await test(calm())).toMatchObject({ ok: false });
  });

  it('wants an address without credentials, and takes one with the API in it', async () => {
    expect(() => unleash({ id: 'u', name: 'u', url: 'http://me:pw@x', authorization: null })).toThrow(
      'hold no credentials',
    );
    await onUnleash(quiet());
    const url = `${server?.url}/api/admin/`;
    const { test } = unleash({ id: 'u', name: 'u', url, authorization: token });
    expect(await test(calm())).toMatchObject({ ok: true });
  });
});
