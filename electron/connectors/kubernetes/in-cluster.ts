import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../platform/failure.ts';

/** Where a pod finds its own credentials (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/). */
export const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The address of the API server as every pod is told it. */
export function inClusterServer(environment: NodeJS.ProcessEnv): string {
  const host = environment['KUBERNETES_SERVICE_HOST'];
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443';
  if (!host) {
    throw new Failure(
      'bad_input',
      'inCluster is for Countersign running in a pod, and KUBERNETES_SERVICE_HOST is not set. Give a kubeconfig or an address instead.',
    );
  }
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The account of the pod. Read for each request: the kubelet replaces the token long before it expires. */
export async function inClusterCredentials(folder: string): Promise<{ token: string; ca: Buffer }> {
  try {
    const [token, ca] = await Promise.all([
      readFile(join(folder, 'token'), 'utf8'),
      readFile(join(folder, 'ca.crt')),
    ]);
    return { token: token.trim(), ca };
  } catch (cause) {
    throw new Failure(
      'unauthorized',
      `The account of the pod cannot be read from ${folder}. Is automountServiceAccountToken off?`,
      cause,
    );
  }
}
