import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import type { FlagEvent, UnleashApi } from '../../../../electron/connectors/unleash/api.ts';
import { flagChanges } from '../../../../electron/connectors/unleash/change-source.ts';
import { unleash } from '../../../../electron/connectors/unleash/unleash.ts';
import { Failure } from '../../../../electron/platform/failure.ts';
import { normalise } from '../../../../electron/timeline/normalise.ts';
import { Observation } from '../../../../shared/vocabulary/event.ts';
import { eventually } from '../../../fixtures/eventually.ts';
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

const event = (id: number, more: object = {}): FlagEvent => ({
  id,
  type: 'feature-environment-enabled',
  createdBy: 'mara',
  createdAt: new Date(atMs - 60_000).toISOString(),
  featureName: 'checkout.new-cart',
  project: 'default',
  environment: 'production',
  data: null,
  preData: null,
  ...more,
});

async function backfill(events: unknown) {
  const server = await tinyServer(({ url }, response) =>
    sendJson(
      response,
      url.includes('/environments')
        ? {
            environments: [
              { name: 'test', type: 'test' },
              { name: 'production', type: 'production' },
            ],
          }
        : { events },
    ),
  );
  servers.push(server);
  const { changes } = unleash({ id: 'u', name: 'u', url: server.url, authorization: 'tok' });
  const found = (await changes?.backfill({ fromMs: 0, toMs: atMs }, calm())) ?? [];
  demandEvidence(found);
  return found.map(observationIn);
}

/** What was changed of a flag whose every name is this one: also its project, a parameter, its tag and who did it. */
const changed = (id: number, name: string): FlagEvent => {
  const strategy = (value: string) => ({
    name: 'flexibleRollout',
    // As JSON has it, where __proto__ is a name like any other.
    parameters: JSON.parse(`{"rollout":"10",${JSON.stringify(name)}:${JSON.stringify(value)}}`),
  });
  const names = {
    featureName: name,
    project: name,
    createdBy: name,
    tags: [{ type: 'service', value: name }],
  };
  return event(id, {
    ...names,
    type: 'feature-strategy-update',
    preData: { name: 'flexibleRollout' },
    data: strategy('9'),
  });
};

it.each(nastyNames)('takes a flag with a name that is %s for what it is called', async (_what, name) => {
  const found = await backfill([changed(2, name), changed(1, name)]);
  expect(new Set(found.map((one) => normalise(one).key)).size).toBe(2);
  for (const one of found) {
    expect(one.labels).toEqual({ flag: name, project: name, environment: 'production' });
    expect(one).toMatchObject({
      diff: [
        { path: 'rollout', before: null, after: '10' },
        { path: expect.any(String), before: null, after: '9' },
      ],
    });
    const stored = normalise(one);
    expect(Observation.parse(stored)).toEqual(stored);
    expect(JSON.stringify(stored).isWellFormed()).toBe(true);
  }
});

it('takes names of every script as they are, and none as code', async () => {
  const name = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.string({ unit: 'binary', minLength: 1 }),
  );
  await fc.assert(
    fc.asyncProperty(name, async (text) => {
      const [only] = await backfill([changed(1, text)]);
      expect(only?.labels).toEqual({ flag: text, project: text, environment: 'production' });
      expect(JSON.stringify(normalise(only as Observation)).isWellFormed()).toBe(true);
    }),
    { numRuns: 40 },
  );
});

it.each<[string, unknown]>([
  ['a time in words', [event(1, { createdAt: 'NaN' })]],
  ['a time that is a number', [event(1, { createdAt: atMs })]],
  ['no time', [event(1, { createdAt: null })]],
  ['an id in words', [event(1, { id: '1' })]],
  ['an id that is half', [event(1, { id: 1.5 })]],
  ['a name that is a number', [event(1, { featureName: 7 })]],
  ['tags that are words', [event(1, { tags: ['service:checkout'] })]],
  ['no list at all', { '0': event(1) }],
])('fails in words rather than leave out what has %s', async (_what, events) => {
  await expect(backfill(events)).rejects.toMatchObject({
    code: 'bad_reply',
    message: expect.stringContaining('not one that Unleash gives'),
  });
});

const MANY = 100_000;

/** An event log of so many flags that were turned on within the last minutes, and which of its events were told. */
function flood(failing: (asked: number) => boolean) {
  let asked = 0;
  let mostAtOnce = 0;
  let size = MANY;
  const api = {
    async events(offset: number) {
      asked += 1;
      if (failing(asked)) throw new Failure('unreachable', 'Unleash is away.');
      const length = Math.max(0, Math.min(200, size - offset));
      return Array.from({ length }, (_, at) =>
        event(size - offset - at, { featureName: `f${size - offset - at}` }),
      );
    },
    environments: async () => [{ name: 'production', type: 'production' }],
  } as unknown as UnleashApi;
  const told = new Map<string, number>();
  const states: string[] = [];
  const { stream } = flagChanges({ api, source: 'u', now: () => atMs, every: 1 });
  stops.push(
    stream({
      onObservations(some) {
        mostAtOnce = Math.max(mostAtOnce, some.length);
        for (const { key } of some) told.set(key, (told.get(key) ?? 0) + 1);
      },
      onState: (state) => states.push(state.up ? 'up' : state.because),
    }),
  );
  return {
    told,
    states,
    mostAtOnce: () => mostAtOnce,
    asked: () => asked,
    more() {
      size += 1;
    },
  };
}

it('reads a hundred thousand flags that changed while it was away, each once, and few at once', async () => {
  const { told, states, mostAtOnce, asked, more } = flood((nth) => nth < 3 || nth === 77);
  await eventually('each of them', () => told.size === MANY && states.at(-1) === 'up', 60_000);
  expect(mostAtOnce()).toBeLessThanOrEqual(200);
  expect(states.at(0)).toBe('Unleash is away.');
  more();
  await eventually('one more', () => told.size === MANY + 1);
  expect(new Set(told.values())).toEqual(new Set([1]));
  // What was read is known: each further round is one page.
  const [before, rounds] = [asked(), states.length];
  await eventually('ten more rounds', () => states.length >= rounds + 10);
  expect(asked() - before).toBeLessThanOrEqual(states.length - rounds + 1);
}, 90_000);
