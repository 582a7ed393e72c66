import { describe, expect, it } from 'vitest';
import { flagBook } from '../../../electron/sandbox/flags/flag-book.ts';
import { unleashApi } from '../../../electron/sandbox/unleash/api.ts';

const projects = '/api/admin/projects';
const features = `${projects}/default/features`;
const production = `${features}/new-cart/environments/production`;
const dayMs = 86_400_000;
const startMs = Date.parse('2026-03-02T09:00:00Z');

type Reply = {
  status: number;
  headers: Record<string, string>;
  text: string;
  json: ReturnType<typeof JSON.parse>;
};

/** An Unleash over an empty book, whose clock moves a second with each request that has a handler. */
function unleash(user?: string) {
  const flags = flagBook({ seed: 1 });
  let nowMs = startMs;
  const advance = () => {
    nowMs += 1_000;
    return nowMs;
  };
  const api = unleashApi({ flags, advance, ...(user === undefined ? {} : { user }) });
  function ask(
    method: string,
    target: string,
    body?: unknown,
    options: { type?: string; tag?: string } = {},
  ): Reply {
    const url = new URL(`http://sandbox${target}`);
    const { type = body === undefined ? '' : 'application/json', tag } = options;
    const answer = api({
      method,
      path: url.pathname,
      query: url.searchParams,
      contentType: type,
      accept: '*/*',
      body: typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body),
      ...(tag === undefined ? {} : { ifNoneMatch: tag }),
    });
    if (!('body' in answer)) throw new Error('the answer has no end');
    const json = answer.body === '' ? undefined : JSON.parse(answer.body);
    return { status: answer.status, headers: answer.headers, text: answer.body, json };
  }
  return { flags, ask, wait: (ms: number) => (nowMs += ms) };
}

function withFlag() {
  const server = unleash();
  expect(server.ask('POST', features, { name: 'new-cart', description: 'The new cart' }).status).toBe(201);
  return server;
}
const gradual = (rollout: string) => ({ name: 'flexibleRollout', parameters: { rollout } });

describe('a flag', () => {
  it('is made with what is left out filled in, and listed with its environments', () => {
    const { ask } = unleash();
    const made = ask('POST', features, { name: 'new-cart' });
    const metadata = {
      name: 'new-cart',
      description: null,
      type: 'release',
      project: 'default',
      stale: false,
      createdAt: '2026-03-02T09:00:01.000Z',
      lastSeenAt: null,
      impressionData: false,
      archived: false,
    };
    expect([made.status, made.json]).toEqual([201, metadata]);
    const { lastSeenAt: _, archived: __, project: ___, ...listed } = metadata;
    const environment = {
      enabled: false,
      variantCount: 0,
      lastSeenAt: null,
      hasStrategies: false,
      hasEnabledStrategies: false,
    };
    expect(ask('GET', features).json).toEqual({
      version: 2,
      features: [
        {
          ...listed,
          lastSeenAt: null,
          environments: [
            { name: 'development', type: 'development', sortOrder: 2, ...environment },
            { name: 'production', type: 'production', sortOrder: 3, ...environment },
          ],
        },
      ],
    });
    expect(ask('GET', `${features}/new-cart`).json).toMatchObject({
      ...metadata,
      createdBy: { id: -42, name: 'Unleash Admin Token User' },
      variants: [],
      dependencies: [],
      environments: [
        { name: 'development', enabled: false, strategies: [], yes: 0, no: 0 },
        { name: 'production', enabled: false, strategies: [], yes: 0, no: 0 },
      ],
    });
  });

  it('is changed by PUT as a whole and by PATCH in parts', () => {
    const { ask } = withFlag();
    const put = ask('PUT', `${features}/new-cart`, { type: 'kill-switch', impressionData: true });
    expect(put.json).toMatchObject({ type: 'kill-switch', impressionData: true, description: null });
    const patch = ask('PATCH', `${features}/new-cart`, [
      { op: 'replace', path: '/description', value: 'Changed' },
    ]);
    expect(patch.json).toMatchObject({ type: 'kill-switch', impressionData: true, description: 'Changed' });
    expect(ask('GET', `${features}/new-cart`).json).toMatchObject(patch.json);
  });

  it('that is archived is gone but for its name and its events', () => {
    const { ask, flags } = withFlag();
    ask('POST', `${production}/on`);
    expect(ask('DELETE', `${features}/new-cart`)).toMatchObject({ status: 202, text: '' });
    expect(flags.shareOn('new-cart')).toBe(0);
    expect(ask('GET', `${features}/new-cart`)).toMatchObject({
      status: 404,
      json: { message: 'Could not find feature flag with name new-cart' },
    });
    expect(ask('GET', features).json.features).toEqual([]);
    expect(ask('GET', '/api/client/features').json.features).toEqual([]);
    expect(ask('GET', '/api/admin/archive/features').json.features).toMatchObject([{ name: 'new-cart' }]);
    expect(ask('GET', '/api/admin/search/features?archived=IS:true').json.total).toBe(1);
    expect(ask('POST', features, { name: 'new-cart' })).toMatchObject({
      status: 409,
      json: { name: 'NameExistsError', message: 'An archived flag with that name already exists' },
    });
    expect(ask('POST', `${production}/on`)).toMatchObject({
      status: 400,
      json: { name: 'ArchivedFeatureError' },
    });
    expect(ask('GET', '/api/admin/events/new-cart').json.events[0]).toMatchObject({
      type: 'feature-archived',
    });
  });
});

describe('an environment of a flag', () => {
  it('is switched on and off without a body, with an empty answer', () => {
    const { ask, flags } = withFlag();
    expect(ask('POST', `${production}/on`)).toMatchObject({ status: 200, text: '' });
    expect(flags.shareOn('new-cart')).toBe(1);
    expect(ask('GET', production).json).toMatchObject({
      name: 'new-cart',
      environment: 'production',
      enabled: true,
      strategies: [{ name: 'flexibleRollout', featureName: 'new-cart', parameters: { rollout: '100' } }],
    });
    expect(ask('POST', `${production}/off`, 'anything', { type: 'text/plain' }).status).toBe(200);
    expect(flags.shareOn('new-cart')).toBe(0);
  });

  it('has strategies to make, read, replace, patch and remove', () => {
    const { ask, flags } = withFlag();
    const made = ask('POST', `${production}/strategies`, gradual('20'));
    const { id } = made.json;
    expect([made.status, made.json]).toEqual([
      200,
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: 'flexibleRollout',
        title: null,
        disabled: false,
        constraints: [],
        parameters: { groupId: 'new-cart', rollout: '20', stickiness: 'default' },
        variants: [],
        segments: [],
        sortOrder: 0,
      },
    ]);
    ask('POST', `${production}/on`);
    expect(flags.shareOn('new-cart')).toBe(0.2);
    expect(ask('GET', `${production}/strategies`).json).toEqual([{ ...made.json, milestoneId: null }]);
    expect(ask('GET', `${production}/strategies/${id}`).json).toEqual(made.json);

    const put = ask('PUT', `${production}/strategies/${id}`, { title: 'Half', parameters: { rollout: 50 } });
    expect(put.json).toEqual({ ...made.json, title: 'Half', parameters: { rollout: '50' } });
    expect(flags.shareOn('new-cart')).toBe(0.5);

    const patch = [{ op: 'replace', path: '/parameters/rollout', value: '60' }];
    expect(ask('PATCH', `${production}/strategies/${id}`, patch).json.parameters).toEqual({ rollout: '60' });
    expect(flags.shareOn('new-cart')).toBe(0.6);

    expect(ask('DELETE', `${production}/strategies/${id}`)).toMatchObject({ status: 200, text: '' });
    expect(ask('GET', production).json).toMatchObject({ enabled: false, strategies: [] });
    expect(ask('DELETE', `${production}/strategies/${id}`)).toMatchObject({
      status: 404,
      json: { name: 'NotFoundError', message: `Could not find strategy with id=${id}` },
    });
  });

  it('says whether it has strategies, and whether any is active', () => {
    const { ask } = withFlag();
    const state = () => {
      const { hasStrategies, hasEnabledStrategies } = ask('GET', features).json.features[0].environments[1];
      return [hasStrategies, hasEnabledStrategies];
    };
    expect(state()).toEqual([false, false]);
    ask('POST', `${production}/strategies`, { name: 'default', disabled: true });
    expect(state()).toEqual([true, false]);
    ask('POST', `${production}/on`);
    expect(state()).toEqual([true, true]);
  });

  it('gives constraints back as they were given', () => {
    const { ask } = withFlag();
    const constraints = [{ contextName: 'userId', operator: 'IN', values: ['anna'] }];
    const variants = [{ name: 'blue', weight: 1_000, weightType: 'variable', stickiness: 'default' }];
    ask('POST', `${production}/strategies`, { name: 'flexibleRollout', constraints, variants });
    expect(ask('GET', `${production}/strategies`).json).toMatchObject([{ constraints, variants }]);
    expect(ask('GET', `${production}/strategies`).json[0].constraints[0]).toEqual(constraints[0]);
  });
});

describe('the history', () => {
  function lived() {
    const server = withFlag();
    const { id } = server.ask('POST', `${production}/strategies`, gradual('20')).json;
    server.ask('POST', `${production}/on`);
    server.wait(2 * dayMs);
    server.ask('PUT', `${production}/strategies/${id}`, { ...gradual('50'), title: 'Half of them' });
    server.ask('POST', features, { name: 'other' });
    return server;
  }
  const ids = (reply: Reply) => reply.json.events.map((event: { id: number }) => event.id);

  it('has everything that was done, the latest first, with before and after and by whom', () => {
    const { ask } = lived();
    const { json } = ask('GET', '/api/admin/events');
    expect(json).toMatchObject({ version: 1, totalEvents: 5 });
    expect(json.events.map(({ type }: { type: string }) => type)).toEqual([
      'feature-created',
      'feature-strategy-update',
      'feature-environment-enabled',
      'feature-strategy-add',
      'feature-created',
    ]);
    expect(json.events[1]).toMatchObject({
      id: 4,
      createdBy: 'admin',
      createdByUserId: -42,
      createdAt: '2026-03-04T09:00:04.000Z',
      preData: { parameters: { rollout: '20' } },
      data: { parameters: { rollout: '50' } },
      featureName: 'new-cart',
      project: 'default',
      environment: 'production',
      tags: [],
    });
    expect(json.events[2]).toMatchObject({ data: null, preData: null });
  });

  it('of one flag is under its name, and of an unknown one empty', () => {
    const { ask } = lived();
    expect(ask('GET', '/api/admin/events/other').json).toMatchObject({ toggleName: 'other', totalEvents: 1 });
    expect(ask('GET', '/api/admin/events/__proto__').json).toEqual({
      version: 1,
      toggleName: '__proto__',
      events: [],
      totalEvents: 0,
    });
  });

  it('tells in words what was done', () => {
    const { ask } = lived();
    const [event] = ask('GET', '/api/admin/search/events?type=IS:feature-strategy-update').json.events;
    expect(event.label).toBe('Flag strategy updated');
    expect(event.summary).toContain(
      'by updating strategy **Half of them** in **production** stickiness from default to undefined; rollout from 20% to 50%',
    );
  });

  it.each([
    ['', [5, 4, 3, 2, 1]],
    ['feature=IS:other', [5]],
    ['feature=IS_ANY_OF:other,new-cart', [5, 4, 3, 2, 1]],
    ['type=IS_ANY_OF:feature-created,feature-environment-enabled', [5, 3, 1]],
    ['project=IS:elsewhere', []],
    ['createdBy=IS:-42', [5, 4, 3, 2, 1]],
    ['createdBy=IS:7', []],
    ['query=HALF%20of', [4]],
    ['from=IS:2026-03-03', [5, 4]],
    ['to=IS:2026-03-02', [3, 2, 1]],
    ['from=IS:2026-03-02&to=IS:2026-03-04', [5, 4, 3, 2, 1]],
    ['feature=IS:new-cart&type=IS:feature-created', [1]],
  ])('is searched: %s', (query, expected) => {
    const { ask } = lived();
    const reply = ask('GET', `/api/admin/search/events?${query}`);
    expect([ids(reply), reply.json.total]).toEqual([expected, expected.length]);
  });

  it.each([
    ['limit=2', [5, 4]],
    ['limit=2&offset=2', [3, 2]],
    ['limit=2&offset=4', [1]],
    ['offset=9', []],
    ['limit=0', [5, 4, 3, 2, 1]],
    ['limit=much&offset=-3', [5, 4, 3, 2, 1]],
  ])('comes in pages: %s', (query, expected) => {
    const reply = lived().ask('GET', `/api/admin/search/events?${query}`);
    expect([ids(reply), reply.json.total]).toEqual([expected, 5]);
  });

  it('gives fifty at a time, and a hundred of one flag', () => {
    const { ask } = withFlag();
    for (let turn = 0; turn < 60; turn++) {
      ask('POST', `${production}/on`);
      ask('POST', `${production}/off`);
    }
    const total = 1 + 1 + 120;
    expect(ask('GET', '/api/admin/search/events').json.events).toHaveLength(50);
    expect(ask('GET', '/api/admin/search/events?limit=1000').json.events).toHaveLength(total);
    const { events, totalEvents } = ask('GET', '/api/admin/events/new-cart').json;
    expect([events.length, events[0].id, totalEvents]).toEqual([100, total, total]);
  });

  it.each(['feature=new-cart', 'type=IS_NOT:x', 'from=2026-03-02', 'to=IS:2026-13-45'])(
    'refuses %s',
    (query) => {
      const reply = lived().ask('GET', `/api/admin/search/events?${query}`);
      const path = `/query/${query.split('=')[0]}`;
      expect(reply).toMatchObject({ status: 400, json: { name: 'BadDataError', details: [{ path }] } });
    },
  );

  it('has the name of whoever the token is for', () => {
    const { ask } = unleash('anna');
    ask('POST', features, { name: 'new-cart' });
    expect(ask('GET', '/api/admin/events').json.events).toMatchObject([
      { createdBy: 'anna', createdByUserId: 1 },
    ]);
  });
});

describe('the flags', () => {
  function several() {
    const server = unleash();
    const { ask } = server;
    ask('POST', features, { name: 'cart', type: 'release' });
    ask('POST', features, { name: 'banner', type: 'experiment', description: 'Over the CART' });
    ask('POST', features, { name: 'search', type: 'kill-switch' });
    ask('POST', `${features}/search/environments/production/on`);
    ask('PATCH', `${features}/banner`, [{ op: 'replace', path: '/stale', value: true }]);
    return server;
  }
  const names = (reply: Reply) => reply.json.features.map(({ name }: { name: string }) => name);

  it.each([
    ['', ['cart', 'banner', 'search']],
    ['query=cart', ['cart', 'banner']],
    ['query=banner,search', ['banner', 'search']],
    ['type=IS:kill-switch', ['search']],
    ['type=IS_NONE_OF:kill-switch,release', ['banner']],
    ['state=IS:stale', ['banner']],
    ['status[]=production:enabled', ['search']],
    ['project=IS:elsewhere', []],
    ['tag=INCLUDE:simple:x', []],
    ['createdBy=IS:-42&limit=1', ['cart']],
    ['sortBy=name', ['banner', 'cart', 'search']],
    ['sortBy=name&sortOrder=desc&offset=1&limit=1', ['cart']],
    ['sortBy=environment:production&sortOrder=desc', ['search', 'cart', 'banner']],
    ['createdAt=IS_BEFORE:2026-03-02', []],
    ['createdAt=IS_ON_OR_AFTER:2026-03-02', ['cart', 'banner', 'search']],
  ])('are searched: %s', (query, expected) => {
    expect(names(several().ask('GET', `/api/admin/search/features?${query}`))).toEqual(expected);
  });

  it('are counted whatever the page, and found with their environments', () => {
    const { json } = several().ask('GET', '/api/admin/search/features?limit=1&offset=2');
    expect(json).toMatchObject({
      total: 3,
      features: [
        {
          name: 'search',
          project: 'default',
          environments: [
            { name: 'development', enabled: false },
            { name: 'production', enabled: true, hasStrategies: true, hasEnabledStrategies: true },
          ],
        },
      ],
    });
  });

  it.each(['type=release', 'status=production:enabled', 'sortOrder=up', 'createdAt=yesterday'])(
    'are not searched by %s',
    (query) => {
      const reply = several().ask('GET', `/api/admin/search/features?${query}`);
      expect(reply).toMatchObject({ status: 400, json: { name: 'BadDataError' } });
    },
  );

  it('are those of the one project there is', () => {
    const { ask } = several();
    expect(ask('GET', projects).json.projects).toMatchObject([
      { id: 'default', featureCount: 3, health: 100 },
    ]);
    const project = ask('GET', `${projects}/default`);
    expect(names(project)).toEqual(['cart', 'banner', 'search']);
    expect(project.json.environments).toEqual([
      { environment: 'development' },
      { environment: 'production' },
    ]);
    expect(ask('GET', `${projects}/other`)).toMatchObject({
      status: 404,
      json: { message: 'No project found' },
    });
    expect(ask('GET', `${projects}/other/features`).json).toEqual({ version: 2, features: [] });
    expect(ask('GET', `${projects}/other/features/cart`).json.message).toBe(
      'There\'s no feature named "cart" in project "other", but there\'s a feature with that name in project "default"',
    );
  });

  it('are in two environments', () => {
    const { ask } = several();
    expect(ask('GET', '/api/admin/environments').json.environments).toMatchObject([
      { name: 'development', type: 'development', enabled: true, enabledToggleCount: 0 },
      { name: 'production', type: 'production', enabled: true, enabledToggleCount: 1 },
    ]);
    expect(ask('GET', '/api/admin/environments/production').json).toMatchObject({ name: 'production' });
    expect(ask('GET', '/api/admin/environments/toString').status).toBe(404);
  });
});

describe('an SDK', () => {
  it('gets what it needs to decide, of production unless it says otherwise', () => {
    const { ask } = withFlag();
    ask('POST', `${production}/strategies`, { ...gradual('20'), title: 'Some' });
    ask('POST', `${production}/strategies`, { name: 'default', disabled: true });
    ask('POST', `${production}/on`);
    const { json } = ask('GET', '/api/client/features');
    expect(json).toMatchObject({ version: 2, query: { environment: 'production' }, meta: { revisionId: 4 } });
    expect(json.features).toEqual([
      {
        name: 'new-cart',
        type: 'release',
        enabled: true,
        project: 'default',
        stale: false,
        description: 'The new cart',
        impressionData: false,
        variants: [],
        strategies: [
          {
            name: 'flexibleRollout',
            parameters: { groupId: 'new-cart', rollout: '20', stickiness: 'default' },
            constraints: [],
            variants: [],
          },
        ],
      },
    ]);
    const development = ask('GET', '/api/client/features/new-cart?environment=development');
    expect(development.json).toMatchObject({ enabled: false, strategies: [] });
    expect(ask('GET', '/api/client/features/nope').status).toBe(404);
    expect(ask('GET', '/api/client/features?namePrefix=old').json.features).toEqual([]);
  });

  it('is told with 304 that nothing changed, until something does', () => {
    const { ask } = withFlag();
    const etag = ask('GET', '/api/client/features').headers['etag'] ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{8}:1"$/);
    expect(ask('GET', '/api/client/features', undefined, { tag: etag })).toMatchObject({
      status: 304,
      text: '',
    });
    // What it asks for is part of what it has.
    expect(ask('GET', '/api/client/features?namePrefix=n', undefined, { tag: etag }).status).toBe(200);
    ask('POST', `${production}/on`);
    const later = ask('GET', '/api/client/features', undefined, { tag: etag });
    expect([later.status, later.headers['etag'] !== etag]).toEqual([200, true]);
  });

  it('may register and report', () => {
    const { ask } = unleash();
    const metrics = { appName: 'cart', instanceId: '1', bucket: { start: 1, stop: 2, toggles: {} } };
    expect(ask('POST', '/api/client/metrics', metrics).status).toBe(202);
    const application = {
      appName: 'cart',
      interval: 10_000,
      started: '2026-03-02T09:00:00Z',
      strategies: ['default'],
    };
    expect(ask('POST', '/api/client/register', application).status).toBe(202);
    expect(ask('POST', '/api/client/register', { appName: 'cart' }).json.details).toMatchObject([
      { path: '/body/interval' },
    ]);
  });
});

it('answers any read that the client has already with 304', () => {
  const { ask } = withFlag();
  const { headers } = ask('GET', features);
  const tag = headers['etag'] ?? '';
  expect(ask('GET', features, undefined, { tag: `"x", ${tag}` })).toMatchObject({ status: 304, text: '' });
  expect(ask('POST', features, { name: 'b' }, { tag: '*' }).status).toBe(201);
  expect(ask('GET', `${features}/nope`, undefined, { tag: '*' }).status).toBe(404);
  expect(ask('GET', features, undefined, { tag }).status).toBe(200);
});

it('is healthy', () => {
  expect(unleash().ask('GET', '/health').json).toEqual({ health: 'GOOD' });
});

describe('rubbish', () => {
  const strategies = `${production}/strategies`;
  const invalid =
    'Request validation failed: your request body or params contain invalid data. Refer to the `details` list for more information.';

  it.each<[string, string, unknown, string, string | undefined]>([
    [
      'POST',
      features,
      {},
      'The `/body/name` property is required. It was not present on the data you sent.',
      '/body/name',
    ],
    ['POST', features, [], 'The `/body` property must be object. You sent [].', '/body'],
    ['POST', features, 'null', 'The `/body` property must be object. You sent null.', '/body'],
    ['POST', features, '"x"', 'The `/body` property must be object. You sent "x".', '/body'],
    ['POST', features, { name: {} }, 'The `/body/name` property must be string. You sent {}.', '/body/name'],
    ['POST', features, { name: '' }, '"name" is not allowed to be empty.', undefined],
    ['POST', features, { name: 'a b' }, '"name" must be URL friendly. You provided "a b".', undefined],
    ['POST', features, { name: '..' }, '"name" must be URL friendly. You provided "..".', undefined],
    [
      'POST',
      features,
      '{"name":"\\ud800"}',
      '"name" must be URL friendly. You provided "\\ud800".',
      undefined,
    ],
    [
      'POST',
      features,
      { name: 'x', type: 'nope' },
      'The `type` property must be equal to one of the allowed values: "experiment", "kill-switch", "release", "operational", "permission". You provided "nope", which is not valid. Please use one of the allowed values instead..',
      'type',
    ],
    [
      'POST',
      features,
      { name: 'x', impressionData: 'x' },
      'The `/body/impressionData` property must be boolean. You sent "x".',
      '/body/impressionData',
    ],
    [
      'PATCH',
      `${features}/new-cart`,
      { op: 'x' },
      'The `/body` property must be array. You sent {"op":"x"}.',
      '/body',
    ],
    ['PATCH', `${features}/new-cart`, [5], 'The `/body/0` property must be object. You sent 5.', '/body/0'],
    [
      'POST',
      strategies,
      {},
      'The `/body/name` property is required. It was not present on the data you sent.',
      '/body/name',
    ],
    [
      'POST',
      strategies,
      { name: 'default', parameters: { a: {} } },
      'The `/body/parameters/a` property must be string. You sent {}.',
      '/body/parameters/a',
    ],
    [
      'POST',
      strategies,
      { name: 'default', constraints: [5] },
      'The `/body/constraints/0` property must be object. You sent 5.',
      '/body/constraints/0',
    ],
    [
      'POST',
      strategies,
      { name: 'default', constraints: [{ contextName: 'a', operator: 'IN', more: 1 }] },
      'The `/body/constraints/0` object of the request body does not allow additional properties. Your request included the `/body/constraints/0/more` property.',
      '/body/constraints/0/more',
    ],
    [
      'POST',
      strategies,
      {
        name: 'default',
        variants: [{ name: 'a', weight: 5_000, weightType: 'variable', stickiness: 'default' }],
      },
      'The `/body/variants/0/weight` property must be <= 1000. You sent 5000.',
      '/body/variants/0/weight',
    ],
  ])('%s %s %j says what is wrong', (method, target, body, message, path) => {
    const { ask, flags } = withFlag();
    const before = flags.events().length;
    const reply = ask(method, target, body);
    expect(reply).toMatchObject({ status: 400, json: { name: 'BadDataError', message: invalid } });
    expect(reply.json.details).toEqual([path === undefined ? { message } : { message, path }]);
    expect(reply.json.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(flags.events()).toHaveLength(before);
  });

  it.each([
    ['/parameters/rollout', 70, '/parameters/rollout'],
    ['/constraints', 'x', '/constraints'],
    ['', 'text', ''],
  ])('is not patched into a strategy at %j', (path, value, detail) => {
    const { ask } = withFlag();
    const made = ask('POST', strategies, gradual('20')).json;
    const reply = ask('PATCH', `${strategies}/${made.id}`, [{ op: 'replace', path, value }]);
    expect(reply).toMatchObject({ status: 400, json: { details: [{ path: detail }] } });
    expect(ask('GET', `${strategies}/${made.id}`).json).toEqual(made);
  });

  it.each([
    { op: 'replace', path: '/nope/deep', value: 1 },
    { op: 'add', path: '/__proto__/polluted', value: 1 },
    { op: 'add', path: '/parameters/constructor', value: 'x' },
    { op: 'add', path: '/parameters/__proto__', value: { rollout: '100' } },
    { op: 'replace', path: '/__proto__', value: { title: 'x' } },
    { op: 'copy', from: '/constructor/prototype', path: '/title' },
    { op: 'remove', path: '/nope' },
    { op: 'add', path: '/constraints/7', value: {} },
    { op: 'add', path: 'title', value: 'x' },
    { op: 'replace', path: '/title' },
    { op: 'move', path: '/title' },
    { op: 'test', path: '/title', value: null },
  ])('is no patch: %j', (operation) => {
    const { ask } = withFlag();
    const made = ask('POST', strategies, gradual('20')).json;
    expect(ask('PATCH', `${strategies}/${made.id}`, [operation]).status).toBe(400);
    expect(ask('GET', `${strategies}/${made.id}`).json).toEqual(made);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('in the midst of a patch leaves nothing of the whole patch', () => {
    const { ask, flags } = withFlag();
    const made = ask('POST', strategies, gradual('20')).json;
    const first = { op: 'replace', path: '/parameters/rollout', value: '100' };
    const reply = ask('PATCH', `${strategies}/${made.id}`, [first, { op: 'remove', path: '/nope' }]);
    expect(reply.status).toBe(400);
    expect(ask('GET', `${strategies}/${made.id}`).json).toEqual(made);
    expect(flags.events().at(-1)).toMatchObject({ type: 'feature-strategy-add', data: made });
  });

  it('in JSON that is none is told as Express does', () => {
    const reply = withFlag().ask('POST', features, '{bad');
    expect(reply.status).toBe(400);
    expect(reply.json).toEqual({ message: expect.stringContaining("Expected property name or '}' in JSON") });
  });

  it('that goes deeper than anyone would is refused, not lost in', () => {
    const { ask } = withFlag();
    const deep = `${'['.repeat(45_000)}${']'.repeat(45_000)}`;
    const bodies = [
      [features, `{"name":${deep}}`],
      [strategies, `{"name":"default","constraints":${deep}}`],
      [
        strategies,
        `{"name":"default","variants":[{"name":"a","weight":1,"weightType":"fix","stickiness":"x","more":${deep}}]}`,
      ],
    ];
    for (const [target, body] of bodies) expect(ask('POST', target ?? '', body).status).toBe(400);
    const patch = `[{"op":"add","path":"/description","value":${deep}}]`;
    expect(ask('PATCH', `${features}/new-cart`, patch).status).toBe(400);
    expect(ask('GET', `${features}/new-cart`).json.description).toBe('The new cart');
    expect(ask('GET', production).json.strategies).toEqual([]);
  });

  it('of more than a hundred kilobytes is too much, wherever it goes', () => {
    const { ask } = withFlag();
    const body = { name: 'big', description: 'é'.repeat(60_000) };
    for (const target of [features, '/api/nowhere']) {
      expect(ask('POST', target, body)).toMatchObject({
        status: 413,
        json: { message: 'request entity too large' },
      });
    }
    expect(ask('POST', features, { name: 'less', description: 'é'.repeat(40_000) }).status).toBe(201);
  });

  it.each(['', 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'of type %j is not taken',
    (type) => {
      const { ask, flags } = unleash();
      const reply = ask('POST', features, '{"name":"x"}', { type });
      expect(reply).toMatchObject({ status: 415, json: { name: 'ContentTypeError' } });
      expect(reply.json.message).toContain(`(${type || "you didn't provide one"})`);
      expect(flags.list()).toEqual([]);
      expect(ask('POST', features, '{"name":"x"}', { type: 'application/json; charset=utf-8' }).status).toBe(
        201,
      );
    },
  );

  it.each([
    ['GET', '/api/admin/nope'],
    ['GET', '/api/admin/projects/default/features/new-cart/environments/production/strategies/x/y'],
    ['DELETE', features],
    ['POST', '/api/admin/events'],
    ['GET', '/'],
  ])('has no place: %s %s', (method, target) => {
    const reply = withFlag().ask(method, target, method === 'POST' ? {} : undefined);
    const message = `The path you were looking for (${target}) is not available.`;
    expect(reply).toMatchObject({
      status: 404,
      json: { name: 'NotFoundError', message, details: [{ message }] },
    });
  });

  it('in a path is told, not thrown', () => {
    const { ask } = withFlag();
    expect(ask('GET', `${features}/%zz`)).toMatchObject({
      status: 400,
      json: { message: "Failed to decode param '%zz'" },
    });
    for (const name of ['__proto__', 'constructor', 'a%20b', '%00', '%F0%9F%98%80']) {
      expect(ask('GET', `${features}/${name}`), name).toMatchObject({
        status: 404,
        json: { name: 'NotFoundError' },
      });
      expect(ask('POST', `${features}/new-cart/environments/${name}/on`).status).toBe(404);
    }
  });

  it.each([
    ['POST', strategies, { name: 'unheard-of' }, 400, 'Could not find strategy type with name unheard-of'],
    ['POST', strategies, { name: 'default', segments: [1] }, 404, 'No segment exists with ID "1"'],
    ['PUT', `${features}/new-cart`, { name: 'other' }, 400, 'Cannot change name of feature flag'],
    ['PUT', `${features}/nope`, {}, 404, 'There\'s no feature named "nope" in project "default".'],
    ['PATCH', `${features}/nope`, [], 404, 'No feature flag found'],
    ['GET', `${strategies}/nope`, undefined, 404, 'Could not find strategy with id: nope'],
    ['GET', `${features}/nope/environments/production`, undefined, 404, 'Could not find nope in production'],
    ['POST', `${projects}/other/features`, { name: 'x' }, 404, 'Active project with id other does not exist'],
    ['POST', features, { name: 'new-cart' }, 409, 'A flag with that name already exists'],
  ])('%s %s %j is refused with its reason', (method, target, body, status, message) => {
    const reply = withFlag().ask(method, target, body);
    expect([reply.status, reply.json.details]).toEqual([status, [{ message }]]);
  });

  it('names each of its errors apart, and the same in the same drill', () => {
    const errors = () => {
      const { ask } = unleash();
      return [1, 2].map(() => ask('GET', `${features}/nope`).json.id);
    };
    expect(errors()).toEqual(errors());
    expect(new Set(errors()).size).toBe(2);
  });
});

it('keeps a flag that is called like a prototype', () => {
  const { ask, flags } = unleash();
  for (const name of ['__proto__', 'constructor']) {
    expect(ask('POST', features, { name }).status).toBe(201);
    expect(ask('POST', `${features}/${name}/environments/production/on`).status).toBe(200);
    expect(flags.shareOn(name)).toBe(1);
  }
  expect(ask('GET', '/api/client/features').json.features).toHaveLength(2);
});

it('obeys a gradual rollout as it is changed, keeping whom it had', () => {
  const { ask, flags } = withFlag();
  const users = Array.from({ length: 10_000 }, (_, index) => `shopper-${index}`);
  const reached = () => new Set(users.filter((user) => flags.isOnFor('new-cart', user)));
  const { id } = ask('POST', `${production}/strategies`, gradual('20')).json;
  ask('POST', `${production}/on`);
  const some = reached();
  ask('PUT', `${production}/strategies/${id}`, gradual('50'));
  const half = reached();
  // Four standard deviations of ten thousand draws.
  expect(Math.abs(some.size - 2_000)).toBeLessThan(160);
  expect(Math.abs(half.size - 5_000)).toBeLessThan(200);
  expect(some.isSubsetOf(half)).toBe(true);
  ask('POST', `${production}/off`);
  expect(reached().size).toBe(0);
});
