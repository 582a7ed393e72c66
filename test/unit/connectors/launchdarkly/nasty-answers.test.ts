import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { LaunchDarklyApi } from '../../../../electron/connectors/launchdarkly/api.ts';
import { flagChanges } from '../../../../electron/connectors/launchdarkly/change-source.ts';
import { launchDarkly } from '../../../../electron/connectors/launchdarkly/launchdarkly.ts';
import { Failure } from '../../../../electron/platform/failure.ts';
import { normalise } from '../../../../electron/timeline/normalise.ts';
import { Observation } from '../../../../shared/vocabulary/event.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { answerOf, type Entry, entryOf, token } from '../../../fixtures/launchdarkly-server.ts';
import { nastyNames } from '../../../fixtures/nasty-names.ts';
import { demandEvidence, observationIn } from '../../../fixtures/sent-fact.ts';
import { sendJson, type TinyServer, tinyServer } from '../../../fixtures/tiny-server.ts';

const atMs = Date.parse('2026-03-03T03:00:00Z');
const calm = () => new AbortController().signal;
const servers: TinyServer[] = [];
const stops: (() => void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
  for (const server of servers.splice(0)) await server.close();
});

/** What a LaunchDarkly whose projects are all of one environment tells of the last hour. */
async function told(entries: Entry[], environment = 'production') {
  const server = await tinyServer(
    answerOf({
      projects: [{ key: 'default', environments: [{ key: environment, critical: true }] }],
      flags: {},
      entries,
    }),
  );
  servers.push(server);
  const { changes } = launchDarkly({
    ...{ id: 'l', name: 'l', url: server.url, authorization: token, clock: { now: () => atMs } },
  });
  const found = (await changes?.backfill({ fromMs: atMs - 3_600_000, toMs: atMs }, calm())) ?? [];
  demandEvidence(found);
  return found.map(observationIn);
}

/** An entry by which a flag of that name was turned on in that environment. */
const turnedOn = (id: string, flag: string, environment: string): Entry => {
  const config = (on: boolean) => ({ on, fallthrough: { variation: 0 }, offVariation: 1 });
  const version = (on: boolean) => ({
    key: flag,
    tags: [flag],
    variations: [{ value: flag, name: flag }, { value: false }],
    // As JSON has it, where __proto__ is a name like any other.
    environments: JSON.parse(`{${JSON.stringify(environment)}:${JSON.stringify(config(on))}}`),
  });
  return entryOf(id, atMs - 60_000, 'updateOn', {
    accesses: [{ action: 'updateOn', resource: `proj/default:env/${environment}:flag/${flag}` }],
    previousVersion: version(false),
    currentVersion: version(true),
    member: { firstName: flag, lastName: flag, email: flag },
  });
};

it.each(nastyNames.filter(([, name]) => !/[:;/]/.test(name)))(
  'takes a flag and its environment with a name that is %s for what they are called',
  async (_what, name) => {
    const found = await told([turnedOn('e1', name, name), turnedOn('e2', name, name)], name);
    expect(new Set(found.map((one) => normalise(one).key)).size).toBe(2);
    for (const one of found) {
      expect(one.labels).toEqual({ flag: name, project: 'default', environment: name });
      // What reads the answer leaves a member by the name of __proto__ out: that the flag was changed is told all the same.
      if (name !== '__proto__')
        expect(one).toMatchObject({ diff: [{ path: 'on', before: 'false', after: 'true' }] });
      const stored = normalise(one);
      expect(Observation.parse(stored)).toEqual(stored);
      expect(JSON.stringify(stored).isWellFormed()).toBe(true);
    }
  },
);

it('takes names of every script as they are, and none as code', async () => {
  const name = fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
      fc.string({ unit: 'binary', minLength: 1 }),
    )
    .filter((text) => !/[:;/]/.test(text) && text !== '__proto__');
  await fc.assert(
    fc.asyncProperty(name, async (text) => {
      const [only] = await told([turnedOn('e1', text, text)], text);
      expect(only?.labels).toEqual({ flag: text, project: 'default', environment: text });
      expect(JSON.stringify(normalise(only as Observation)).isWellFormed()).toBe(true);
    }),
    { numRuns: 40 },
  );
});

it.each<[string, Record<string, unknown>]>([
  ['a time in words', { date: 'NaN' }],
  ['no time', { date: null }],
  ['a time after all dates', { date: 8_640_000_000_000_001 }],
  ['half a millisecond', { date: 1.5 }],
  ['an id that is a number', { _id: 7 }],
  ['accesses that are none', { accesses: { action: 'updateOn' } }],
  ['a member that is a word', { member: 'mara' }],
])('fails in words rather than leave out an entry with %s', async (_what, wrong) => {
  const entry = { ...entryOf('e1', atMs - 60_000, 'deleteFlag'), ...wrong };
  const server = await tinyServer((_request, response) => sendJson(response, { items: [entry], _links: {} }));
  servers.push(server);
  const { changes } = launchDarkly({ id: 'l', name: 'l', url: server.url, authorization: token });
  await expect(changes?.backfill({ fromMs: 0, toMs: atMs }, calm())).rejects.toMatchObject({
    code: 'bad_reply',
    message: expect.stringContaining('not one that LaunchDarkly gives'),
  });
});

it('says that there are more projects than are read, unless those that count are named', async () => {
  const projects = Array.from({ length: 1_001 }, (_, at) => ({ key: `p${at}`, environments: [] }));
  const server = await tinyServer(answerOf({ projects, flags: {}, entries: [] }));
  servers.push(server);
  const at = { id: 'l', name: 'l', url: server.url, authorization: token };
  expect((await launchDarkly(at).test(calm())).sentence).toMatch(
    /more than 1000 projects.*Name the projects/,
  );
  const named = launchDarkly({ ...at, scope: { projects: ['p7'], environments: [] } });
  expect(await named.test(calm())).toMatchObject({ ok: true });
});

const MANY = 100_000;

/** An audit log of so many flags that were deleted within the last minutes, and which of its entries were told. */
function flood(failing: (asked: number) => boolean) {
  const entry = (at: number): Entry =>
    entryOf(`e${at}`, atMs - at, 'deleteFlag', {
      accesses: [{ action: 'deleteFlag', resource: `proj/default:env/production:flag/f${at}` }],
    });
  let asked = 0;
  let mostAtOnce = 0;
  const api: LaunchDarklyApi = {
    entries: async ({ query }) => {
      asked += 1;
      if (failing(asked)) throw new Failure('unreachable', 'LaunchDarkly is away.');
      const from = Math.max(0, atMs - Number(query?.['before'] ?? atMs + 1) + 1);
      const to = Math.min(MANY, from + 20);
      return {
        entries: Array.from({ length: Math.max(0, to - from) }, (_, at) => entry(from + at)) as never,
        next: null,
      };
    },
    entry: async (id) =>
      ({ ...entry(Number(id.slice(1))), previousVersion: null, currentVersion: null }) as never,
    flag: () => Promise.reject(new Error('nothing is asked of a flag')),
    projects: async () => [
      { key: 'default', environments: { items: [{ key: 'production', critical: true }] } },
    ],
    caller: () => Promise.reject(new Error('nobody is asked for')),
    skewMs: () => null,
  };
  const told = new Map<string, number>();
  const states: string[] = [];
  const { stream } = flagChanges({
    ...{ api, scope: { projects: [], environments: [] }, source: 'l', now: () => atMs, every: 1 },
  });
  stops.push(
    stream({
      onObservations(some) {
        mostAtOnce = Math.max(mostAtOnce, some.length);
        for (const { key } of some) told.set(key, (told.get(key) ?? 0) + 1);
      },
      onState: (state) => states.push(state.up ? 'up' : state.because),
    }),
  );
  return { told, states, mostAtOnce: () => mostAtOnce };
}

it('reads a hundred thousand flags that changed while it was away, each once, and few at once', async () => {
  const { told, states, mostAtOnce } = flood((asked) => asked < 3);
  await eventually('each of them', () => told.size === MANY, 60_000);
  expect(new Set(told.values())).toEqual(new Set([1]));
  expect(mostAtOnce()).toBeLessThanOrEqual(1_000);
  expect(states.at(0)).toBe('LaunchDarkly is away.');
  expect(states.at(-1)).toBe('up');
}, 90_000);

it('loses none of them though questions fail again and again on the way', async () => {
  const { told, states } = flood((asked) => asked % 230 === 0);
  await eventually('each of them', () => told.size === MANY, 60_000);
  expect(states).toContain('LaunchDarkly is away.');
}, 90_000);
