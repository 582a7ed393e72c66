import { expect, it } from 'vitest';
import { filterEvents } from '../../../../renderer/timeline/filter-events.ts';
import { IncidentId } from '../../../../shared/vocabulary/ids.ts';
import { eventsAt } from '../../../fixtures/fake-host/shop.ts';

const events = eventsAt(IncidentId.parse('inc-1'), 1_760_000_000_000);

it('shows everything when nothing is asked for', () => {
  expect(filterEvents(events, new Set(), '  ')).toHaveLength(events.length);
});

it('shows only the chosen kinds', () => {
  expect(filterEvents(events, new Set(['signal']), '').every(({ kind }) => kind === 'signal')).toBe(true);
});

it('finds every word in any part of an event, whatever its case', () => {
  const found = filterEvents(events, new Set(), 'PAYMENTS socketTimeout');
  expect(found.map(({ key }) => key)).toEqual(['log-1']);
  expect(filterEvents(events, new Set(), 'alertname=HighErrorRate')).not.toHaveLength(0);
});

it('takes what is searched for as text, not as a pattern', () => {
  expect(filterEvents(events, new Set(), '.*')).toHaveLength(0);
  expect(filterEvents(events, new Set(), '(PaymentClient.java:81)')).toHaveLength(1);
});
