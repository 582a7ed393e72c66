import { afterEach, expect, it } from 'vitest';
import type { EndedAlert } from '../../../electron/connectors/source.ts';
import { alertIntakeOn, alertSource, nothingStands } from '../../fixtures/alert-intake-on.ts';

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
  raw: null,
};
const quiet = nothingStands;

function intakeOn() {
  const [prom, other] = [alertSource('prom'), alertSource('other')];
  const opened = alertIntakeOn([prom, other], startMs);
  stops.push(opened.close);
  return { ...opened, intake: opened.intake(), prom, other };
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
    const { endedMs: _ended, ...firing } = { ...alert, raw: null };
    await intake.take(of[teller], {
      ...quiet,
      firing: [{ ...firing, startedMs: alert.startedMs + 345 }],
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
