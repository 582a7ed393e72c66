import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { StreamedEvent } from '../../../shared/bridge/host-events.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { type LoopbackBench, loopbackBench, metricsChanged } from './loopback-bench.ts';

let bench: LoopbackBench;
let atMs = 0;
const limits = {
  tokenWithinMs: 200,
  pingEveryMs: 50,
  maxUnreadBytes: 262_144,
  goodbyeWithinMs: 100,
  maxSockets: 5,
};
beforeEach(async () => {
  bench = await loopbackBench({ feed: limits, now: () => atMs, idleMs: 1_000 });
});
afterEach(() => bench.server.close());

async function signedIn(): Promise<{ socket: WebSocket; received: StreamedEvent[] }> {
  const tab = await bench.signIn();
  const socket = bench.openEvents();
  const received: StreamedEvent[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  await once(socket, 'open');
  socket.send(JSON.stringify({ token: tab }));
  return { socket, received };
}

const closeCodeOf = async (socket: WebSocket): Promise<number> => (await once(socket, 'close'))[0];

it('tells what the host tells, in order, counted from 0 for each connection', async () => {
  const [first, second] = [await signedIn(), await signedIn()];
  for (let index = 0; index < 50; index++) bench.publish(metricsChanged(`inc-${index}`));
  for (const { received } of [first, second]) {
    await eventually('the last event', () => received.length === 50);
    expect(received).toEqual(
      Array.from({ length: 50 }, (_none, seq) => ({ seq, event: metricsChanged(`inc-${seq}`) })),
    );
  }
});

it('keeps what happens between the opening and the token', async () => {
  const socket = bench.openEvents();
  const received: unknown[] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  await once(socket, 'open');
  bench.publish(metricsChanged('inc-early'));
  socket.send(JSON.stringify({ token: await bench.signIn() }));
  await eventually('the early event', () => received.length === 1);
  expect(received).toEqual([{ seq: 0, event: metricsChanged('inc-early') }]);
});

describe('closes with 4401', () => {
  it('when no token comes, having told nothing', async () => {
    const socket = bench.openEvents();
    const received: unknown[] = [];
    socket.on('message', (data) => received.push(data));
    await once(socket, 'open');
    bench.publish(metricsChanged('inc-1'));
    expect(await closeCodeOf(socket)).toBe(4401);
    expect(received).toEqual([]);
    await eventually('the end of listening', () => bench.listening() === 0);
  });

  it.each([
    ['a wrong token', () => JSON.stringify({ token: 'x'.repeat(43) })],
    ['a one-time token', () => JSON.stringify({ token: bench.tokenOf(bench.server.newLink()) })],
    ['no JSON', () => 'token'],
    ['another shape', () => JSON.stringify({ token: 1 })],
    ['bytes', () => Buffer.from([1, 2, 3])],
  ])('for %s', async (_case, message) => {
    const socket = bench.openEvents();
    await once(socket, 'open');
    socket.send(message());
    expect(await closeCodeOf(socket)).toBe(4401);
  });

  it('when the tab was not used for too long', async () => {
    const { socket } = await signedIn();
    bench.publish(metricsChanged('inc-1'));
    await once(socket, 'message');
    atMs += 1_000;
    expect(await closeCodeOf(socket)).toBe(4401);
  });
});

it('takes one message and no other', async () => {
  const { socket } = await signedIn();
  socket.send('another');
  expect(await closeCodeOf(socket)).toBe(1008);
});

it('closes on a message that is too long to be a token', async () => {
  const socket = bench.openEvents();
  await once(socket, 'open');
  socket.send('x'.repeat(5_000));
  expect([1006, 1009]).toContain(await closeCodeOf(socket));
});

it('lets a screen go that does not read, and keeps telling the others', async () => {
  const slow = await signedIn();
  const quick = await signedIn();
  bench.publish(metricsChanged('inc-0'));
  await eventually('both listen', () => slow.received.length === 1 && quick.received.length === 1);
  slow.socket.pause();
  const big = 'x'.repeat(65_536);
  await eventually('the slow one is let go', () => {
    bench.publish(metricsChanged(big));
    return bench.listening() === 1;
  });
  const { length } = quick.received;
  bench.publish(metricsChanged('inc-last'));
  await eventually('the quick one hears on', () => quick.received.length > length);
  slow.socket.resume();
  expect([1013, 1006]).toContain(await closeCodeOf(slow.socket));
});

it('says to try later where the goodbye can be read', async () => {
  await bench.server.close();
  bench = await loopbackBench({ feed: { ...limits, maxUnreadBytes: -1, goodbyeWithinMs: 5_000 } });
  const { socket } = await signedIn();
  const closed = closeCodeOf(socket);
  await eventually('the goodbye', () => {
    bench.publish(metricsChanged('inc-1'));
    return socket.readyState !== WebSocket.OPEN;
  });
  expect(await closed).toBe(1013);
});

it('drops a connection that answers no ping', async () => {
  const tab = await bench.signIn();
  const deaf = new WebSocket(`ws://${bench.authority}/events`, { origin: bench.own.origin, autoPong: false });
  await once(deaf, 'open');
  deaf.send(JSON.stringify({ token: tab }));
  expect(await closeCodeOf(deaf)).toBe(1006);
});

it('keeps a connection that answers', async () => {
  const { socket } = await signedIn();
  for (let ping = 0; ping < 4; ping++) await once(socket, 'ping');
  expect(socket.readyState).toBe(WebSocket.OPEN);
});

it('has room for a bounded number of screens', async () => {
  const sockets: WebSocket[] = [];
  for (let count = 0; count < 5; count++) sockets.push((await signedIn()).socket);
  const onemore = bench.openEvents();
  expect(await closeCodeOf(onemore)).toBe(1013);
  expect(sockets.map(({ readyState }) => readyState)).toEqual(Array(5).fill(WebSocket.OPEN));
});

it.each<[string, Record<string, string>, number]>([
  ['another Origin', { origin: 'http://evil.test' }, 403],
  ['the Origin of another port', { origin: 'http://127.0.0.1:1' }, 403],
  ['another Host', { host: 'evil.test' }, 421],
  ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
])('opens nothing for %s', async (_case, headers, status) => {
  const socket = bench.openEvents(headers);
  const [, response] = await once(socket, 'unexpected-response');
  expect(response.statusCode).toBe(status);
  socket.on('error', () => {});
  socket.terminate();
  expect(bench.listening()).toBe(0);
});

it('opens nothing without Origin', async () => {
  const socket = new WebSocket(`ws://${bench.authority}/events`);
  const [, response] = await once(socket, 'unexpected-response');
  expect(response.statusCode).toBe(403);
  socket.on('error', () => {});
  socket.terminate();
});

it('stays up when a stranger hangs up in the middle of the opening', async () => {
  const { port } = new URL(bench.server.url);
  for (const path of ['/events', '/other']) {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(
      `GET ${path} HTTP/1.1\r\nhost: ${bench.authority}\r\norigin: ${bench.own.origin}\r\nupgrade: websocket\r\n` +
        'connection: upgrade\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n',
    );
    socket.resetAndDestroy();
  }
  const { socket, received } = await signedIn();
  await eventually('an event', () => {
    bench.publish(metricsChanged('inc-1'));
    return received.length > 0;
  });
  socket.terminate();
});
