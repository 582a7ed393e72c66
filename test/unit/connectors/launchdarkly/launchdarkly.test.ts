import { afterEach, describe, expect, it } from 'vitest';
import {
  type LaunchDarklyOptions,
  launchDarkly,
} from '../../../../electron/connectors/launchdarkly/launchdarkly.ts';
import type { ChangeObservation } from '../../../../shared/vocabulary/event.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import {
  entryOf,
  flagOf,
  launchDarklyServer,
  token,
  type World,
} from '../../../fixtures/launchdarkly-server.ts';
import { demandEvidence, observationIn, sentOf } from '../../../fixtures/sent-fact.ts';
import type { TinyServer } from '../../../fixtures/tiny-server.ts';

const atMs = Date.parse('2026-03-03T03:00:00Z');
const window = { fromMs: atMs - 3_600_000, toMs: atMs };
const calm = () => new AbortController().signal;

let server: TinyServer | undefined;
const stops: (() => void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  await server?.close();
});

const quiet = (more: Partial<World> = {}): World => ({
  projects: [
    {
      key: 'default',
      environments: [
        { key: 'production', critical: true },
        { key: 'test', critical: false },
      ],
    },
  ],
  flags: { 'default/checkout.new-cart': flagOf() },
  entries: [],
  ...more,
});

async function on(
  world: World,
  options: Partial<LaunchDarklyOptions> = {},
  answer?: Parameters<typeof launchDarklyServer>[1],
) {
  server = await launchDarklyServer(world, answer);
  const connector = launchDarkly({
    id: 'flags',
    name: 'Flags',
    url: server.url,
    authorization: token,
    clock: { now: () => atMs },
    everyMs: 5,
    ...options,
  });
  const { changes, flagInspector } = connector;
  if (!changes || !flagInspector) throw new Error('it tells of changes and of flags');
  return { ...connector, changes, flagInspector };
}
const update = (previous: object, current: object, action = 'updateOn') =>
  entryOf('e1', atMs - 60_000, action, {
    previousVersion: flagOf(previous),
    currentVersion: flagOf(current),
  });
const told = async (world: World, options: Partial<LaunchDarklyOptions> = {}) => {
  const found = await (await on(world, options)).changes.backfill(window, calm());
  demandEvidence(found);
  return found.map((fact) => observationIn(fact) as ChangeObservation);
};

describe('changes', () => {
  it('shows the token alone and the version of the API, and tells who changed what, where', async () => {
    const [change] = await told(quiet({ entries: [update({ on: false }, { on: true })] }));
    expect(change).toEqual({
      key: 'flag:default/checkout.new-cart@e1:production',
      kind: 'change',
      change: 'flag',
      atMs: atMs - 60_000,
      service: 'checkout',
      title: 'Flag checkout.new-cart in production: off → on',
      actor: 'Mara Lind',
      source: 'Flags',
      labels: { flag: 'checkout.new-cart', project: 'default', environment: 'production' },
      diff: [{ path: 'on', before: 'false', after: 'true' }],
    });
    expect(server?.received[0]?.headers).toMatchObject({
      authorization: token,
      'ld-api-version': '20240415',
    });
    expect(new Set(server?.received.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  it('keep the entry as it was sent, of the one environment, without who is targeted', async () => {
    const config = (on: boolean) => ({
      on,
      targets: [{ values: ['target@example.com'], variation: 0 }],
      rules: [{ clauses: [{ attribute: 'email', op: 'in', values: Array.from('abcdefg') }], variation: 1 }],
    });
    const flag = (on: boolean) => ({
      ...flagOf(),
      variations: [{ value: { apiToken: 'hunter2' } }, { value: 'https://a:hunter2@example.com/' }],
      environments: { production: config(on), test: config(on) },
    });
    const entry = {
      ...update({}, {}),
      description: 'added target@example.com',
      previousVersion: flag(false),
      currentVersion: flag(true),
    };
    const { changes } = await on(quiet({ entries: [entry] }));
    const [fact] = await changes.backfill(window, calm());
    const sent = fact && (sentOf(fact) as { currentVersion: { environments: object } });
    expect(JSON.stringify(sent)).not.toMatch(/target@|hunter2/);
    expect(Object.keys(sent?.currentVersion.environments ?? {})).toEqual(['production']);
    expect(sent).toMatchObject({
      _id: 'e1',
      previousVersion: { environments: { production: { on: false, targets: [{ count: 1 }] } } },
      currentVersion: {
        environments: {
          production: {
            on: true,
            rules: [{ clauses: [{ values: ['a', 'b', 'c', 'd', 'e', 'and 2 more'] }] }],
          },
        },
      },
    });
  });

  const rule = (values: unknown[], variation: number, more: object = {}) => ({
    _id: 'abcdef0123456789',
    clauses: [{ attribute: 'country', op: 'in', values, negate: false }],
    variation,
    ...more,
  });
  it.each<[string, object, object, string, object[]]>([
    [
      'a percentage rollout of everybody else',
      { fallthrough: { variation: 1 } },
      {
        fallthrough: {
          rollout: {
            variations: [
              { variation: 0, weight: 12_500 },
              { variation: 1, weight: 87_500 },
            ],
          },
        },
      },
      'default rule: off → 12.5 % on, 87.5 % off',
      [{ path: 'default rule', before: 'off', after: '12.5 % on, 87.5 % off' }],
    ],
    [
      'a rule that is new',
      { rules: [] },
      { rules: [rule(['DE', 'AT'], 0)] },
      'rule abcdef01: none → if country in "DE", "AT": on',
      [{ path: 'rule abcdef01', before: null, after: 'if country in "DE", "AT": on' }],
    ],
    [
      'a rule that was negated, named and switched off',
      { rules: [rule(['DE'], 0, { description: 'Dach' })] },
      {
        rules: [
          {
            ...rule(['DE'], 0, { description: 'Dach', disabled: true }),
            clauses: [
              { attribute: 'plan', op: 'in', values: ['free'], negate: true, contextKind: 'organisation' },
            ],
          },
        ],
      },
      'rule Dach: if country in "DE": on → disabled: if organisation plan not in "free": on',
      [
        {
          path: 'rule Dach',
          before: 'if country in "DE": on',
          after: 'disabled: if organisation plan not in "free": on',
        },
      ],
    ],
    [
      'individuals, whom it counts and does not name',
      { targets: [] },
      { targets: [{ values: ['mina@example.com', 'jo@example.com'], variation: 0 }] },
      'individuals who get on: none → 2',
      [{ path: 'individuals who get on', before: null, after: '2' }],
    ],
    [
      'what is served when it is off, and a prerequisite',
      {},
      { offVariation: 0, prerequisites: [{ key: 'base', variation: 1 }] },
      'changed (when off, prerequisite base)',
      [
        { path: 'when off', before: 'off', after: 'on' },
        { path: 'prerequisite base', before: null, after: 'must serve its variation 1' },
      ],
    ],
  ])('tells %s', async (_case, before, after, words, diff) => {
    const [change] = await told(quiet({ entries: [update(before, after, 'updateRules')] }));
    expect(change?.title).toBe(`Flag checkout.new-cart in production: ${words}`);
    expect(change?.diff).toEqual(diff);
  });

  it('is silent about what decides nothing: tags, descriptions, other environments, other things', async () => {
    const test = 'proj/default:env/test:flag/checkout.new-cart';
    const entries = [
      update({}, {}, 'updateTags'),
      entryOf('e2', atMs - 50_000, 'updateOn', { accesses: [{ action: 'updateOn', resource: test }] }),
      entryOf('e3', atMs - 40_000, 'updateName', { kind: 'project' }),
      entryOf('e4', atMs - 30_000, 'updateOn', { accesses: [{ action: 'updateOn', resource: 'nonsense' }] }),
      entryOf('e5', atMs + 1, 'createFlag'),
    ];
    expect(await told(quiet({ entries }))).toEqual([]);
  });

  it('tells of a flag that is made or deleted, and by which token where no person did it', async () => {
    const byToken = { member: undefined, token: { name: 'terraform' } };
    const entries = [
      entryOf('e1', atMs - 60_000, 'createFlag', { currentVersion: flagOf({ on: false }) }),
      entryOf('e2', atMs - 30_000, 'deleteFlag', { previousVersion: flagOf(), ...byToken }),
    ];
    const found = await told(quiet({ entries }));
    expect(found.map(({ title, actor }) => [title.split(': ')[1], actor])).toEqual([
      ['created, off', 'Mara Lind'],
      ['deleted, callers get what their code says', 'token terraform'],
    ]);
  });

  it('tells one entry that touched two environments once for each that counts', async () => {
    const world = quiet({ entries: [update({ on: false }, { on: true })] });
    for (const project of world.projects) for (const one of project.environments) one.critical = false;
    const [entry] = world.entries;
    entry?.accesses.push({ action: 'updateOn', resource: 'proj/default:env/test:flag/checkout.new-cart' });
    Object.assign(entry ?? {}, {
      previousVersion: { ...flagOf({ on: false }), environments: bothOn(false) },
      currentVersion: { ...flagOf(), environments: bothOn(true) },
    });
    expect((await told(world)).map(({ labels }) => labels?.['environment'])).toEqual(['production', 'test']);
    await server?.close();
    const scope = { projects: ['default'], environments: ['test'] };
    expect((await told(world, { scope })).map(({ labels }) => labels?.['environment'])).toEqual(['test']);
    await server?.close();
    expect(await told(world, { scope: { projects: ['other'], environments: [] } })).toEqual([]);
  });
  const bothOn = (on: boolean) => {
    const { production } = flagOf({ on }).environments;
    return { production, test: production };
  };

  it.each([false, true])(
    'reads every page, also of one millisecond (links missing: %s)',
    async (withoutLinks) => {
      const entries = Array.from({ length: 53 }, (_, at) =>
        entryOf(`e${at}`, atMs - 1_000 * Math.floor(at / 4), 'createFlag', { currentVersion: flagOf() }),
      );
      expect(await told(quiet({ entries, withoutLinks }))).toHaveLength(53);
    },
  );

  it('follows no link to another host or another question', async () => {
    const world = quiet();
    const connector = await on(world, {}, ({ url }, response) => {
      if (!url.startsWith('/api/v2/projects')) return false;
      response.writeHead(200, { 'content-type': 'application/json' });
      const href = '//169.254.169.254/api/v2/projects';
      response.end(JSON.stringify({ items: [], _links: { next: { href } } }));
      return true;
    });
    expect((await connector.test(calm())).ok).toBe(true);
    expect(server?.received.filter(({ url }) => url.startsWith('/api/v2/projects'))).toHaveLength(1);
  });

  it('says what the list says where the entry itself is not shown', async () => {
    const world = quiet({ entries: [update({ on: false }, { on: true })] });
    const { changes } = await on(world, {}, ({ url }, response) => {
      if (!url.startsWith('/api/v2/auditlog/')) return false;
      response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"no"}');
      return true;
    });
    const [change] = (await changes.backfill(window, calm())) as ChangeObservation[];
    expect(change?.title).toBe('Flag checkout.new-cart in production: changed something of the flag');
    expect(change?.diff).toBeUndefined();
  });
});

it('delivers what happens, each once, says when it is down, and catches up without loss', async () => {
  const world = quiet({ entries: [update({ on: false }, { on: true })] });
  let isDown = false;
  const { changes } = await on(world, {}, (_request, response) => {
    if (isDown) response.writeHead(401, { 'content-type': 'application/json' }).end('{"message":"no"}');
    return isDown;
  });
  const keys: string[] = [];
  const states: string[] = [];
  stops.push(
    changes.stream({
      onObservations: (some) => keys.push(...some.map(({ key }) => key)),
      onState: (state) => states.push(state.up ? 'up' : state.because),
    }),
  );
  await eventually('the first', () => keys.length === 1);
  isDown = true;
  await eventually('that it is down', () =>
    /does not accept the credentials \(401\)/.test(states.at(-1) ?? ''),
  );
  world.entries.push(entryOf('e2', atMs - 1_000, 'deleteFlag', { previousVersion: flagOf() }));
  isDown = false;
  await eventually('what came meanwhile', () => keys.length === 2);
  const asked = server?.received.length ?? 0;
  await eventually('some more rounds', () => (server?.received.length ?? 0) > asked + 3);
  expect(keys).toEqual([
    'flag:default/checkout.new-cart@e1:production',
    'flag:default/checkout.new-cart@e2:production',
  ]);
});

it('waits until the window of its limit ends, where only that is said', async () => {
  const reset = String(Date.now() + 9_500);
  const connector = await on(quiet(), {}, (_request, response) => {
    response.writeHead(429, { 'content-type': 'application/json', 'x-ratelimit-reset': reset });
    response.end('{"message":"slow down"}');
    return true;
  });
  const { ok, sentence } = await connector.test(calm());
  expect(ok).toBe(false);
  expect(sentence).toMatch(/fewer requests \(429\)\. It is asked again in (9|10) s\./);
  const asked = server?.received.length;
  await connector.test(calm());
  expect(server?.received).toHaveLength(asked ?? 0);
});

describe('a flag', () => {
  it('is shown rule by rule, with what was done to it', async () => {
    const rules = [
      {
        _id: 'r1',
        description: 'Dach',
        clauses: [{ attribute: 'country', op: 'in', values: ['DE'] }],
        variation: 0,
      },
    ];
    const world = quiet({
      flags: { 'default/checkout.new-cart': flagOf({ rules, on: false }) },
      entries: [update({ on: true }, { on: false })],
    });
    const { flagInspector } = await on(world);
    const ref = { project: 'default', namespace: 'production', name: 'checkout.new-cart' };
    expect(await flagInspector.targeting(ref, calm())).toEqual({
      enabled: false,
      archived: false,
      rules: [
        { name: 'Dach', disabled: false, fields: [{ path: 'serves', value: 'if country in "DE": on' }] },
        {
          name: 'everybody else',
          disabled: false,
          fields: [
            { path: 'default rule', value: 'off' },
            { path: 'when off', value: 'off' },
            { path: 'variation on', value: 'true' },
            { path: 'variation off', value: 'false' },
          ],
        },
      ],
    });
    expect(await flagInspector.history(ref, window, calm())).toEqual([
      {
        atMs: atMs - 60_000,
        environment: 'production',
        actor: 'Mara Lind',
        what: 'on → off',
        diff: [{ path: 'on', before: 'true', after: 'false' }],
      },
    ]);
  });

  it('is not read outside the scope, nor where it is not', async () => {
    const { flagInspector } = await on(quiet(), { scope: { projects: ['default'], environments: ['test'] } });
    const ref = { project: 'default', namespace: 'production', name: 'checkout.new-cart' };
    await expect(flagInspector.targeting(ref, calm())).rejects.toThrow(/does not read production of default/);
    await expect(flagInspector.targeting({ ...ref, namespace: 'test', name: 'x' }, calm())).rejects.toThrow(
      /404/,
    );
    expect(server?.received.map(({ url }) => url)).toEqual(['/api/v2/flags/default/x?env=test']);
    expect(await flagInspector.history({ project: 'other', name: 'x' }, window, calm())).toEqual([]);
  });
});

describe('a test', () => {
  it('says what is seen, and what counts', async () => {
    const projects = Array.from({ length: 23 }, (_, at) => ({
      key: `p${at}`,
      environments: [{ key: 'production', critical: at === 21 }],
    }));
    const { test } = await on(quiet({ projects }));
    const found = await test(calm());
    expect(found).toMatchObject({
      ok: true,
      sentence: 'LaunchDarkly answers the token “countersign” and tells of its changes.',
      sees: ['23 projects', 'critical environments: p21/production', 'changes of flags'],
    });
    expect(JSON.stringify(found)).not.toContain('hush');
  });

  it('names a project that the token is not shown, and the role that a token needs', async () => {
    const missing = await on(quiet(), { scope: { projects: ['nope'], environments: [] } });
    expect((await missing.test(calm())).sentence).toMatch(/shows these credentials no project nope/);
    await server?.close();
    const refused = await on(quiet(), {}, (_request, response) => {
      response.writeHead(403, { 'content-type': 'application/json' }).end(`{"message":"not for ${token}"}`);
      return true;
    });
    const { sentence } = await refused.test(calm());
    expect(sentence).toMatch(/\(403\).*built-in role Reader may\.$/);
    expect(sentence).not.toContain('geheim');
  });
});
