import { expect, it } from 'vitest';
import { lineOf } from '../../../../renderer/state/event-line.ts';
import type { Span } from '../../../../renderer/state/span.ts';
import { countKinds, filterEvents } from '../../../../renderer/timeline/filter-events.ts';
import type { EventKind } from '../../../../shared/vocabulary/event.ts';
import { IncidentId } from '../../../../shared/vocabulary/ids.ts';
import { eventsAt } from '../../../fixtures/fake-host/shop.ts';

const events = eventsAt(IncidentId.parse('inc-1'), 1_760_000_000_000).map(lineOf);
const shown = ({ kinds = [], search = '', span = null }: Asked) =>
  filterEvents(events, { kinds: new Set(kinds), search, span });
type Asked = { kinds?: EventKind[]; search?: string; span?: Span | null };

it('shows everything when nothing is asked for', () => {
  expect(shown({ search: '  ' })).toBe(events);
});

it('shows only the chosen kinds', () => {
  const signals = shown({ kinds: ['signal'] });
  expect(signals.length).toBeGreaterThan(0);
  expect(signals.every(({ kind }) => kind === 'signal')).toBe(true);
});

it('finds every word in any part of an event, whatever its case', () => {
  expect(shown({ search: 'PAYMENTS socketTimeout' }).map(({ key }) => key)).toEqual(['log-1']);
  expect(shown({ search: 'alertname=HighErrorRate' })).not.toHaveLength(0);
});

it('takes what is searched for as text, not as a pattern', () => {
  expect(shown({ search: '.*' })).toHaveLength(0);
  expect(shown({ search: '(PaymentClient.java:81)' })).toHaveLength(1);
});

it('shows what lies within the span, its ends included, and what is yet to come where it has no end', () => {
  const times = events.map(({ atMs }) => atMs).sort((a, b) => a - b);
  const [first = 0, , third = 0] = times;
  const within = shown({ span: { fromMs: first, toMs: third } });
  expect(within.length).toBe(times.filter((atMs) => atMs <= third).length);
  expect(shown({ span: { fromMs: third, toMs: null } }).length).toBe(
    times.filter((atMs) => atMs >= third).length,
  );
});

it('counts each kind', () => {
  const counts = countKinds(events);
  expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(events.length);
  expect(counts.signal).toBe(shown({ kinds: ['signal'] }).length);
});
