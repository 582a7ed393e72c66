import type { ClusterApi } from './cluster-api.ts';
import { mostImportant, tierOf } from './marks.ts';
import { workloadsPath } from './paths.ts';
import { Workload } from './resources.ts';

/** The tier of the services of these names together, as their Deployments say it. */
export async function readTier(
  api: ClusterApi,
  namespace: string,
  services: readonly string[],
  signal: AbortSignal,
): Promise<number | null> {
  const { items } = await api.list(Workload, workloadsPath('Deployment', namespace), signal);
  return mostImportant(
    services.map((name) => {
      const workload = items.find((item) => item.metadata.name === name);
      return workload ? tierOf(workload.metadata.labels) : null;
    }),
  );
}
