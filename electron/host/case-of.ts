import type { CaseFile } from '../../shared/formats/case.ts';
import type { Event } from '../../shared/vocabulary/event.ts';
import type { MetricSeries } from '../../shared/vocabulary/metric.ts';
import type { Topology } from '../../shared/vocabulary/topology.ts';
import type { Window } from '../connectors/source.ts';

/** What is known of an incident, in the form that is ranked: the same for a live incident and a file. */
export function caseOf(known: {
  window: Window;
  events: readonly Event[];
  series: readonly MetricSeries[];
  topology: Topology;
}): CaseFile {
  const { window, events, series, topology } = known;
  const changes = events.filter((event) => event.kind === 'change');
  const named = new Map(topology.services.map(({ id, tier }) => [id, tier]));
  for (const { service } of series) if (!named.has(service)) named.set(service, null);
  for (const { service } of changes) if (service !== null && !named.has(service)) named.set(service, null);
  return {
    format: 'countersign.case/1',
    window: { from: iso(window.fromMs), to: iso(window.toMs) },
    services: [...named].map(([id, tier]) => (tier === null ? { id } : { id, tier })),
    calls: topology.calls,
    metrics: series.map(({ fromMs, stepMs, values, ...one }) => ({
      ...one,
      // A typed array reaches another thread as one piece of memory.
      values: Float64Array.from(values, (value) => value ?? Number.NaN),
      from: iso(fromMs),
      stepSeconds: stepMs / 1000,
    })),
    changes: changes.map(({ key, change, service, atMs, title, labels }) => ({
      id: key,
      kind: change,
      service: service ?? UNNAMED,
      at: iso(atMs),
      title,
      ...(labels ? { labels } : {}),
    })),
  };
}

/** A change that names no service is still a candidate. */
const UNNAMED = '(no service named)';

const iso = (ms: number) => new Date(ms).toISOString();
