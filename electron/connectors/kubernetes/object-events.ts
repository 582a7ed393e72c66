import { z } from 'zod';
import { bounded } from '../bounded.ts';
import type { ObjectEvent } from '../inspection.ts';
import { workloadOfPod } from '../pod-name.ts';
import type { ClusterApi } from './cluster-api.ts';
import { timeOf } from './event-observations.ts';
import { CoreEvent } from './resources.ts';

const Counted = CoreEvent.extend({
  count: z.number().int().nullish(),
  series: z.object({ count: z.number().int() }).nullish(),
});

/** Events of a namespace, or those about a workload, its ReplicaSets and its pods; newest first. */
export async function readEvents(
  api: ClusterApi,
  { namespace, workload }: { namespace: string; workload: string | null },
  signal: AbortSignal,
): Promise<ObjectEvent[]> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
  const { items } = await api.list(Counted, path, signal);
  return items
    .filter(({ involvedObject }) => workload === null || isOf(workload, involvedObject))
    .map((event) => ({
      atMs: timeOf(event),
      firstMs: Date.parse(event.firstTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp),
      count: event.series?.count ?? event.count ?? 1,
      type: event.type,
      reason: event.reason,
      object: `${event.involvedObject.kind}/${event.involvedObject.name}`,
      message: bounded(event.message, 500),
    }))
    .sort((a, b) => b.atMs - a.atMs);
}

function isOf(workload: string, { kind, name }: CoreEvent['involvedObject']): boolean {
  if (kind === 'Pod') return workloadOfPod(name) === workload;
  // A ReplicaSet is named for its Deployment and a hash without a dash in it.
  return name === workload || (kind === 'ReplicaSet' && name.slice(0, name.lastIndexOf('-')) === workload);
}
