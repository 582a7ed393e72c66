import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type LokiApi, lokiApi, type Stream } from '../../../electron/connectors/loki/api.ts';
import { type LiveState, liveLines } from '../../../electron/connectors/loki/live-lines.ts';
import { loki } from '../../../electron/connectors/loki/loki.ts';
import type { SteppedClock } from '../../../electron/platform/clock.ts';
import { httpClient } from '../../../electron/platform/http.ts';
import type { Sandbox } from '../../../electron/sandbox/sandbox.ts';
import { cuttingProxy } from '../../fixtures/cutting-proxy.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { steppedSandbox } from '../../fixtures/open-sandbox.ts';

let time: SteppedClock;
let sandbox: Sandbox;
const stops: (() => unknown)[] = [];

beforeAll(async () => {
  ({ sandbox, time } = await steppedSandbox(7));
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(() => sandbox.close());

const query = '{service_name=~".+"} |= "error"';
const apiAt = (url: string): LokiApi =>
  lokiApi(httpClient({ system: 'Loki', url, authorization: `Bearer ${sandbox.loki.token}` }));
const portOf = (url: string) => Number(new URL(url).port);

/** What comes live from now on, and what it says about how it comes. */
function heardFrom(api: Pick<LokiApi, 'tail' | 'lines'>) {
  const lines: string[] = [];
  const states: LiveState[] = [];
  const ending = new AbortController();
  const fromMs = time.clock.now();
  const onLines = (streams: Stream[]) => lines.push(...namesOf(streams));
  const onState = (state: LiveState) => states.push(state);
  void liveLines({ api, query, now: time.clock.now, random: () => 0, onLines, onState }, ending.signal);
  stops.push(() => ending.abort());
  return { lines, states, fromMs };
}

const namesOf = (streams: Stream[]): string[] =>
  streams.flatMap(({ labels, lines }) => lines.map(({ ns, text }) => `${labels['pod']} ${ns} ${text}`));

/** All that Loki has stored since then, as whoever looks later finds it. */
async function storedSince(fromMs: number): Promise<string[]> {
  const window = { fromMs, toMs: time.clock.now() + 60_000, limit: 5_000 };
  return namesOf(await apiAt(sandbox.loki.url).lines(query, window, new AbortController().signal)).toSorted();
}

/** Waits until everything that is stored was heard, and says that it was heard once. */
async function expectAllOnce({ lines, fromMs }: { lines: string[]; fromMs: number }): Promise<void> {
  const stored = await storedSince(fromMs);
  expect(stored.length).toBeGreaterThan(20);
  expect(stored.length).toBeLessThan(5_000);
  await eventually('every line', () => lines.length >= stored.length).catch(() => undefined);
  expect(lines.toSorted()).toEqual(stored);
}

it('hears each line once, as it is written', async () => {
  const heard = heardFrom(apiAt(sandbox.loki.url));
  for (let second = 0; second < 40; second++) await time.advance(1_000);
  await expectAllOnce(heard);
  expect(heard.states).toEqual([]);
});

it('loses and doubles no line while the connection is cut and the server is away', async () => {
  const proxy = await cuttingProxy({ port: portOf(sandbox.loki.url) });
  stops.push(proxy.close);
  const heard = heardFrom(apiAt(`http://127.0.0.1:${proxy.port}`));
  for (let round = 0; round < 2; round++) {
    await time.advance(5_000);
    await eventually('a line of this round', () => heard.lines.length > 0);
    proxy.cut();
    await eventually('that it is cut', () => (heard.states.at(-1)?.polledBecause ?? null) !== null);
    await time.advance(5_000);
    proxy.mend();
    await eventually('the connection', () => heard.states.at(-1)?.polledBecause === null);
  }
  await time.advance(5_000);
  await expectAllOnce(heard);
  expect(heard.states.some(({ polledBecause }) => polledBecause !== null)).toBe(true);
});

it('asks every few seconds where a proxy lets no WebSocket through, and says why', async () => {
  const proxy = await proxyWithoutUpgrade(sandbox.loki.url);
  stops.push(() => proxy.server.close());
  const heard = heardFrom(apiAt(proxy.url));
  await time.advance(20_000);
  await eventually('why it does not come live', () =>
    heard.states.at(-1)?.polledBecause?.includes('does not understand the question (400)'),
  );
  await expectAllOnce(heard);
});

it('reads from the log what the tail says that it dropped', async () => {
  const api = apiAt(sandbox.loki.url);
  /** A Loki that cannot keep up: of each message it sends the first stream, and tells of the rest. */
  const slow: Pick<LokiApi, 'tail' | 'lines'> = {
    lines: api.lines,
    tail: (asked, from, { onOpen, onLines }, signal) =>
      api.tail(
        asked,
        from,
        { onOpen, onLines: (streams) => onLines(streams.slice(0, 1), namesOf(streams.slice(1)).length) },
        signal,
      ),
  };
  const heard = heardFrom(slow);
  for (let second = 0; second < 30; second++) await time.advance(1_000);
  await expectAllOnce(heard);
});

it('passes over what is too much to read, and says how much', async () => {
  const flood: Pick<LokiApi, 'tail' | 'lines'> = {
    lines: async () => [],
    tail(_query, _from, { onOpen, onLines }, signal) {
      onOpen();
      const atMs = time.clock.now();
      const lines = Array.from({ length: 5_000 }, (_, nth) => ({
        atMs,
        ns: `${atMs}000000`,
        text: `error ${nth}`,
      }));
      onLines([{ labels: { pod: 'a' }, lines }], 0);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    },
  };
  const heard = heardFrom(flood);
  await eventually('what is passed over', () => heard.states.at(-1)?.passedOver);
  expect(heard.lines.length + (heard.states.at(-1)?.passedOver ?? 0)).toBe(5_000);
  expect(heard.lines.length).toBeLessThan(2_000);
});

it('names a pile of errors as whoever looks later does, and tells of it once', async () => {
  const source = loki({
    id: 'logs',
    name: 'Logs',
    url: sandbox.loki.url,
    authorization: `Bearer ${sandbox.loki.token}`,
    clock: time.clock,
    isLive: true,
  });
  const keys: string[] = [];
  const states: boolean[] = [];
  const stop = source.changes?.stream({
    onObservations: (some) => keys.push(...some.map(({ key }) => key)),
    onState: ({ up }) => states.push(up),
  });
  if (stop) stops.push(stop);
  await eventually('that it is up', () => states.at(-1));
  for (let second = 0; second < 40; second++) await time.advance(1_000);
  const after = await source.changes?.backfill(
    { fromMs: time.clock.now() - 600_000, toMs: time.clock.now() },
    new AbortController().signal,
  );
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.toSorted()).toEqual(after?.map(({ key }) => key).toSorted());
  expect(source.health?.()).toEqual({ skewMs: null, sentence: null });
});

/** Passes requests on and drops what asks for another protocol, as many a proxy does. */
async function proxyWithoutUpgrade(target: string): Promise<{ url: string; server: Server }> {
  const server = createServer(async (request, response) => {
    const { authorization = '' } = request.headers;
    const reply = await fetch(new URL(request.url ?? '/', target), { headers: { authorization } });
    response.writeHead(reply.status, { 'content-type': reply.headers.get('content-type') ?? 'text/plain' });
    response.end(await reply.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
