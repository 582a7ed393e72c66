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
    after: (ms: number) => {
      nowMs = startMs + ms;
      return events.ageing().map(({ title }) => title);
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

it('tells again of an escalation that grows old, until somebody closes it', () => {
  const { take, after } = listening();
  expect(take(escalation())).toHaveLength(1);
  expect(after(9 * minuteMs)).toEqual([]);
  expect(after(11 * minuteMs)).toEqual(['An escalation has waited for 10 min']);
  expect(after(12 * minuteMs)).toEqual([]);
  expect(after(90 * minuteMs)).toEqual(['An escalation has waited for 60 min']);
  take(escalation({ closed: { atMs: startMs, person: 'Mina', reason: 'done' } }));
  expect(after(130 * minuteMs)).toEqual([]);
});

it('forgets the escalations of an incident that is over', () => {
  const { take, after } = listening();
  take(escalation());
  take(incident({ status: 'closed' }));
  expect(after(11 * minuteMs)).toEqual([]);
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
