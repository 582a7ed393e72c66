import { z } from 'zod';
import type { ClusterApi } from './cluster-api.ts';
import { Meta } from './resources.ts';

const Namespace = z.object({ metadata: Meta.pick({ name: true, labels: true }) });

/** The labels of a namespace itself. A role in that namespace is enough to read them. */
export async function readNamespaceLabels(
  api: ClusterApi,
  namespace: string,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const { metadata } = await api.get(
    Namespace,
    `/api/v1/namespaces/${encodeURIComponent(namespace)}`,
    signal,
  );
  return metadata.labels;
}
