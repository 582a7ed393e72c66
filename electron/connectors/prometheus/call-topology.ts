import type { Topology } from '../../../shared/vocabulary/topology.ts';
import type { Sample, Window } from '../source.ts';
import { toldOfOutsiders } from './conventions/istio.ts';
import { isUnknown } from './service-metrics.ts';

const ends =
  'source_workload, source_workload_namespace, destination_workload, destination_workload_namespace';

/** Names who is called outside the mesh, where no workload is. */
const host = 'destination_service_name';

/** Who called whom lately: the last hour of the window at most, five minutes at least. */
export function callsQuery({ fromMs, toMs }: Window): string {
  const seconds = Math.round(Math.min(Math.max(toMs - fromMs, 300_000), 3_600_000) / 1000);
  const rate = (told: string) => `rate(istio_requests_total{${told}}[${seconds}s])`;
  return `sum by (${ends}) (${rate('reporter="destination"')}) or sum by (${ends}, ${host}) (${rate(toldOfOutsiders)})`;
}

/** Services and calls out of the answer to `callsQuery`. A call counts whether or not it is busy right now. */
export function topologyOf(samples: readonly Sample[]): Topology {
  const services = new Map<string, Topology['services'][number]>();
  const calls = new Map<string, Topology['calls'][number]>();
  const meet = (id: string | undefined, namespace: string | undefined): string | null => {
    if (isUnknown(id) || id === undefined) return null;
    const known = services.get(id)?.namespace ?? null;
    services.set(id, {
      id,
      namespace: known ?? (isUnknown(namespace) ? null : (namespace ?? null)),
      tier: null,
    });
    return id;
  };
  for (const { labels } of samples) {
    const from = meet(labels['source_workload'], labels['source_workload_namespace']);
    const to =
      meet(labels['destination_workload'], labels['destination_workload_namespace']) ??
      meet(labels[host], undefined);
    if (from !== null && to !== null && from !== to) calls.set(JSON.stringify([from, to]), { from, to });
  }
  return { services: [...services.values()], calls: [...calls.values()] };
}
