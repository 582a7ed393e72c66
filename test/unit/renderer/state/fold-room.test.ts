import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldRoom, roomView } from '../../../../renderer/state/fold-room.ts';
import type { HostEvent } from '../../../../shared/bridge/host-events.ts';
import { EscalationId, IncidentId } from '../../../../shared/vocabulary/ids.ts';
import { proposalFixture, roomFixture } from '../../../fixtures/fake-host/proposal-fixture.ts';
import { candidatesAt, eventsAt, hypothesesAt, topology } from '../../../fixtures/fake-host/shop.ts';

const T0 = 1_760_000_000_000;
const room = roomView(roomFixture());
const incident = room.incident.id;
const other = IncidentId.parse('inc-other');
const events = eventsAt(incident, T0);
const step = (seq: number): HostEvent => ({
  name: 'analyst.step',
  step: { incident, seq, atMs: T0 + seq, step: { kind: 'said', text: `line ${seq}` } },
});
const recheck = (atMs: number, kind: 'unchanged' | 'drifted'): HostEvent => ({
  name: 'proposal.rechecked',
  recheck: {
    proposal: proposalFixture().id,
    atMs,
    answer: kind === 'unchanged' ? { kind } : { kind, because: 'revision 42, was 41', differences: [] },
    trial: null,
  },
});
const offered: HostEvent = { name: 'proposal.changed', proposal: proposalFixture() };
const everyKind: HostEvent[] = [
  { name: 'timeline.added', incident, events },
  { name: 'candidates.changed', incident, candidates: candidatesAt(T0, 0.2), topology },
  { name: 'hypotheses.changed', incident, hypotheses: hypothesesAt(incident, T0) },
  offered,
  recheck(T0, 'unchanged'),
  step(0),
  step(1),
  { name: 'incident.changed', incident: { ...room.incident, status: 'mitigated' } },
];

it('keeps events in the order of their time, however they come', () => {
  const shuffled = fc.shuffledSubarray(events, { minLength: events.length, maxLength: events.length });
  fc.assert(
    fc.property(shuffled, fc.integer({ min: 1, max: 20 }), (order, size) => {
      let folded = room;
      for (let at = 0; at < order.length; at += size) {
        folded = foldRoom(folded, { name: 'timeline.added', incident, events: order.slice(at, at + size) });
      }
      expect(folded.events.map(({ key }) => key)).toEqual(
        events.toSorted((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1)).map(({ key }) => key),
      );
    }),
  );
});

it('holds an event once, as it was delivered last', () => {
  const [first] = events;
  if (!first) throw new Error('the fixture has events');
  const once = foldRoom(room, { name: 'timeline.added', incident, events: [first] });
  const again = foldRoom(once, {
    name: 'timeline.added',
    incident,
    events: [{ ...first, title: 'corrected' }],
  });
  expect(again.events).toHaveLength(1);
  expect(again.events[0]?.event?.title).toBe('corrected');
});

it('shows the same after everything came twice', () => {
  const once = everyKind.reduce(foldRoom, room);
  const twice = everyKind.reduce(foldRoom, once);
  expect(twice).toEqual(once);
});

it('leaves a room alone that an event is not about', () => {
  const foreign: HostEvent[] = [
    { name: 'timeline.added', incident: other, events },
    { name: 'candidates.changed', incident: other, candidates: candidatesAt(T0, 0), topology },
    { name: 'metrics.changed', incident: other },
    { name: 'hypotheses.changed', incident: other, hypotheses: [] },
    { name: 'proposal.changed', proposal: { ...proposalFixture(), incident: other } },
    { name: 'incident.changed', incident: { ...room.incident, id: other } },
    recheck(T0, 'drifted'),
  ];
  for (const event of foreign) expect(foldRoom(room, event)).toBe(room);
});

it('replaces a proposal where it stands and adds a new one last', () => {
  const first = foldRoom(room, offered);
  const second = foldRoom(first, {
    name: 'proposal.changed',
    proposal: { ...proposalFixture(), id: 'prop-2' as ReturnType<typeof proposalFixture>['id'] },
  });
  const changed = foldRoom(second, {
    name: 'proposal.changed',
    proposal: { ...proposalFixture(), progress: { state: 'expired', atMs: T0, because: 'nobody decided' } },
  });
  expect(changed.proposals.map(({ id, progress }) => [id, progress.state])).toEqual([
    ['prop-1', 'expired'],
    ['prop-2', 'offered'],
  ]);
});

it('never lets an older re-check hide that the target drifted', () => {
  const folded = [offered, recheck(T0 + 2, 'drifted'), recheck(T0 + 1, 'unchanged')].reduce(foldRoom, room);
  expect(folded.rechecks['prop-1']?.answer.kind).toBe('drifted');
});

it('orders the steps of the analyst and takes each once', () => {
  const folded = [step(2), step(0), step(2), step(1)].reduce(foldRoom, room);
  expect(folded.analyst.steps.map(({ seq }) => seq)).toEqual([0, 1, 2]);
});

it('keeps the steps when the run changes', () => {
  const { steps: _steps, ...run } = room.analyst;
  const folded = [
    step(0),
    { name: 'analyst.changed', incident, run: { ...run, state: 'done' } } as HostEvent,
  ].reduce(foldRoom, room);
  expect(folded.analyst.state).toBe('done');
  expect(folded.analyst.steps).toHaveLength(1);
});

it('closes an escalation in place', () => {
  const escalation = {
    id: EscalationId.parse('esc-1'),
    incident,
    title: 'Fail over',
    because: 'not in the envelope',
    recommended: 'ask',
    proposal: null,
    openedMs: T0,
    closed: null,
  };
  const open = foldRoom(room, { name: 'escalation.changed', escalation });
  const closed = foldRoom(open, {
    name: 'escalation.changed',
    escalation: { ...escalation, closed: { atMs: T0 + 1, person: 'Mina', reason: 'done by hand' } },
  });
  expect(closed.escalations).toHaveLength(1);
  expect(closed.escalations[0]?.closed?.person).toBe('Mina');
});
