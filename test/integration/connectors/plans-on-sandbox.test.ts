import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../../electron/actions/action.ts';
import { actions } from '../../../electron/actions/all.ts';
import { backupLabel } from '../../../electron/sandbox/cluster/backup-operator.ts';
import { aPodOf } from '../../fixtures/action-cases.ts';
import { servedCluster } from '../../fixtures/served-cluster.ts';

const calm = () => new AbortController().signal;
const options = { intent: 'prop-7', atMs: 0, dryRun: false };

let served: Awaited<ReturnType<typeof servedCluster>>;
beforeEach(async () => {
  served = await servedCluster();
});
afterEach(() => served.close());

function reachOf(name: string) {
  const reach = actions.find((each) => each.name === name)?.reach(served.systems);
  if (!reach) throw new Error(`there is an action ${name}`);
  return reach;
}
const planOf = (name: string, input: object): Promise<Plan> => reachOf(name).plan(input, calm());

const web = { cluster: 'k', kind: 'Deployment', namespace: 'shop', name: 'web' };
const database = { cluster: 'k', kind: 'StatefulSet', namespace: 'shop', name: 'shop-db' };
const patch = (path: string, body: object, manager = 'somebody') =>
  served.cluster.request('PATCH', `${path}?fieldManager=${manager}`, {
    type: 'application/merge-patch+json',
    body,
  });
const deploymentPath = '/apis/apps/v1/namespaces/shop/deployments/web';

describe('a plan', () => {
  it('says that an autoscaler is in charge, and what becomes of its bounds', async () => {
    expect(await planOf('scale-workload', { ...web, replicas: 10 })).toMatchObject({
      title: 'Scale web from 4 to 10 by its autoscaler',
      command: `kubectl -n shop patch hpa/web --type=merge -p '{"spec":{"minReplicas":10,"maxReplicas":10}}'`,
      backOutCommand: `kubectl -n shop patch hpa/web --type=merge -p '{"spec":{"minReplicas":4,"maxReplicas":8}}'`,
      blastRadius: {
        class: 'deployment',
        sentence:
          '1 deployment, 4 to 10 pods, tier-1 service; its autoscaler goes from 4 to 8 replicas to 10 to 10 replicas',
      },
      moves: { of: 'replicas', from: 4, to: 10 },
    });
    await expect(planOf('scale-workload', { ...web, replicas: 0 })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('keeps at least one replica'),
    });
  });

  it('is void when somebody took the autoscaler away, which would take the change back no more', async () => {
    const input = { ...web, replicas: 10 };
    const { seen } = await planOf('scale-workload', input);
    served.cluster.store.remove('HorizontalPodAutoscaler', 'shop', 'web');
    expect(await reachOf('scale-workload').preflight(input, seen, calm())).toMatchObject({
      kind: 'drifted',
      because: expect.stringContaining('no autoscaler is in charge'),
    });
  });

  it('counts pods and services by tier', async () => {
    const { touches } = await planOf('restart-workload', web);
    expect(touches).toEqual({ pods: 4, workloads: ['web'], services: [{ name: 'web', tier: 1 }] });
    const pod = { ...web, kind: 'Pod', name: aPodOf(served.cluster.store) };
    expect(await planOf('evict-pod', pod)).toMatchObject({
      blastRadius: { class: 'pod', sentence: '1 pod of Deployment web (4 ready), tier-1 service' },
      touches: { pods: 1, workloads: ['web'], services: [{ name: 'web', tier: 1 }] },
      concerns: ['web'],
      reversible: true,
      backOutCommand: 'kubectl -n shop rollout status deployment/web',
    });
  });

  it('knows that a database keeps data, and the backup that is being made of it', async () => {
    expect(await planOf('restart-workload', web)).toMatchObject({ keepsData: false, backupRunning: null });
    served.cluster.run(60);
    for (const { metadata } of served.cluster.store.list('Job', 'shop'))
      served.cluster.store.remove('Job', 'shop', metadata.name);
    expect(await planOf('restart-workload', database)).toMatchObject({
      keepsData: true,
      backupRunning: null,
      reversible: false,
    });
    served.cluster.store.put<'Job'>(
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'nightly', namespace: 'shop', labels: { [backupLabel]: 'shop-db' } },
        spec: {
          selector: { matchLabels: { job: 'nightly' } },
          template: {
            metadata: { labels: { job: 'nightly' } },
            spec: { containers: [{ name: 'copy', image: 'registry.example/pg-backup:2' }] },
          },
        },
        status: {},
      },
      served.cluster.now(),
    );
    served.cluster.run(5);
    expect((await planOf('restart-workload', database)).backupRunning).toContain(
      'the Job nightly has been backing up shop-db',
    );
    const last = { ...web, kind: 'Pod', name: 'shop-db-2' };
    expect(await planOf('evict-pod', last)).toMatchObject({
      keepsData: true,
      reversible: false,
      backOutCommand: '',
      backupRunning: expect.stringContaining('nightly'),
    });
  });

  it('knows whoever delivers its target by managedFields alone, and says what becomes of a live edit', async () => {
    const labels = { team: 'shop' };
    expect(patch(deploymentPath, { metadata: { labels } }, 'argocd-controller').status).toBe(200);
    for (const [name, input] of [
      ['restart-workload', web],
      ['pause-rollout', web],
      ['roll-back-deployment', { ...web, to: 11 }],
      ['scale-workload', { ...web, replicas: 6 }],
      ['evict-pod', { ...web, kind: 'Pod', name: aPodOf(served.cluster.store) }],
    ] as const) {
      const plan = await planOf(name, input);
      expect([name, plan.managedBy]).toEqual([name, 'argo-cd']);
      expect(plan.blastRadius.sentence).toContain('Argo CD delivers it and will revert a live edit');
      expect(plan.ownership?.revert).toContain('let Argo CD sync');
    }
  });

  it('does not lead traffic to where no pod is ready', async () => {
    patch('/api/v1/namespaces/shop/services/web', { spec: { selector: { version: '1.1.0' } } });
    const service = { ...web, kind: 'Service', key: 'version' };
    await expect(planOf('shift-traffic', { ...service, to: '9.9.9' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('would lead nowhere'),
    });
    await expect(planOf('shift-traffic', { ...service, key: 'colour', to: 'green' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('the last breath before a write', () => {
  it('is guarded by the version that was read: any write in between is a conflict', async () => {
    const { seen } = await planOf('pause-rollout', web);
    served.beforeWrite(() => {
      patch(deploymentPath, { metadata: { annotations: { quick: 'rival' } } });
    });
    expect(await reachOf('pause-rollout').execute(web, seen, options, calm())).toEqual({
      kind: 'not-applied',
      because: expect.stringContaining('(409)'),
    });
    expect(served.writes()).toHaveLength(1);
    expect(served.cluster.store.get('Deployment', 'shop', 'web')?.spec.paused ?? false).toBe(false);
  });

  it('is no drift when only a status has moved before it', async () => {
    const { seen } = await planOf('pause-rollout', web);
    patch(deploymentPath, { metadata: { annotations: { slow: 'neighbour' } } });
    served.cluster.run(30);
    expect(await reachOf('pause-rollout').preflight(web, seen, calm())).toEqual({ kind: 'unchanged' });
    expect(await reachOf('pause-rollout').execute(web, seen, options, calm())).toMatchObject({
      kind: 'applied',
    });
  });

  it('does not roll back what was rolled out since it was planned', async () => {
    const input = { ...web, to: 11 };
    const { seen } = await planOf('roll-back-deployment', input);
    const template = { metadata: { labels: { version: '1.2.0' } } };
    patch(deploymentPath, { spec: { template } });
    expect(await reachOf('roll-back-deployment').execute(input, seen, options, calm())).toEqual({
      kind: 'not-applied',
      because: 'Its pod template was changed in the meantime',
    });
    expect(served.writes()).toEqual([]);
  });
});
