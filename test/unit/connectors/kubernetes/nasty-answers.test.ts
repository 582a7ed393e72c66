import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { kubernetes } from '../../../../electron/connectors/kubernetes/kubernetes.ts';
import { normalise } from '../../../../electron/timeline/normalise.ts';
import { Observation } from '../../../../shared/vocabulary/event.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { coreEvent, deployment, replicaSet } from '../../../fixtures/kubernetes-objects.ts';
import { nastyNames } from '../../../fixtures/nasty-names.ts';
import { type Received, sendJson, type TinyServer, tinyServer } from '../../../fixtures/tiny-server.ts';

const startMs = Date.parse('2026-03-01T10:32:00Z');
const calm = () => new AbortController().signal;
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

type Answer = (request: Received, response: ServerResponse) => boolean;

/** An API server that holds these collections and watches in silence; `answer` may answer instead. */
async function cluster(held: Record<string, object[]>, answer: Answer = () => false) {
  const server: TinyServer = await tinyServer((request, response) => {
    if (answer(request, response)) return;
    const { pathname, searchParams } = new URL(request.url, 'http://kubernetes');
    if (searchParams.has('watch')) return void response.writeHead(200).flushHeaders();
    const all = held[pathname] ?? [];
    const from = Number(searchParams.get('continue') ?? 0);
    const to = from + Number(searchParams.get('limit') ?? all.length);
    const rest = to < all.length ? { continue: String(to) } : {};
    sendJson(response, { metadata: { resourceVersion: '1', ...rest }, items: all.slice(from, to) });
  });
  stops.push(() => server.close());
  const { changes } = kubernetes({
    ...{ id: 'k', name: 'k', access: { server: server.url, token: 'tok' } },
    ...{ clock: { now: () => startMs }, random: () => 0 },
  });
  if (!changes) throw new Error('a cluster tells of changes');
  return changes;
}

const at = '2026-03-01T10:31:00Z';
const marked = (name: string, more: object = {}) =>
  coreEvent({ name, at, annotations: { 'countersign.dev/change': 'flag', ...more } });
const renamed = <Thing extends { metadata: object }>(thing: Thing, metadata: object): Thing => ({
  ...thing,
  metadata: { ...thing.metadata, ...metadata },
});

/** What is told of objects whose every name is this one. */
async function told(name: string) {
  const own = { namespace: name, resourceVersion: '7' };
  const set = (revision: number) =>
    renamed(replicaSet({ revision, created: at, version: name }), {
      ...own,
      ownerReferences: [{ kind: 'Deployment', name, uid: 'dep-1', controller: true }],
    });
  const event = (uid: string) =>
    renamed(
      marked(`${name}${uid}`, {
        'countersign.dev/service': name,
        'countersign.dev/flag': name,
        'countersign.dev/actor': name,
        'countersign.dev/field': name,
        'countersign.dev/after': name,
      }),
      { ...own, uid },
    );
  const warning = coreEvent({
    at,
    type: 'Warning',
    reason: name,
    message: name,
    about: { kind: name, name },
  });
  const map = {
    metadata: {
      ...{ name, uid: 'map', creationTimestamp: at, labels: { app: name } },
      ...own,
      managedFields: [
        { manager: name, operation: 'Update', time: at, fieldsType: 'FieldsV1', fieldsV1: { 'f:data': {} } },
      ],
    },
    data: { [name]: name },
  };
  const changes = await cluster({
    '/apis/apps/v1/replicasets': [set(1), set(2)],
    '/apis/apps/v1/deployments': [renamed(deployment({ revision: 2 }), { ...own, name })],
    '/api/v1/events': [event('e1'), event('e2'), warning],
    '/api/v1/configmaps': [map],
  });
  return changes.backfill({ fromMs: startMs - 3_600_000, toMs: startMs }, calm());
}

it.each(nastyNames)('takes objects with a name that is %s for what they are called', async (_what, name) => {
  const found = (await told(name)).map(({ raw: _raw, ...one }) => one);
  // Two roll-outs, two Events of a change, a warning, and the config map that was made.
  expect(new Set(found.map((one) => normalise(one).key)).size).toBe(6);
  expect(found.filter(({ kind }) => kind === 'change').map(({ labels }) => labels?.['namespace'])).toEqual(
    Array.from({ length: 5 }, () => name),
  );
  for (const one of found) {
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
      const found = await told(text);
      expect(new Set(found.map(({ raw: _raw, ...one }) => normalise(one).key)).size).toBe(6);
      for (const { raw: _raw, ...one } of found)
        expect(JSON.stringify(Observation.parse(normalise(one))).isWellFormed()).toBe(true);
    }),
    { numRuns: 25 },
  );
});

/** Follows a cluster, and what it tells until it is closed. */
function following(changes: Awaited<ReturnType<typeof cluster>>) {
  const states: string[] = [];
  const times = new Map<string, number>();
  stops.push(
    changes.stream({
      onObservations(some) {
        for (const { key } of some) times.set(key, (times.get(key) ?? 0) + 1);
      },
      onState: (state) => states.push(state.up ? 'up' : state.because),
    }),
  );
  return { states, times };
}

it.each<[string, object]>([
  ['a time in words', { lastTimestamp: 'NaN' }],
  ['a time that is a number', { lastTimestamp: startMs }],
  ['a day that there is not', { lastTimestamp: '2026-02-30T00:00:00Z' }],
  ['no name', { metadata: { ...coreEvent({}).metadata, name: null } }],
  ['annotations that are numbers', { metadata: { ...coreEvent({}).metadata, annotations: { a: 1 } } }],
  ['what it is about as a word', { involvedObject: 'checkout' }],
])('says so of an Event with %s, and tells of all when that is over', async (_what, wrong) => {
  const events: object[] = [marked('before')];
  const bad = { ...marked('bad'), ...wrong };
  let isBad = false;
  let isExpired = false;
  let watching: ServerResponse | undefined;
  const changes = await cluster({ '/api/v1/events': events }, ({ url }, response) => {
    if (!url.startsWith('/api/v1/events')) return false;
    if (!url.includes('watch=true')) {
      isExpired = isBad;
      if (isBad) sendJson(response, { metadata: { resourceVersion: '1' }, items: [...events, bad] });
      return isBad;
    }
    response.writeHead(isExpired ? 410 : 200);
    if (isExpired) response.end();
    else response.flushHeaders();
    watching = response;
    return true;
  });
  const { states, times } = following(changes);
  await eventually('what was there', () => times.size === 1 && states.at(-1) === 'up');
  isBad = true;
  isExpired = true;
  watching?.write(`${JSON.stringify({ type: 'ADDED', object: bad })}\n`);
  await eventually('that a change is none', () => /cannot be understood/.test(states.at(-1) ?? ''));
  events.push(marked('meanwhile'));
  isBad = false;
  await eventually('what came meanwhile', () => times.size === 2 && states.at(-1) === 'up');
  expect([...times]).toEqual([
    ['flag:shop/before', 1],
    ['flag:shop/meanwhile', 1],
  ]);
});

const MANY = 100_000;

it('follows a hundred thousand objects, and tells each that was changed once', async () => {
  const many = Array.from({ length: (MANY / 5) * 4 }, (_, nth) => ({
    metadata: {
      name: `m-${nth}`,
      namespace: `n-${nth % 100}`,
      uid: `u-${nth}`,
      resourceVersion: '1',
      creationTimestamp: at,
    },
    data: { key: 'value' },
  }));
  const events = Array.from({ length: MANY / 5 }, (_, nth) => marked(`e-${nth}`));
  const changes = await cluster({ '/api/v1/configmaps': many, '/api/v1/events': events });
  const { states, times } = following(changes);
  await eventually('being up', () => states.at(-1) === 'up', 90_000);
  expect(times.size).toBeGreaterThanOrEqual(MANY / 5);
  expect(new Set(times.values())).toEqual(new Set([1]));
}, 120_000);
