import Database from 'better-sqlite3';
import { afterEach, expect, it } from 'vitest';
import type { Connector, EndedAlert } from '../../../electron/connectors/source.ts';
import { type AlertIntakePorts, alertIntake } from '../../../electron/host/alert-intake.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { silentLogger as logger } from '../../../electron/platform/logger.ts';
import { eventRepository } from '../../../electron/store/event-repository.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { timeline } from '../../../electron/timeline/timeline.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';

const stops: (() => unknown)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0).reverse()) stop();
});

const startMs = Date.parse('2026-03-01T12:00:00Z');
const minutes = (count: number) => count * 60_000;
const fingerprint = 'c0ffee0123456789';
const alert: EndedAlert = {
  fingerprint,
  name: 'HighErrorRate',
  severity: 'critical',
  service: 'checkout',
  labels: { alertname: 'HighErrorRate', service: 'checkout' },
  summary: 'HighErrorRate',
  startedMs: startMs - minutes(20),
  endedMs: startMs - minutes(10),
};
const quiet = { firing: [], quiet: null, pending: [], runningSinceMs: null, isRestarting: false };
const source = (id: string): Connector => ({
  id,
  kind: 'prometheus',
  name: id,
  describe: () => ({ reads: [], unseen: [], answers: [], writes: [] }),
  test: async () => ({ ok: true, sentence: '', version: null, latencyMs: null, sees: [] }),
  alerts: { firing: async () => [] },
});

/** The intake on a store of its own; incidents are opened by the test, and what the intake opens is counted. */
function intakeOn() {
  const { clock } = steppedClock((error) => {
    throw error;
  }, startMs);
  const db = new Database(':memory:');
  stops.push(() => db.close());
  for (const { sql } of migrations) db.exec(sql);
  db.pragma('foreign_keys = OFF');
  const events = eventRepository(db);
  const open: { id: IncidentId; fromMs: number }[] = [];
  let opened = 0;
  const connectors = [source('prom'), source('other')];
  const begin = (name: string, fromMs: number) => {
    const incident = { id: IncidentId.parse(name), fromMs };
    open.push(incident);
    return incident;
  };
  const incidents = {
    openOnes: () => open,
    open: ({ fromMs }: { fromMs: number }) => {
      opened += 1;
      return begin(`inc-${opened}`, fromMs);
    },
    involve: () => {},
  };
  const intake = alertIntake({
    incidents,
    timeline: timeline({ repository: events, clock, publish: () => {} }),
    events,
    ledger: { record: () => {} },
    logger,
    person: () => 'a.novak',
    drill: () => null,
    nowMs: clock.now,
    connectors: () => connectors,
    onOpened: () => {},
  } as unknown as AlertIntakePorts);
  const lines = (incident: string) =>
    events.ofIncident(incident).map(({ title, atMs }) => [title, (atMs - startMs) / 60_000]);
  const [prom = source('prom'), other = source('other')] = connectors;
  return { intake, lines, begin, prom, other, opened: () => opened };
}

it('opens no incident for what is over, and tells of it in one that is opened about that time', async () => {
  const { intake, lines, begin, prom, opened } = intakeOn();
  intake.missed(prom, [alert]);
  expect(opened()).toBe(0);
  begin('later', startMs - minutes(5));
  await intake.take(prom, quiet);
  expect(lines('later')).toEqual([]);
  begin('about-it', startMs - minutes(60));
  await intake.take(prom, quiet);
  await intake.take(prom, quiet);
  expect(lines('about-it')).toEqual([
    ['HighErrorRate', -20],
    ['Resolved: HighErrorRate', -10],
  ]);
  expect(opened()).toBe(0);
});

it('gives the end alone to what was told before, whichever connection told it and to the millisecond or not', async () => {
  for (const teller of ['prom', 'other'] as const) {
    const { intake, lines, opened, ...of } = intakeOn();
    const { endedMs: _ended, ...firing } = alert;
    await intake.take(of[teller], {
      ...quiet,
      firing: [{ ...firing, raw: null, startedMs: alert.startedMs + 345 }],
    });
    expect(opened()).toBe(1);
    intake.missed(of.prom, [alert]);
    intake.missed(of.prom, [alert]);
    await intake.take(of[teller], quiet);
    expect(lines('inc-1')).toEqual([
      ['HighErrorRate', -20 + 345 / 60_000],
      ['Resolved: HighErrorRate', -10],
    ]);
    expect(opened()).toBe(1);
  }
});

it('tells the same alert of another time as another', async () => {
  const { intake, lines, begin, prom } = intakeOn();
  begin('open', startMs - minutes(60));
  intake.missed(prom, [
    { ...alert, startedMs: startMs - minutes(40), endedMs: startMs - minutes(30) },
    alert,
  ]);
  intake.missed(prom, [alert]);
  expect(lines('open')).toEqual([
    ['HighErrorRate', -40],
    ['Resolved: HighErrorRate', -30],
    ['HighErrorRate', -20],
    ['Resolved: HighErrorRate', -10],
  ]);
});
