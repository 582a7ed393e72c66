import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import { workloadOfPod } from '../pod-name.ts';
import type { ClusterApi } from './cluster-api.ts';

/** Of a pod no more than where it runs. */
const PlacedPod = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string().default('') }),
  spec: z.object({ nodeName: z.string().optional() }).default({}),
});

/**
 * The nodes that the pods of each workload run on, by `namespace/workload`. None where these credentials may not list pods:
 * it is a hint, and what else is known of the services must not go with it.
 */
export async function nodesOfWorkloads(
  api: ClusterApi,
  signal: AbortSignal,
): Promise<Map<string, Set<string>>> {
  const nodes = new Map<string, Set<string>>();
  for (const { metadata, spec } of await podsIfTold(api, signal)) {
    if (!spec.nodeName) continue;
    const workload = `${metadata.namespace}/${workloadOfPod(metadata.name)}`;
    nodes.set(workload, (nodes.get(workload) ?? new Set<string>()).add(spec.nodeName));
  }
  return nodes;
}

async function podsIfTold(api: ClusterApi, signal: AbortSignal): Promise<z.infer<typeof PlacedPod>[]> {
  try {
    return (await api.list(PlacedPod, '/api/v1/pods', signal)).items;
  } catch (error) {
    if (error instanceof Failure && error.code !== 'cancelled') return [];
    throw error;
  }
}
