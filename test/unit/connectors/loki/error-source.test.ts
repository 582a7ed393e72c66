import { expect, it } from 'vitest';
import type { SourceFact } from '../../../../electron/connectors/delivered.ts';
import type { LokiApi, Stream } from '../../../../electron/connectors/loki/api.ts';
import { errorSource } from '../../../../electron/connectors/loki/error-source.ts';
import { steppedClock } from '../../../../electron/platform/clock.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { sentOf } from '../../../fixtures/sent-fact.ts';

it('tells of a pile of errors from the lines that come live, without waiting for the next count', async () => {
  const time = steppedClock((error) => {
    throw error;
  }, Date.parse('2026-03-01T12:00:05Z'));
  const lineAt = (atMs: number, nth: number) => ({ atMs, ns: `${atMs}000000`, text: `ERROR ${nth}` });
  const labels = { service_name: 'checkout', namespace: 'shop' };
  let counted = 0;
  let say: ((streams: Stream[], dropped: number) => void) | undefined;
  const api: Pick<LokiApi, 'labels' | 'counts' | 'lines' | 'tail'> = {
    labels: async () => ['service_name'],
    async counts() {
      counted += 1;
      return [];
    },
    // What the tail is said to have dropped is asked for too, of all services.
    lines: async (query) =>
      query.includes('service_name="checkout"')
        ? [
            { labels: { ...labels, pod: 'a' }, lines: [lineAt(time.clock.now(), 7)] },
            { labels: { ...labels, namespace: 'closed' }, lines: [lineAt(time.clock.now(), 8)] },
          ]
        : [],
    tail(_query, _from, { onOpen, onLines }, signal) {
      onOpen();
      say = onLines;
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    },
  };
  const told: SourceFact[] = [];
  const source = errorSource({
    api,
    source: 'Logs',
    clock: time.clock,
    logScope: () => [],
    mayRead: () => true,
    isLive: true,
  });
  const stop = source.stream({ onObservations: (some) => told.push(...some), onState: () => {} });
  await time.advance(5_000);
  await eventually('the tail', () => say !== undefined);
  const burst = Array.from({ length: 30 }, (_, nth) => lineAt(time.clock.now() + nth, nth));
  say?.([{ labels, lines: burst }], 0);
  await time.advance(7_000);
  expect(source.oddity()).toBeNull();
  say?.([{ labels, lines: [lineAt(time.clock.now(), 99)] }], 12);
  expect(source.oddity()).toContain('Loki dropped 12 lines of the tail');
  await eventually('what they add up to', () => told.length > 0);
  stop();
  expect(told.map(sentOf)).toMatchObject([
    {
      counts: [['2026-03-01T12:00:15.000Z', 30]],
      streams: [{ stream: { pod: 'a' }, values: [[expect.stringMatching(/^\d+$/), 'ERROR 7']] }],
    },
  ]);
  expect(counted).toBe(1);
  expect(told).toMatchObject([
    {
      key: 'log-errors:Logs:shop/checkout:2026-03-01T12:00:15.000Z',
      title: 'Errors in the log of checkout: 30 in a minute, usually 0',
    },
  ]);
});

it('tells what piled up while Loki did not answer for hours, once, and says on the status what is still to be counted', async () => {
  const startMs = Date.parse('2026-03-01T12:00:00Z');
  const time = steppedClock((error) => {
    throw error;
  }, startMs);
  const bursts = [startMs + 20 * 60_000, startMs + 170 * 60_000];
  let isAway = false;
  let refusesThePast = false;
  const labels = { service_name: 'checkout', namespace: 'shop' };
  const answering = async <T>(answer: T): Promise<T> => {
    if (isAway) throw new Error('Loki is away');
    return answer;
  };
  const api: Pick<LokiApi, 'labels' | 'counts' | 'lines' | 'tail'> = {
    labels: () => answering(['service_name']),
    async counts(_query, { fromMs, toMs }) {
      if (refusesThePast && toMs < time.clock.now() - 60_000) throw new Error('too many requests');
      const points = bursts
        .flatMap((burstMs) => [0, 1, 2, 3].map((step) => ({ atMs: burstMs + step * 15_000, value: 20 })))
        .filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
      return answering([{ labels, points }]);
    },
    lines: () => answering([]),
    tail: async () => {},
  };
  const told: number[] = [];
  const ups: boolean[] = [];
  const source = errorSource({
    ...{ api, source: 'Logs', clock: time.clock, isLive: false },
    ...{ logScope: () => [], mayRead: () => true },
  });
  const stop = source.stream({
    onObservations: (some) => told.push(...some.map(({ atMs }) => atMs)),
    onState: ({ up }) => ups.push(up),
  });
  await time.advance(60_000);
  isAway = true;
  await time.advance(4 * 3_600_000);
  expect(ups.at(-1)).toBe(false);
  isAway = false;
  refusesThePast = true;
  await time.advance(8_000);
  expect(ups.at(-1)).toBe(true);
  expect(source.oddity()).toMatch(
    /^Errors in the logs from 2026-03-01 12:00 to 2026-03-01 15:46 UTC are still to be counted/,
  );
  refusesThePast = false;
  await eventually('that all is counted', async () => {
    await time.advance(20_000);
    return source.oddity() === null;
  });
  await time.advance(60_000);
  stop();
  expect(told).toEqual(bursts);
});
