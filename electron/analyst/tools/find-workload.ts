import { Failure } from '../../platform/failure.ts';
import type { ReadContext } from './read-tool.ts';

/**
 * Where the pods of a service are: its Deployment, or else what bears its name in the namespace that the topology tells,
 * such as the StatefulSet of a database.
 */
export async function findWorkload(
  { locate, topology }: ReadContext,
  service: string,
  signal: AbortSignal,
): Promise<{ namespace: string; workload: string; connection: string | undefined }> {
  const place = await locate(service, signal);
  if (place) return { namespace: place.namespace, workload: place.name, connection: place.cluster };
  const namespace = topology().services.find(({ id }) => id === service)?.namespace;
  if (namespace) return { namespace, workload: service, connection: undefined };
  throw new Failure('not_found', `Nothing that is connected tells where ${JSON.stringify(service)} runs`);
}
