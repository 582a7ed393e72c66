import { afterEach, expect, it } from 'vitest';
import { setFlag } from '../../../electron/actions/set-flag.ts';
import { systemsOf } from '../../../electron/connectors/source.ts';
import { unleash } from '../../../electron/connectors/unleash/unleash.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { silentLogger as logger } from '../../../electron/platform/logger.ts';
import { flagBook } from '../../../electron/sandbox/flags/flag-book.ts';
import {
  type Answer,
  type LoopbackServer,
  serveOnLoopback,
} from '../../../electron/sandbox/http/loopback.ts';
import { refusals, unleashApi } from '../../../electron/sandbox/unleash/api.ts';

const token = '*:*.c0ffee0123456789';
const startMs = Date.parse('2026-03-02T09:00:00Z');
const flag = 'checkout.new-cart';
const given = { cluster: 'flags', project: 'default', flag, environment: 'production' };
const options = { intent: 'prop-7', atMs: startMs };
const calm = () => AbortSignal.timeout(10_000);
const turning = { verb: 'update', group: '', resource: 'feature environments' };
const sharing = { verb: 'update', group: '', resource: 'feature strategies' };

let server: LoopbackServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Unleash with the flags of a drill; `me` answers in its place when it is asked what the token may do. */
async function onSandbox(me: () => Answer | null = () => null) {
  const { clock } = steppedClock(() => {}, startMs);
  const book = flagBook({ seed: 1 });
  book.setRollout({ flag, percent: 10, by: 'mara', atMs: startMs - 3_000_000 });
  const api = unleashApi({ flags: book, advance: clock.now });
  const handler: typeof api = (request) => (request.path === '/api/admin/user' ? me() : null) ?? api(request);
  server = await serveOnLoopback({ token, bareToken: true, handler, refusals, logger });
  const systems = systemsOf(unleash({ id: 'flags', name: 'Flags', url: server.url, authorization: token }));
  const reach = setFlag.reach(systems);
  if (!reach || !systems.flags) throw new Error('flags can be read and set');
  const ref = { project: 'default', namespace: 'production', name: flag };
  const may = (right: typeof turning, where = ref) => systems.flags?.reader.may(right, where, calm());
  return { book, reach, may, ref };
}

const granting = (permissions: unknown) => (): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ user: { id: 7 }, permissions, feedback: [], splash: {} }),
});

it.each([
  ['turned off', { enabled: false, percent: null }, /one request makes it off/, /makes it on again/],
  ['given to more', { enabled: true, percent: 60 }, /makes it on for 60 %/, /makes it on for 10 % again/],
])(
  'looks at the way back of a flag that is %s before it is, and sends nothing',
  async (_case, to, does, undoes) => {
    const { book, reach } = await onSandbox();
    const events = book.events().length;
    const input = { ...given, ...to };
    const { seen } = await reach.plan(input, calm());
    expect(await reach.dryRun(input, seen, options, calm())).toMatchObject({
      kind: 'cannot-try',
      because: expect.stringMatching(does),
    });
    expect(await reach.dryRunBackOut(input, seen, options, calm())).toMatchObject({
      kind: 'cannot-try',
      because: expect.stringMatching(undoes),
    });
    expect(book.events()).toHaveLength(events);
  },
);

it('says what the way back would leave behind', async () => {
  const { book, reach } = await onSandbox();
  const place = { project: 'default', flag, environment: 'production' };
  const by = { by: 'mara', atMs: startMs };
  for (const { id } of book.strategies(place)) book.removeStrategy(place, id, by);
  book.setEnabled(place, false, by);
  const input = { ...given, enabled: true, percent: null };
  const { seen } = await reach.plan(input, calm());
  expect(await reach.dryRunBackOut(input, seen, options, calm())).toMatchObject({
    because: expect.stringContaining('the strategy that Unleash adds to a flag without one stays'),
  });
});

it('refuses both trials when the flag is no longer as it was planned on', async () => {
  const { book, reach } = await onSandbox();
  const input = { ...given, enabled: false, percent: null };
  const { seen } = await reach.plan(input, calm());
  book.setRollout({ flag, percent: 20, by: 'jo', atMs: startMs });
  for (const tried of [reach.dryRun, reach.dryRunBackOut]) {
    expect(await tried(input, seen, options, calm())).toMatchObject({ kind: 'refused' });
  }
});

it.each([
  ['an administrator', [{ permission: 'ADMIN' }], ['allowed', 'allowed']],
  ['whoever may only read', [], ['denied', 'denied']],
  [
    'one project and environment alone',
    [{ permission: 'UPDATE_FEATURE_ENVIRONMENT', project: 'default', environment: 'production' }],
    ['allowed', 'denied'],
  ],
  [
    'another environment',
    [{ permission: 'UPDATE_FEATURE_ENVIRONMENT', project: 'default', environment: 'development' }],
    ['denied', 'denied'],
  ],
  ['another project', [{ permission: 'UPDATE_FEATURE_STRATEGY', project: 'ads' }], ['denied', 'denied']],
  ['every project', [{ permission: 'UPDATE_FEATURE_STRATEGY', project: '*' }], ['denied', 'allowed']],
])('knows what a token for %s may do', async (_case, permissions, expected) => {
  const { may } = await onSandbox(granting(permissions));
  expect([await may(turning), await may(sharing)]).toEqual(expected);
});

it.each([
  ['does not tell', { status: 404, headers: {}, body: '' }],
  ['tells in another form', granting('everything')()],
])('calls it unclear when Unleash %s', async (_case, answer) => {
  const { may } = await onSandbox(() => answer);
  expect(await may(turning)).toBe('unclear');
});

it('asks the sandbox itself, as a drill does', async () => {
  const { may } = await onSandbox();
  expect(await may(turning)).toBe('allowed');
});
