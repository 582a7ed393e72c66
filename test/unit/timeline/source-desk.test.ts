import fc from 'fast-check';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Delivered, SourceFact } from '../../../electron/connectors/delivered.ts';
import { combinedState } from '../../../electron/connectors/kubernetes/combined-state.ts';
import type { ChangeSource, Connector, Window } from '../../../electron/connectors/source.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { silentLogger as logger } from '../../../electron/platform/logger.ts';
import { sourceDesk } from '../../../electron/timeline/source-desk.ts';

function deskOn(time: ReturnType<typeof steppedClock>, more: Partial<Parameters<typeof sourceDesk>[0]> = {}) {
  return sourceDesk({
    realm: 'real',
    clock: time.clock,
    logger,
    onAlerts: async () => {},
    onMissed: () => {},
    onObservations: () => {},
    onStatus: () => {},
    onAttached: () => {},
    ...more,
  });
}

it('waits as many times longer for an answer as it is patient', async () => {
  const limits = vi.spyOn(AbortSignal, 'timeout');
  onTestFinished(() => limits.mockRestore());
  const waitedFor = async (more: { patience?: number }) => {
    limits.mockClear();
    const time = steppedClock((error) => {
      throw error;
    }, 0);
    const desk = deskOn(time, more);
    const none = async () => [];
    const changes = { backfill: none, stream: () => () => {} } as unknown as ChangeSource;
    await desk.attach({ id: 'k', kind: 'kubernetes', name: 'K', changes } as Connector);
    await desk.backfill({ fromMs: 0, toMs: 1 });
    return limits.mock.calls.map(([ms]) => ms);
  };
  const usual = await waitedFor({});
  expect(usual).toHaveLength(1);
  expect(await waitedFor({ patience: 20 })).toEqual(usual.map((ms) => ms * 20));
});

it('asks a source that is only read whether it answers, at once and then every ten seconds', async () => {
  const time = steppedClock((error) => {
    throw error;
  }, 0);
  const desk = deskOn(time);
  let ok = true;
  let skewMs = 0;
  const logs: Connector = {
    id: 'logs',
    kind: 'loki',
    name: 'Logs',
    describe: () => ({ reads: [], unseen: [], answers: [], writes: [] }),
    health: () => ({ skewMs, sentence: null }),
    test: async () => ({
      ok,
      sentence: ok ? 'Loki answers.' : 'Nobody answers.',
      version: null,
      latencyMs: null,
      sees: [],
    }),
  };
  await desk.attach(logs);
  expect(desk.statuses()).toMatchObject([{ state: 'up', sentence: 'Loki answers.' }]);
  ok = false;
  await time.advance(10_000);
  expect(desk.statuses()).toMatchObject([{ state: 'down', sentence: 'Nobody answers.' }]);
  ok = true;
  await time.advance(10_000);
  expect(desk.statuses()).toMatchObject([{ state: 'up', skewMs: null }]);
  skewMs = 42_000;
  await time.advance(10_000);
  expect(desk.statuses()).toMatchObject([{ state: 'up', skewMs: 42_000 }]);
  desk.detach('logs');
  ok = false;
  await time.advance(10_000);
  expect(desk.statuses()).toEqual([]);
});

type Listener = Parameters<ChangeSource['stream']>[0];

/** A connection whose stream, backfill and alerts do as they are told; what it says of them stands on its status. */
async function connected({ withAlerts = false } = {}) {
  const time = steppedClock((error) => {
    throw error;
  }, 0);
  const told: Delivered[] = [];
  const desk = deskOn(time, { onObservations: (some) => void told.push(...some) });
  let listener: Listener | undefined;
  const answers = { backfill: true, alerts: true, held: [] as SourceFact[] };
  const reads: Window[] = [];
  const answer = <T>(isWell: boolean, because: string, what: T[] = []) =>
    isWell ? Promise.resolve(what) : Promise.reject(new Error(because));
  await desk.attach({
    id: 'cluster',
    kind: 'kubernetes',
    name: 'Cluster',
    describe: () => ({ reads: [], unseen: [], answers: [], writes: [] }),
    test: async () => ({ ok: true, sentence: '', version: null, latencyMs: null, sees: [] }),
    changes: {
      backfill(window) {
        reads.push(window);
        return answer(answers.backfill, 'backfill: too slow', answers.held);
      },
      stream(given) {
        listener = given;
        return () => {};
      },
    },
    ...(withAlerts ? { alerts: { firing: () => answer(answers.alerts, 'alerts: refused') } } : {}),
  });
  return {
    time,
    desk,
    answers,
    told,
    reads,
    /** As long as until the alerts are read again. */
    nextPoll: () => time.advance(3_000),
    say: (state: Parameters<Listener['onState']>[0]) => listener?.onState(state),
    deliver: (some: SourceFact[] = [aChange(time.clock.now())]) => listener?.onObservations(some),
    status: () => desk.statuses()[0],
  };
}

const aChange = (atMs: number): SourceFact => ({
  key: `change@${atMs}`,
  kind: 'change',
  change: 'deploy',
  atMs,
  service: 'checkout',
  title: 'checkout 1.42',
  source: 'Cluster',
  labels: {},
  raw: null,
});

it('keeps a watch that is down on the status while another delivers, and says when it was heard', async () => {
  const { time, say, deliver, status } = await connected();
  const watches = combinedState(2, say);
  watches('events', { up: true });
  watches('pods', { up: true });
  expect(status()).toMatchObject({ state: 'up', sentence: 'Delivers changes', lastHeardMs: 0 });
  watches('events', { up: false, because: 'no right to watch events' });
  await time.advance(5_000);
  deliver();
  expect(status()).toMatchObject({
    state: 'down',
    sentence: 'no right to watch events',
    lastHeardMs: 5_000,
  });
  watches('events', { up: true });
  expect(status()).toMatchObject({ state: 'up', sentence: 'Delivers changes' });
});

it('goes on naming what it does not see when it delivers something of the future', async () => {
  const { say, deliver, status } = await connected();
  say({ up: true, unseen: ['nodes'] });
  deliver([aChange(600_000)]);
  expect(status()?.sentence).toMatch(/^Delivers changes, but does not see nodes: .* 10 min in the future/);
});

it('is up with what it delivers while nobody has said yet how it is', async () => {
  const { deliver, status } = await connected();
  expect(status()).toMatchObject({ state: 'connecting' });
  deliver();
  expect(status()).toMatchObject({ state: 'up', sentence: 'Delivers changes' });
});

it('is down for a read that failed until something is heard of it again', async () => {
  const { desk, answers, say, deliver, status } = await connected();
  say({ up: true });
  const window = { fromMs: 0, toMs: 1 };
  answers.backfill = false;
  await desk.backfill(window);
  expect(status()).toMatchObject({ state: 'down', sentence: 'backfill: too slow' });
  deliver();
  expect(status()).toMatchObject({ state: 'up' });
  await desk.backfill(window);
  expect(status()).toMatchObject({ state: 'down' });
  answers.backfill = true;
  await desk.backfill(window);
  expect(status()).toMatchObject({ state: 'up' });
});

it('reads again what it could not read, from the same beginning on, and tells it once it can', async () => {
  const { desk, answers, say, time, told, reads, status } = await connected();
  say({ up: true });
  answers.backfill = false;
  expect(await desk.backfill({ fromMs: -86_400_000, toMs: 0 })).toEqual([]);
  await time.advance(20_000);
  expect(status()).toMatchObject({ state: 'down', sentence: 'backfill: too slow' });
  say({ up: true });
  expect(status()?.sentence).toBe('Delivers changes. What it holds of the 24 h before is still to be read.');
  answers.backfill = true;
  answers.held = [aChange(-7_200_000)];
  await time.advance(15_000);
  expect(told).toEqual(answers.held);
  expect(reads.at(-1)).toMatchObject({ toMs: time.clock.now() - 5_000 });
  expect(reads.at(-1)?.fromMs).toBeLessThanOrEqual(-86_400_000);
  expect(status()).toMatchObject({
    state: 'up',
    sentence: 'Delivers changes. What it could not tell when asked, 24 h, was read.',
  });
  const before = reads.length;
  await time.advance(10 * 60_000);
  expect(reads).toHaveLength(before);
  expect(status()?.sentence).toBe('Delivers changes');
});

it('does not take the alerts that were read for its changes, nor its changes for the alerts', async () => {
  const { answers, say, nextPoll, status } = await connected({ withAlerts: true });
  say({ up: false, because: 'changes: port taken' });
  await nextPoll();
  expect(status()).toMatchObject({ state: 'down', sentence: 'changes: port taken' });
  answers.alerts = false;
  await nextPoll();
  expect(status()).toMatchObject({ state: 'down', sentence: 'changes: port taken; alerts: refused' });
  say({ up: true });
  expect(status()).toMatchObject({ state: 'down', sentence: 'alerts: refused' });
  answers.alerts = true;
  await nextPoll();
  expect(status()).toMatchObject({ state: 'up' });
});

it('says after a sleep again what is down, once what happened meanwhile was read', async () => {
  const { desk, say, time, status } = await connected();
  say({ up: false, because: 'no right to watch events' });
  desk.wake({ fromMs: 0, toMs: 60_000 });
  expect(status()).toMatchObject({ state: 'connecting' });
  await time.advance(0);
  expect(status()).toMatchObject({ state: 'down', sentence: 'no right to watch events' });
});

it('is up exactly when no part of it is down, whatever is delivered in between', async () => {
  type Step = (at: Awaited<ReturnType<typeof connected>>) => unknown;
  const steps: Record<string, Step> = {
    up: ({ say }) => say({ up: true }),
    down: ({ say }) => say({ up: false, because: 'changes: gone' }),
    deliver: ({ deliver }) => deliver(),
    alerts: ({ answers, nextPoll }) => {
      answers.alerts = true;
      return nextPoll();
    },
    'no alerts': ({ answers, nextPoll }) => {
      answers.alerts = false;
      return nextPoll();
    },
  };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(steps)), { maxLength: 20 }), async (names) => {
      const bench = await connected({ withAlerts: true });
      for (const name of names) await steps[name]?.(bench);
      const lastOf = (...of: string[]) => names.findLast((name) => of.includes(name));
      const isDown = lastOf('up', 'down') === 'down' || lastOf('alerts', 'no alerts') === 'no alerts';
      expect(bench.status()?.state).toBe(isDown ? 'down' : 'up');
    }),
    { numRuns: 60 },
  );
});
