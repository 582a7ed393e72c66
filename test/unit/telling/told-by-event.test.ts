import { expect, it } from 'vitest';
import { toldByEvent } from '../../../electron/telling/told-by-event.ts';
import { HostEvent } from '../../../shared/bridge/host-events.ts';
import { Escalation } from '../../../shared/vocabulary/escalation.ts';
import { Incident } from '../../../shared/vocabulary/incident.ts';

const minuteMs = 60_000;
const startMs = Date.UTC(2026, 2, 1);
const incident = (over: object = {}): HostEvent => ({
  name: 'incident.changed',
  incident: Incident.parse({
    id: 'inc_1',
    realm: 'real',
    title: 'Checkout fails',
    severity: 'sev1',
    status: 'open',
    commander: 'Mina',
    openedMs: startMs + 1,
    closedMs: null,
    fromMs: startMs,
    services: [],
    drill: null,
    ...over,
  }),
});
const escalation = (over: object = {}): HostEvent => ({
  name: 'escalation.changed',
  escalation: Escalation.parse({
    id: 'esc_1',
    incident: 'inc_1',
    title: 'Nobody may do this',
    because: 'the envelope',
    recommended: 'call the database team',
    proposal: null,
    openedMs: startMs,
    closed: null,
    ...over,
  }),
});
const stop = (state: object) => ({ name: 'status.changed', status: { stop: state } }) as unknown as HostEvent;

function listening() {
  let nowMs = startMs;
  const events = toldByEvent({ nowMs: () => nowMs, since: startMs });
  return {
    ...events,
    after(ms: number, open: HostEvent) {
      nowMs = startMs + ms;
      const { escalation } = open as { escalation: Escalation };
      return events.ageing([escalation]).map(({ title }) => title);
    },
  };
}

it('tells of an incident once, however often it changes, and not of one that was there before', () => {
  const { take } = listening();
  expect(take(incident()).map(({ title, body }) => [title, body])).toEqual([
    ['New incident, sev1', 'Checkout fails'],
  ]);
  expect(take(incident({ title: 'Checkout fails more' }))).toEqual([]);
  expect(take(incident({ id: 'inc_0', openedMs: startMs - 1 }))).toEqual([]);
});

it('tells of an escalation that is new, and of none that was there before, is closed or that somebody has', () => {
  const { take } = listening();
  expect(take(escalation())).toMatchObject([{ title: 'An escalation waits for somebody' }]);
  expect(take(escalation())).toEqual([]);
  const somebody = [{ person: 'Jo', atMs: startMs }];
  expect(take(escalation({ id: 'esc_2', holders: somebody }))).toEqual([]);
  expect(take(escalation({ id: 'esc_3', openedMs: startMs - 1 }))).toEqual([]);
  expect(
    take(escalation({ id: 'esc_4', closed: { atMs: startMs, person: 'Mina', reason: 'done' } })),
  ).toEqual([]);
});

it('tells again of an escalation that is overdue and grows older, until somebody takes it', () => {
  const { after } = listening();
  const open = escalation({ dueMs: startMs + 5 * minuteMs });
  expect(after(4 * minuteMs, open)).toEqual([]);
  expect(after(5 * minuteMs, open)).toEqual(['Nobody took an escalation for 5 min']);
  expect(after(6 * minuteMs, open)).toEqual([]);
  expect(after(25 * minuteMs, open)).toEqual(['Nobody took an escalation for 20 min']);
  const taken = escalation({ dueMs: startMs + 5 * minuteMs, holders: [{ person: 'Jo', atMs: startMs }] });
  expect(after(60 * minuteMs, taken)).toEqual([]);
  expect(after(60 * minuteMs, open)).toEqual(['Nobody took an escalation for 40 min']);
  expect(after(600 * minuteMs, open)).toEqual([]);
});

it('knows when one that was open before the start grew old', () => {
  const { after } = listening();
  const old = escalation({ openedMs: startMs - 20 * minuteMs });
  expect(after(0, old)).toEqual(['Nobody took an escalation for 15 min']);
});

it('tells of each stop once, and of none that was there before', () => {
  const { take } = listening();
  const stopped = { stopped: true, by: 'Mina', reason: 'too risky', atMs: startMs + 5 };
  expect(take(stop({ ...stopped, atMs: startMs - 5 }))).toEqual([]);
  expect(take(stop({ stopped: false }))).toEqual([]);
  expect(take(stop(stopped))).toMatchObject([
    { occasion: 'stop', title: 'Stopped by Mina', body: 'too risky' },
  ]);
  expect(take(stop(stopped))).toEqual([]);
});

it('says of a drill that it is one', () => {
  expect(listening().take(incident({ realm: 'drill' }))).toMatchObject([{ drill: true }]);
  expect(HostEvent.parse(incident()).name).toBe('incident.changed');
});
