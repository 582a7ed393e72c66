import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { backOffMs } from '../../../../electron/connectors/kubernetes/follow.ts';
import { kubernetes } from '../../../../electron/connectors/kubernetes/kubernetes.ts';
import type { Observation } from '../../../../shared/vocabulary/event.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { coreEvent, replicaSet } from '../../../fixtures/kubernetes-objects.ts';
import { type Received, sendJson, type TinyServer, tinyServer } from '../../../fixtures/tiny-server.ts';

let server: TinyServer | undefined;
let stop: (() => void) | undefined;
afterEach(async () => {
  stop?.();
  await server?.close();
});

const startMs = Date.parse('2026-03-01T10:32:00Z');
const flag = (name: string, at = '2026-03-01T10:33:00Z') =>
  coreEvent({
    name,
    at,
    annotations: { 'countersign.dev/change': 'flag', 'countersign.dev/service': 'checkout' },
  });

const list = (response: ServerResponse, items: object[], resourceVersion = '1') =>
  sendJson(response, { metadata: { resourceVersion }, items });

/** A stream of changes from a stub; ReplicaSets stay quiet unless the case is about them. */
async function streaming(answer: {
  events?: (request: Received, response: ServerResponse, nth: number) => void;
  sets?: (request: Received, response: ServerResponse, nth: number) => void;
}) {
  const quiet = (request: Received, response: ServerResponse) =>
    request.url.includes('watch=true') ? void response.writeHead(200).flushHeaders() : list(response, []);
  let [events, sets] = [0, 0];
  server = await tinyServer((request, response) => {
    if (request.url.startsWith('/api/v1/events'))
      return (answer.events ?? quiet)(request, response, events++);
    if (request.url.startsWith('/apis/apps/v1/replicasets'))
      return (answer.sets ?? quiet)(request, response, sets++);
    return quiet(request, response);
  });
  const heard: Observation[] = [];
  const states: ({ up: true } | { up: false; because: string })[] = [];
  const { changes } = kubernetes({
    id: 'k',
    name: 'k',
    access: { server: server.url, token: 'tok-geheim' },
    clock: { now: () => startMs },
    random: () => 0,
  });
  stop = changes?.stream({
    onObservations: (observations) => heard.push(...observations),
    onState: (state) => states.push(state),
  });
  return { heard, states, keys: () => heard.map(({ key }) => key) };
}

const send = (response: ServerResponse, ...events: object[]) => {
  for (const event of events) response.write(`${JSON.stringify(event)}\n`);
};

it('delivers what is new from a version on, and not what is long past', async () => {
  const { keys, states } = await streaming({
    events: (request, response) => {
      if (!request.url.includes('watch=true'))
        return list(
          response,
          [flag('old', '2026-03-01T08:00:00Z'), flag('recent', '2026-03-01T10:30:00Z')],
          '77',
        );
      expect(request.url).toContain('resourceVersion=77');
      expect(request.url).toContain('allowWatchBookmarks=true');
      return send(
        response,
        { type: 'ADDED', object: flag('new') },
        { type: 'MODIFIED', object: flag('new') },
        { type: 'MODIFIED', object: flag('old', '2026-03-01T08:00:00Z') },
      );
    },
  });
  await eventually('what the source tells', () => keys().length === 2 && states.length > 0);
  expect(keys()).toEqual(['flag:shop/recent', 'flag:shop/new']);
  expect(states).toEqual([{ up: true }]);
});

it('goes on from the last bookmark when the server ends the watch, without being down', async () => {
  const { keys, states } = await streaming({
    events: (request, response, nth) => {
      if (!request.url.includes('watch=true')) return list(response, [], '1');
      if (nth === 1) {
        send(response, { type: 'BOOKMARK', object: { metadata: { resourceVersion: '500' } } });
        return response.end();
      }
      expect(request.url).toContain('resourceVersion=500');
      return send(response, { type: 'ADDED', object: flag('later') });
    },
  });
  await eventually('what the source tells', () => keys().length === 1);
  expect(states).toEqual([{ up: true }]);
});

it('lists again when its version has expired, and delivers what came in between exactly once', async () => {
  const { keys, states } = await streaming({
    events: (request, response, nth) => {
      if (!request.url.includes('watch=true'))
        return list(response, nth === 0 ? [] : [flag('a'), flag('b')], `list-${nth}`);
      if (request.url.includes('resourceVersion=list-2')) {
        return send(response, { type: 'ADDED', object: flag('b') }, { type: 'ADDED', object: flag('c') });
      }
      send(
        response,
        { type: 'ADDED', object: flag('a') },
        { type: 'ERROR', object: { kind: 'Status', code: 410, message: 'too old' } },
      );
      return void response.end();
    },
  });
  await eventually('what the source tells', () => keys().length === 3);
  expect(keys()).toEqual(['flag:shop/a', 'flag:shop/b', 'flag:shop/c']);
  expect(states).toEqual([{ up: true }]);
});

it.each([
  ['a line that is not JSON', 'oops\n'],
  ['a change that is not an Event', `${JSON.stringify({ type: 'ADDED', object: { metadata: {} } })}\n`],
  ['an error without a code', `${JSON.stringify({ type: 'ERROR', object: {} })}\n`],
])('is down with a sentence after %s, and up again after it', async (_case, line) => {
  const { keys, states } = await streaming({
    events: (request, response, nth) => {
      if (!request.url.includes('watch=true')) return list(response, []);
      if (nth === 1) return void response.end(line);
      return send(response, { type: 'ADDED', object: flag('after') });
    },
  });
  await eventually('what the source tells', () => keys().length === 1);
  await eventually('that it is up again', () => states.at(-1)?.up);
  expect(states.map(({ up }) => up).slice(-2)).toEqual([false, true]);
  expect(states.at(-2)).toMatchObject({ because: expect.stringContaining('Kubernetes') });
});

it('says what is missing when it may not list', async () => {
  const message = 'events is forbidden: User "x" cannot list resource "events"';
  const { states } = await streaming({
    events: (_request, response) => sendJson(response, { kind: 'Status', code: 403, message }, 403),
  });
  await eventually('what the source tells', () => states.length > 0);
  expect(states).toEqual([{ up: false, because: expect.stringContaining('cannot list resource') }]);
});

it('tells of a roll-back as a new change when the old ReplicaSet gets a new revision', async () => {
  const old = { revision: 6, created: '2026-02-20T08:00:00Z', hash: 'bcdfghjklm', image: 'c:1.6.0' };
  const newer = { revision: 7, created: '2026-02-25T10:31:00Z' };
  const { heard } = await streaming({
    sets: (request, response) => {
      if (!request.url.includes('watch=true')) return list(response, [replicaSet(old), replicaSet(newer)]);
      const again = replicaSet({ ...old, revision: 8, history: '6' });
      return send(
        response,
        { type: 'MODIFIED', object: replicaSet(newer) },
        { type: 'MODIFIED', object: again },
        { type: 'MODIFIED', object: again },
      );
    },
  });
  await eventually('what the source tells', () => heard.length > 0);
  expect(heard).toMatchObject([
    { key: 'deploy:shop/checkout@8', atMs: startMs, title: 'checkout rolled back to 1.6.0 (revision 8)' },
  ]);
});

it('says nothing more once it was stopped', async () => {
  const { heard, states } = await streaming({});
  await eventually('what the source tells', () => states.length === 1);
  stop?.();
  await server?.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(states).toHaveLength(1);
  expect(heard).toEqual([]);
});

it('waits longer after each failure, never longer than half a minute, and never not at all', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000 }),
      fc.double({ min: 0, max: 0.999_999, noNaN: true }),
      (attempts, random) => {
        const ms = backOffMs(attempts, random);
        expect(ms).toBeGreaterThanOrEqual(250);
        expect(ms).toBeLessThanOrEqual(30_000);
        expect(backOffMs(attempts + 1, random)).toBeGreaterThanOrEqual(ms);
      },
    ),
  );
});
