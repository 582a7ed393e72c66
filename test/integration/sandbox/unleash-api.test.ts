import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { silentLogger as logger } from '../../../electron/platform/logger.ts';
import { type FlagBook, flagBook } from '../../../electron/sandbox/flags/flag-book.ts';
import { type LoopbackServer, serveOnLoopback } from '../../../electron/sandbox/http/loopback.ts';
import { refusals, unleashApi } from '../../../electron/sandbox/unleash/api.ts';

const token = '*:*.c0ffee';
const startMs = Date.parse('2026-03-02T09:00:00Z');
const time = steppedClock(() => {}, startMs);
let flags: FlagBook;
let server: LoopbackServer;
let broken = false;

beforeAll(async () => {
  flags = flagBook({ seed: 1 });
  const advance = () => {
    if (broken) throw new Error('the world has stopped');
    return time.clock.now();
  };
  server = await serveOnLoopback({
    token,
    bareToken: true,
    handler: unleashApi({ flags, advance }),
    refusals,
    logger,
  });
});
afterAll(() => server.close());

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const reply = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      authorization: token,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await reply.text();
  return {
    status: reply.status,
    type: reply.headers.get('content-type'),
    etag: reply.headers.get('etag') ?? '',
    text,
    json: () => JSON.parse(text),
  };
}
const features = '/api/admin/projects/default/features';

describe('a token', () => {
  it.each([token, `Bearer ${token}`, `bearer ${token}`])('is shown as %j', async (authorization) => {
    const reply = await ask('GET', features, undefined, { authorization });
    expect(reply.status).toBe(200);
  });

  it.each(['', 'wrong', 'Bearer', 'Bearer wrong', `Basic ${token}`, `${token}x`, `${token}, ${token}`])(
    'is not %j',
    async (authorization) => {
      for (const path of [features, '/api/client/features', '/health', '/nowhere']) {
        const reply = await ask('POST', path, { name: 'stolen' }, { authorization });
        expect(reply.status).toBe(401);
        expect(reply.json()).toMatchObject({
          name: 'UnauthorizedError',
          message: 'You must log in to use Unleash.',
          details: [{ message: 'You must log in to use Unleash.' }],
        });
      }
      expect(flags.get('stolen')).toBeUndefined();
    },
  );

  it('alone is not enough where a bearer is wanted', async () => {
    const handler = () => ({ status: 200, headers: {}, body: '' });
    const strict = await serveOnLoopback({ token, handler, refusals, logger });
    const statuses = [];
    for (const authorization of [token, `Bearer ${token}`]) {
      statuses.push((await fetch(strict.url, { headers: { authorization } })).status);
    }
    await strict.close();
    expect(statuses).toEqual([401, 200]);
  });
});

it('takes a flag from nothing to everybody and back, with the time and the hand of each step', async () => {
  const production = `${features}/new-checkout/environments/production`;
  const made = await ask('POST', features, { name: 'new-checkout', type: 'release' });
  expect([made.status, made.type]).toEqual([201, 'application/json; charset=utf-8']);
  const parameters = { rollout: '25', stickiness: 'userId', groupId: 'new-checkout' };
  const strategy = await ask('POST', `${production}/strategies`, { name: 'flexibleRollout', parameters });
  await time.advance(60_000);
  expect((await ask('POST', `${production}/on`)).status).toBe(200);
  expect(flags.shareOn('new-checkout')).toBe(0.25);

  const before = await ask('GET', '/api/client/features');
  expect(before.json().features[0]).toMatchObject({
    name: 'new-checkout',
    enabled: true,
    strategies: [{ parameters }],
  });
  const same = await ask('GET', '/api/client/features', undefined, { 'if-none-match': before.etag });
  expect([same.status, same.text]).toEqual([304, '']);

  await time.advance(60_000);
  const path = `${production}/strategies/${strategy.json().id}`;
  await ask('PATCH', path, [{ op: 'replace', path: '/parameters/rollout', value: '100' }]);
  expect(flags.shareOn('new-checkout')).toBe(1);
  const changed = await ask('GET', '/api/client/features', undefined, { 'if-none-match': before.etag });
  expect(changed.status).toBe(200);

  await time.advance(60_000);
  await ask('POST', `${production}/off`);
  expect(flags.shareOn('new-checkout')).toBe(0);
  expect((await ask('GET', production)).json()).toMatchObject({
    enabled: false,
    strategies: [{ name: 'flexibleRollout' }],
  });

  const history = (await ask('GET', '/api/admin/search/events?feature=IS:new-checkout')).json();
  expect(
    history.events.map(({ type, createdBy, createdAt }: Record<string, string>) => [
      type,
      createdBy,
      createdAt,
    ]),
  ).toEqual([
    ['feature-environment-disabled', 'admin', '2026-03-02T09:03:00.000Z'],
    ['feature-strategy-update', 'admin', '2026-03-02T09:02:00.000Z'],
    ['feature-environment-enabled', 'admin', '2026-03-02T09:01:00.000Z'],
    ['feature-strategy-add', 'admin', '2026-03-02T09:00:00.000Z'],
    ['feature-created', 'admin', '2026-03-02T09:00:00.000Z'],
  ]);
  expect(history.events[1]).toMatchObject({
    preData: { parameters: { rollout: '25' } },
    data: { parameters: { rollout: '100' } },
  });
});

it('shows what others did as it shows what was done through it', async () => {
  const id = flags.setRollout({ flag: 'scripted', percent: 40, by: 'mira', atMs: time.clock.now() });
  const { events } = (await ask('GET', '/api/admin/events/scripted')).json();
  expect(events[0]).toMatchObject({ id, createdBy: 'mira', type: 'feature-environment-enabled' });
  expect((await ask('GET', `${features}/scripted`)).json()).toMatchObject({ createdBy: { name: 'mira' } });
});

it('answers HEAD without a body', async () => {
  const [head, get] = [await ask('HEAD', features), await ask('GET', features)];
  expect([head.status, head.text, head.etag]).toEqual([200, '', get.etag]);
});

it.each([
  ['more than it reads at all', 4 * 1_024 * 1_024],
  ['more than a flag may be', 200 * 1_024],
])('refuses %s and goes on', async (_case, bytes) => {
  const description = 'x'.repeat(bytes);
  const status = await ask('POST', features, { name: 'big', description }).then(
    (reply) => reply.status,
    // The server hangs up while the client still sends.
    () => 413,
  );
  expect(status).toBe(413);
  expect(flags.get('big')).toBeUndefined();
  expect((await ask('GET', '/health')).json()).toEqual({ health: 'GOOD' });
});

it('tells a defect without its stack and goes on', async () => {
  broken = true;
  const reply = await ask('GET', features);
  broken = false;
  expect(reply.status).toBe(500);
  expect(reply.json()).toMatchObject({ name: 'UnknownError', message: 'Something went wrong' });
  expect(reply.text).not.toContain('stopped');
  expect((await ask('GET', features)).status).toBe(200);
});
