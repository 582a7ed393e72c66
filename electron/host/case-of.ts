import type { CaseFile } from '../../shared/formats/case.ts';
import type { Event, FieldDiff } from '../../shared/vocabulary/event.ts';
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
  const { window, events, topology } = known;
  const series = known.series.filter((one) => !isOfMachine(one));
  const changes = events.filter((event) => event.kind === 'change');
  const named = new Map(topology.services.map(({ id, tier, nodes }) => [id, { tier, nodes }]));
  const others = [
    ...series.map(({ service }) => service),
    ...changes.flatMap(({ service }) => service ?? []),
  ];
  for (const id of others) if (!named.has(id)) named.set(id, { tier: null, nodes: undefined });
  return {
    format: 'countersign.case/1',
    window: { from: iso(window.fromMs), to: iso(window.toMs) },
    services: [...named].map(([id, { tier, nodes }]) => ({
      id,
      ...(tier === null ? {} : { tier }),
      ...(nodes ? { nodes } : {}),
    })),
    calls: topology.calls,
    metrics: series.map(({ fromMs, stepMs, values, ...one }) => ({
      ...one,
      // A typed array reaches another thread as one piece of memory.
      values: Float64Array.from(values, (value) => value ?? Number.NaN),
      from: iso(fromMs),
      stepSeconds: stepMs / 1000,
    })),
    changes: changes.map(({ key, change, service, atMs, title, labels, diff }) => {
      const rollout = rolloutOf(diff ?? []);
      const told = rollout === null ? labels : { ...labels, rollout };
      return {
        id: key,
        kind: change,
        service: service ?? UNNAMED,
        at: iso(atMs),
        title,
        ...(told ? { labels: told } : {}),
        ...(diff ? { diff } : {}),
      };
    }),
  };
}

/** What a machine does is evidence for those who look; it is no service that calls could have made so. */
const isOfMachine = ({ service, labels }: MetricSeries): boolean => labels['node'] === service;

/** To what per cent of requests a flag was opened, where its change says so: none once it is off. */
function rolloutOf(diff: readonly FieldDiff[]): string | null {
  if (diff.some(({ path, after }) => path === 'enabled' && after === 'false')) return '0';
  return diff.find(({ path }) => path === 'rollout')?.after ?? null;
}

/** A change that names no service is still a candidate. */
const UNNAMED = '(no service named)';

const iso = (ms: number) => new Date(ms).toISOString();
