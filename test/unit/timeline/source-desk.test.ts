import { expect, it } from 'vitest';
import type { Connector } from '../../../electron/connectors/source.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { silentLogger as logger } from '../../../electron/platform/logger.ts';
import { sourceDesk } from '../../../electron/timeline/source-desk.ts';

function deskOn(time: ReturnType<typeof steppedClock>) {
  return sourceDesk({
    realm: 'real',
    clock: time.clock,
    logger,
    onAlerts: async () => {},
    onMissed: () => {},
    onObservations: () => {},
    onStatus: () => {},
    onAttached: () => {},
  });
}

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
