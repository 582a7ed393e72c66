import { eventually } from '../../fixtures/eventually.ts';
import type { Cluster } from '../../fixtures/real-cluster.ts';
import { rollOut } from './shop.ts';

// biome-ignore lint/suspicious/noExplicitAny: a part of whatever the server answers.
type Object_ = any;

/** One thing an action can do in the shop, and where to see that it was done. */
export type RealCase = {
  what: string;
  action: string;
  input(cluster: Cluster): Promise<object> | object;
  /** Kinds that not every server has. */
  takes?: readonly (readonly [apiVersion: string, kind: string])[];
  prepare?: (cluster: Cluster) => Promise<unknown>;
  path: string;
  state(object: Object_): unknown;
  before: unknown;
  after: unknown;
  leavesNoMark?: true;
  backCannotBeTried?: true;
};

const shop = { cluster: 'k', namespace: 'shop' };
const web = { ...shop, kind: 'Deployment', name: 'web' };
const deployment = '/apis/apps/v1/namespaces/shop/deployments/web';
const statefulSet = '/apis/apps/v1/namespaces/shop/statefulsets/db';
const configMap = '/api/v1/namespaces/shop/configmaps/web-config';
const node = '/api/v1/nodes/node-1';
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

const isRestarted = (object: Object_): boolean =>
  object.spec.template.metadata.annotations?.[RESTARTED] !== undefined;
const levelOf = (object: Object_): unknown => object.data?.['log.level'] ?? null;
const isCordoned = (object: Object_): boolean => object.spec.unschedulable ?? false;
const isPaused = (object: Object_): boolean => object.spec.paused ?? false;

const HPA = ['autoscaling/v2', 'HorizontalPodAutoscaler'] as const;
const CRON = ['batch/v1', 'CronJob'] as const;
const EVICTION = ['policy/v1', 'PodDisruptionBudget'] as const;
const ROUTE = ['gateway.networking.k8s.io/v1', 'HTTPRoute'] as const;

async function scaler(cluster: Cluster): Promise<void> {
  await cluster.apply(
    JSON.stringify({
      apiVersion: HPA[0],
      kind: HPA[1],
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        minReplicas: 2,
        maxReplicas: 6,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      },
    }),
  );
}

const scalers = '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/web';

async function cron(cluster: Cluster): Promise<void> {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'backup', image: 'backup:1' }] } };
  await cluster.apply(
    JSON.stringify({
      apiVersion: CRON[0],
      kind: CRON[1],
      metadata: { name: 'backup', namespace: 'shop' },
      spec: { schedule: '0 3 * * *', suspend: false, jobTemplate: { spec: { template } } },
    }),
  );
}

const podsOfWeb = '/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb';

async function podOfWeb(cluster: Cluster): Promise<string> {
  return eventually('a pod', async () => {
    const { items } = (await cluster.demand('GET', podsOfWeb)) as Object_;
    return items[0]?.metadata.name as string | undefined;
  });
}

/** In the order in which they are played on one cluster; each leaves things as it found them. */
export const realCases: readonly RealCase[] = [
  {
    what: 'a Deployment is restarted',
    action: 'restart-workload',
    input: () => web,
    path: deployment,
    state: isRestarted,
    before: false,
    after: true,
  },
  {
    what: 'a StatefulSet is restarted',
    action: 'restart-workload',
    input: () => ({ ...shop, kind: 'StatefulSet', name: 'db' }),
    path: statefulSet,
    state: isRestarted,
    before: false,
    after: true,
  },
  {
    what: 'a Deployment is rolled back',
    action: 'roll-back-deployment',
    prepare: async (cluster) => {
      await rollOut(cluster, 'shop/web:1.1.0');
    },
    async input(cluster) {
      const sets = (await cluster.demand('GET', '/apis/apps/v1/namespaces/shop/replicasets')) as Object_;
      const first = sets.items.find(
        ({ spec }: Object_) =>
          spec.template.spec.containers[0].image === 'shop/web:1.0.0' && !isRestarted({ spec }),
      );
      return { ...web, to: Number(first.metadata.annotations['deployment.kubernetes.io/revision']) };
    },
    path: deployment,
    state: (object) => object.spec.template.spec.containers[0].image,
    before: 'shop/web:1.1.0',
    after: 'shop/web:1.0.0',
  },
  {
    what: 'a rollout is paused',
    action: 'pause-rollout',
    input: () => web,
    path: deployment,
    state: isPaused,
    before: false,
    after: true,
  },
  {
    what: 'a rollout is resumed',
    action: 'resume-rollout',
    input: () => web,
    prepare: (cluster) => cluster.patch(deployment, { spec: { paused: true } }),
    path: deployment,
    state: isPaused,
    before: true,
    after: false,
    leavesNoMark: true,
  },
  {
    what: 'a Deployment is scaled',
    action: 'scale-workload',
    takes: [HPA],
    prepare: (cluster) => cluster.patch(deployment, { spec: { paused: false } }),
    input: () => ({ ...web, replicas: 5 }),
    path: deployment,
    state: (object) => object.spec.replicas,
    before: 3,
    after: 5,
  },
  {
    what: 'a Deployment is scaled by its autoscaler',
    action: 'scale-workload',
    takes: [HPA],
    prepare: scaler,
    input: () => ({ ...web, replicas: 5 }),
    path: scalers,
    state: ({ spec }) => [spec.minReplicas, spec.maxReplicas],
    before: [2, 6],
    after: [5, 6],
  },
  {
    what: 'a node is cordoned',
    action: 'cordon-node',
    takes: [EVICTION],
    input: () => ({ cluster: 'k', name: 'node-1' }),
    path: node,
    state: isCordoned,
    before: false,
    after: true,
  },
  {
    what: 'a key of a ConfigMap is set back',
    action: 'revert-config',
    input: () => ({ ...shop, name: 'web-config', key: 'log.level', to: 'it\'s "debug"; rm -rf $HOME\n' }),
    path: configMap,
    state: levelOf,
    before: 'info',
    after: 'it\'s "debug"; rm -rf $HOME\n',
  },
  {
    what: 'a key of a ConfigMap is taken away',
    action: 'revert-config',
    input: () => ({ ...shop, name: 'web-config', key: 'log.level', to: null }),
    path: configMap,
    state: levelOf,
    before: 'info',
    after: null,
    leavesNoMark: true,
  },
  {
    what: 'the weight of an Ingress is shifted',
    action: 'shift-traffic',
    input: () => ({ ...shop, name: 'web', weight: 60 }),
    path: '/apis/networking.k8s.io/v1/namespaces/shop/ingresses/web',
    state: ({ metadata }) => metadata.annotations['nginx.ingress.kubernetes.io/canary-weight'],
    before: '10',
    after: '60',
  },
  {
    what: 'the weights of an HTTPRoute are shifted',
    action: 'shift-traffic',
    takes: [ROUTE],
    prepare: (cluster) =>
      cluster.apply(
        JSON.stringify({
          apiVersion: ROUTE[0],
          kind: ROUTE[1],
          metadata: { name: 'web', namespace: 'shop' },
          spec: {
            rules: [
              {
                backendRefs: [
                  { name: 'web', port: 80, weight: 90 },
                  { name: 'web-next', port: 80, weight: 10 },
                ],
              },
            ],
          },
        }),
      ),
    input: () => ({
      ...shop,
      kind: 'HTTPRoute',
      name: 'web',
      backends: [
        { name: 'web', weight: 100 },
        { name: 'web-next', weight: 0 },
      ],
    }),
    path: '/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/web',
    state: ({ spec }) => spec.rules[0].backendRefs.map(({ weight }: Object_) => weight),
    before: [90, 10],
    after: [100, 0],
  },
  {
    what: 'a CronJob is suspended',
    action: 'suspend-cronjob',
    takes: [CRON],
    prepare: cron,
    input: () => ({ ...shop, kind: 'CronJob', name: 'backup' }),
    path: '/apis/batch/v1/namespaces/shop/cronjobs/backup',
    state: ({ spec }) => spec.suspend,
    before: false,
    after: true,
  },
  {
    what: 'a pod is evicted',
    action: 'evict-pod',
    takes: [EVICTION],
    input: async (cluster) => ({ ...shop, kind: 'Pod', name: await podOfWeb(cluster) }),
    path: deployment,
    state: () => 'another is made in its place',
    before: 'another is made in its place',
    after: 'another is made in its place',
    leavesNoMark: true,
    backCannotBeTried: true,
  },
];
