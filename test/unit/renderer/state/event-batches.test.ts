import { expect, it } from 'vitest';
import { inBatches } from '../../../../renderer/state/event-batches.ts';
import type { HostEvent } from '../../../../shared/bridge/host-events.ts';
import { IncidentId } from '../../../../shared/vocabulary/ids.ts';
import { eventsAt } from '../../../fixtures/fake-host/shop.ts';

const [one, other] = [IncidentId.parse('inc-1'), IncidentId.parse('inc-2')];
const added = (incident: IncidentId, at: number): HostEvent => ({
  name: 'timeline.added',
  incident,
  events: eventsAt(incident, 1_760_000_000_000).slice(at, at + 1),
});
const changed: HostEvent = { name: 'metrics.changed', incident: one };

function batches() {
  const taken: HostEvent[] = [];
  const pauses: (() => void)[] = [];
  const tell = inBatches(
    (event) => taken.push(event),
    (run) => pauses.push(run),
  );
  return { taken, tell, pause: () => pauses.splice(0).map((run) => run()) };
}

it('takes the first of a burst at once and the others together after a pause', () => {
  const { taken, tell, pause } = batches();
  for (const at of [0, 1, 2, 3]) tell(added(one, at));
  expect(taken).toHaveLength(1);
  pause();
  expect(taken).toHaveLength(2);
  expect(taken.flatMap((event) => (event.name === 'timeline.added' ? event.events : []))).toEqual(
    eventsAt(one, 1_760_000_000_000).slice(0, 4),
  );
});

it('keeps the events of two incidents apart', () => {
  const { taken, tell, pause } = batches();
  tell(added(one, 0));
  tell(added(one, 1));
  tell(added(other, 1));
  pause();
  expect(taken.map((event) => 'incident' in event && event.incident)).toEqual([one, one, other]);
});

it('takes anything else at once, after all that came before it', () => {
  const { taken, tell, pause } = batches();
  tell(added(one, 0));
  tell(added(one, 1));
  tell(changed);
  expect(taken.map(({ name }) => name)).toEqual(['timeline.added', 'timeline.added', 'metrics.changed']);
  pause();
  expect(taken).toHaveLength(3);
});

it('takes the next one at once again when a pause passed in silence', () => {
  const { taken, tell, pause } = batches();
  tell(added(one, 0));
  pause();
  tell(added(one, 1));
  expect(taken).toHaveLength(2);
});
