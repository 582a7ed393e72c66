import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogSource } from '../../../electron/connectors/inspection.ts';
import { type LokiOptions, loki } from '../../../electron/connectors/loki/loki.ts';
import type { SteppedClock } from '../../../electron/platform/clock.ts';
import type { Sandbox } from '../../../electron/sandbox/sandbox.ts';
import type { Observation } from '../../../shared/vocabulary/event.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { steppedSandbox } from '../../fixtures/open-sandbox.ts';

const calm = () => new AbortController().signal;

let time: SteppedClock;
let sandbox: Sandbox;

beforeAll(async () => {
  ({ sandbox, time } = await steppedSandbox(7));
});
afterAll(() => sandbox.close());

const connected = (given: Partial<LokiOptions> = {}) =>
  loki({
    id: 'logs',
    name: 'Logs',
    url: sandbox.loki.url,
    authorization: `Bearer ${sandbox.loki.token}`,
    clock: time.clock,
    ...given,
  });
const logsOf = (given: Partial<LokiOptions> = {}): LogSource => {
  const { logs } = connected(given);
  if (!logs) throw new Error('Loki has logs');
  return logs;
};
const lastMinutes = (minutes: number) => ({
  fromMs: time.clock.now() - minutes * 60_000,
  toMs: time.clock.now(),
});
const culprit = () => sandbox.answer.services[0] ?? '';

describe('the logs of a service', () => {
  it('are its own lines alone, in order, with the pod of each', async () => {
    const { lines, selector } = await logsOf().lines({ service: culprit() }, lastMinutes(2), calm());
    expect(selector).toBe(`{service_name="${culprit()}"}`);
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.map(({ atMs }) => atMs)).toEqual(lines.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    for (const { pod } of lines) expect(pod?.startsWith(`${culprit()}-`)).toBe(true);
  });

  it('can be narrowed by what a line holds and by what it does not, whatever the case', async () => {
    const wish = { service: culprit(), contains: 'REQUEST', without: 'Level=Info' };
    const { lines } = await logsOf().lines(wish, lastMinutes(5), calm());
    expect(lines.length).toBeGreaterThan(0);
    for (const { text } of lines) {
      expect(text.toLowerCase()).toContain('request');
      expect(text.toLowerCase()).not.toContain('level=info');
    }
  });

  it('are counted in each step as often as they are there', async () => {
    const wish = { service: culprit(), contains: 'level=error' };
    const counts = await logsOf().counts(wish, { ...lastMinutes(30), stepMs: 60_000 }, calm());
    expect(counts.length).toBeGreaterThan(10);
    const [first, last] = [counts.at(0)?.value ?? 0, counts.at(-1)?.value ?? 0];
    expect(last).toBeGreaterThan(first);
  });

  it('lie within what the envelope lets be read, and a service outside has none', async () => {
    const logs = logsOf({ logScope: () => ['stream="stderr"', 'namespace!="shop"'] });
    const window = lastMinutes(2);
    await expect(logs.lines({ service: 'storefront' }, window, calm())).rejects.toThrow(/reads\.logs/);
    await expect(logs.lines({ service: '"} or {a="b' }, window, calm())).rejects.toThrow(/no stream of/);
    await expect(
      logsOf({ logScope: () => ['everything'] }).lines({ service: culprit() }, window, calm()),
    ).rejects.toThrow(/is no selector/);
  });
});

it('tells by a test what it sees, and what is wrong', async () => {
  expect(await connected().test(calm())).toMatchObject({
    ok: true,
    version: '3.5.0',
    sees: expect.arrayContaining(['service_name', 'app']),
  });
  expect(await connected({ authorization: 'Bearer wrong' }).test(calm())).toMatchObject({
    ok: false,
    sentence: expect.stringContaining('401'),
  });
  const other = await connected({
    url: sandbox.prometheus.url,
    authorization: `Bearer ${sandbox.prometheus.token}`,
  }).test(calm());
  expect(other).toMatchObject({ ok: false, sentence: expect.stringContaining('Loki') });
});

describe('errors that pile up', () => {
  const sourceOf = (given: Partial<LokiOptions> = {}) => {
    const { changes } = connected(given);
    if (!changes) throw new Error('Loki tells of errors');
    return changes;
  };

  it('are found where the trouble is, with lines that say what it is', async () => {
    const found = await sourceOf().backfill(lastMinutes(10), calm());
    const [spike] = found.filter(({ service }) => service === culprit());
    expect(spike).toMatchObject({
      kind: 'signal',
      sort: 'log',
      severity: 'warning',
      title: expect.stringMatching(/^Errors in the log of .+: \d+ in a minute, usually \d+$/),
    });
    expect(spike?.detail).toMatch(/ERROR|level=error|"level":"error"/);
    // The services that call it fail with it; most of the forty do not.
    expect(new Set(found.map(({ service }) => service)).size).toBeLessThan(12);
  });

  it('are told by the stream once each, as whoever looks later finds them', async () => {
    const told: string[] = [];
    const states: boolean[] = [];
    const stop = sourceOf().stream({
      onObservations: (some) => told.push(...some.map(({ key }) => key)),
      onState: ({ up }) => states.push(up),
    });
    await eventually('that it is up', () => states.at(-1));
    await time.advance(30_000);
    stop();
    const after = await sourceOf().backfill(lastMinutes(10), calm());
    expect(new Set(told).size).toBe(told.length);
    expect(told.toSorted()).toEqual(after.map(({ key }) => key).toSorted());
    const count = told.length;
    await time.advance(20_000);
    expect(told).toHaveLength(count);
  });

  it('are not told of what the envelope lets nobody read', async () => {
    const [spike] = await sourceOf().backfill(lastMinutes(5), calm());
    const hidden = String(spike?.labels?.['namespace']);
    const outside = (found: Observation[]) => found.filter(({ labels }) => labels?.['namespace'] === hidden);
    const mayRead = (namespace: string) => namespace !== hidden;
    expect(outside(await sourceOf({ mayRead }).backfill(lastMinutes(5), calm()))).toEqual([]);
    const logScope = () => [`namespace!="${hidden}"`];
    expect(outside(await sourceOf({ logScope }).backfill(lastMinutes(5), calm()))).toEqual([]);
  });

  it('say that they cannot be counted while Loki does not answer', async () => {
    const states: string[] = [];
    const stop = sourceOf({ authorization: 'Bearer wrong' }).stream({
      onObservations: () => {},
      onState: (state) => states.push(state.up ? '' : state.because),
    });
    await eventually('what is wrong', () => states.at(-1)?.includes('401'));
    stop();
  });
});
