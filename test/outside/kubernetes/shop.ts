import { readFileSync } from 'node:fs';
import { eventually } from '../../fixtures/eventually.ts';
import type { Cluster } from '../../fixtures/real-cluster.ts';

/** Puts the shop in the cluster, and waits until its first rollouts stand in its history. */
export async function openShop(cluster: Cluster): Promise<void> {
  await cluster.apply(
    readFileSync(new URL('../../fixtures/real-cluster-shop.yaml', import.meta.url), 'utf8'),
  );
  await eventually('the first revision', async () => {
    const { body } = await cluster.ask('GET', '/apis/apps/v1/namespaces/shop/deployments/web');
    const { annotations = {} } = body['metadata'] as { annotations?: Record<string, string> };
    return annotations['deployment.kubernetes.io/revision'] === '1';
  });
}

/** Another image of `web`, as its next revision. */
export async function rollOut(cluster: Cluster, image: string): Promise<number> {
  const path = '/apis/apps/v1/namespaces/shop/deployments/web';
  const before = await revisionOf(cluster);
  await cluster.patch(
    path,
    {
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'web',
                image,
                env: [{ name: 'LEVEL', value: 'info' }],
                resources: { requests: { cpu: '100m', memory: '64Mi' } },
                readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
              },
            ],
          },
        },
      },
    },
    'kubectl-set',
  );
  await eventually('the next revision', async () => (await revisionOf(cluster)) > before);
  return revisionOf(cluster);
}

export async function revisionOf(cluster: Cluster): Promise<number> {
  const { metadata } = await cluster.demand('GET', '/apis/apps/v1/namespaces/shop/deployments/web');
  const { annotations = {} } = metadata as { annotations?: Record<string, string> };
  return Number(annotations['deployment.kubernetes.io/revision'] ?? 0);
}
