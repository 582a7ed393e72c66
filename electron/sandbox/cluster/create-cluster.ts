import { hexOf, randomOf } from '../random.ts';
import type { ServiceSpec, Topology } from '../scenario/topology.ts';
import { accountNamespace } from './accounts.ts';
import { createAccounts } from './create-accounts.ts';
import { createSurroundings } from './create-surroundings.ts';
import { revisionAnnotation } from './deployment-controller.ts';
import { type InitialRelease, imageOf } from './images.ts';
import type { Draft, ObjectStore } from './object-store.ts';
import { type Deployment, type PodTemplate, timestamp } from './objects.ts';
import { templateHash } from './template-hash.ts';

const dayMs = 86_400_000;

export const configMapOf = (service: string): string => `${service}-config`;

/** Fills an empty store with a cluster that has been running for weeks: every Deployment can be rolled back. */
export function createCluster(options: {
  store: ObjectStore;
  controller: { step(atMs: number): void };
  topology: Topology;
  releases: ReadonlyMap<string, InitialRelease>;
  seed: number;
  startMs: number;
}): void {
  const { store, controller, topology, releases, seed, startMs } = options;
  createNamespacesAndNodes(store, topology, startMs);

  const services = topology.services.filter(({ kind }) => kind === 'service');
  const bornDaysAgo = new Map(
    services.map(({ name }) => [name, randomOf(seed, 'age', name).between(0.3, 21)]),
  );
  const oldestFirst = [...services].sort(
    (one, other) => (bornDaysAgo.get(other.name) ?? 0) - (bornDaysAgo.get(one.name) ?? 0),
  );
  for (const service of oldestFirst) {
    const release = releases.get(service.name);
    if (!release) throw new Error(`no initial release for ${service.name}`);
    const releasedMs = startMs - (bornDaysAgo.get(service.name) ?? 1) * dayMs;
    createConfigMap(store, service, releasedMs);
    createDeployment(store, service, release, seed, releasedMs);
    // Created, then ready, then nothing left to do.
    for (const laterMs of [0, 30_000, 35_000]) controller.step(releasedMs + laterMs);
  }
  createSurroundings({ store, topology, seed, startMs });
  // Databases start one pod after the other.
  for (let laterMs = 0; laterMs <= 90_000; laterMs += 5_000) controller.step(startMs - 30 * dayMs + laterMs);
  // Events older than an hour are gone in a real cluster too.
  for (const { metadata } of store.list('Event')) store.remove('Event', metadata.namespace, metadata.name);
}

function createNamespacesAndNodes(store: ObjectStore, topology: Topology, startMs: number): void {
  const createdMs = startMs - 400 * dayMs;
  const ours = topology.services.filter(({ kind }) => kind !== 'provider');
  const worked = [...new Set(ours.map(({ namespace }) => namespace))].sort();
  const namespaces = [...new Set([accountNamespace, 'default', 'kube-system', ...worked])].sort();
  for (const name of namespaces) {
    const labels = { 'kubernetes.io/metadata.name': name };
    store.put<'Namespace'>(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels }, status: { phase: 'Active' } },
      createdMs,
    );
  }
  createAccounts({ store, namespaces, worked, atMs: createdMs });
  for (let index = 0; index < topology.nodes; index++) {
    const name = `node-${'abc'.charAt(index % 3)}${Math.floor(index / 3) + 1}`;
    const size = { cpu: '16', memory: '64Gi', pods: '110' };
    store.put<'Node'>(
      {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name,
          labels: {
            'kubernetes.io/hostname': name,
            'topology.kubernetes.io/zone': `zone-${'abc'.charAt(index % 3)}`,
          },
        },
        spec: { providerID: `sandbox://${name}` },
        status: {
          capacity: size,
          allocatable: size,
          conditions: [
            {
              type: 'Ready',
              status: 'True',
              reason: 'KubeletReady',
              lastTransitionTime: timestamp(createdMs),
            },
          ],
          addresses: [
            { type: 'InternalIP', address: `10.0.${index >> 7}.${10 + (index & 127)}` },
            { type: 'Hostname', address: name },
          ],
          nodeInfo: {
            kubeletVersion: 'v1.32.4',
            operatingSystem: 'linux',
            architecture: 'amd64',
            osImage: 'Debian GNU/Linux 12 (bookworm)',
            kernelVersion: '6.1.0-30-amd64',
            containerRuntimeVersion: 'containerd://1.7.24',
          },
        },
      },
      createdMs,
    );
  }
}

function createConfigMap(store: ObjectStore, service: ServiceSpec, atMs: number): void {
  store.put<'ConfigMap'>(
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: configMapOf(service.name),
        namespace: service.namespace,
        labels: { app: service.name },
      },
      data: ordinarySettings(service),
    },
    atMs,
  );
}

const defaultSettings = {
  'cache.ttl-seconds': '300',
  'http.client.timeout-ms': '2500',
  'log.level': 'info',
  'pool.max-connections': '40',
  'queue.batch-size': '100',
};

/** What a service is configured with before anybody changes it. */
export const ordinarySettings = (service: ServiceSpec): Record<string, string> => ({
  ...defaultSettings,
  'pool.max-connections': String(service.pool),
});

function createDeployment(
  store: ObjectStore,
  service: ServiceSpec,
  release: InitialRelease,
  seed: number,
  releasedMs: number,
): void {
  const labels = { app: service.name, 'countersign.dev/tier': String(service.tier) };
  const template = templateOf(service, release.version, seed);
  const deployment = store.put<'Deployment'>(
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name: service.name,
        namespace: service.namespace,
        generation: 1,
        labels,
        annotations: { 'kubernetes.io/change-cause': `${service.name} ${release.version}` },
        creationTimestamp: timestamp(releasedMs - 200 * dayMs),
      },
      spec: {
        replicas: service.replicas,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        selector: { matchLabels: { app: service.name } },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template,
      },
      status: {},
    },
    releasedMs,
  );
  store.put<'ReplicaSet'>(
    previousReplicaSet(deployment, templateOf(service, release.previousVersion, seed), release, releasedMs),
    releasedMs,
  );
}

function previousReplicaSet(
  deployment: Deployment,
  template: PodTemplate,
  release: InitialRelease,
  releasedMs: number,
): Draft<'ReplicaSet'> {
  const hash = templateHash(template);
  const { name, namespace, uid } = deployment.metadata;
  const labels = { ...template.metadata.labels, 'pod-template-hash': hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      generation: 2,
      labels,
      annotations: {
        'kubernetes.io/change-cause': `${name} ${release.previousVersion}`,
        [revisionAnnotation]: String(release.revision - 1),
      },
      creationTimestamp: timestamp(releasedMs - 6.1 * dayMs),
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: name, 'pod-template-hash': hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0, observedGeneration: 2 },
  };
}

/** CPU that each pod of a service asks for. */
export const requestedCores = ({ cpu }: ServiceSpec): number => cpu * 0.8;

const templates = new WeakMap<ServiceSpec, Map<string, PodTemplate>>();

/** The same object for the same version: a world is lived more than once, and its templates are hashed. */
export function templateOf(service: ServiceSpec, version: string, seed: number): PodTemplate {
  const known = templates.get(service) ?? new Map<string, PodTemplate>();
  templates.set(service, known);
  const key = `${seed}/${version}`;
  const template = known.get(key) ?? newTemplate(service, version, seed);
  known.set(key, template);
  return template;
}

function newTemplate(service: ServiceSpec, version: string, seed: number): PodTemplate {
  return {
    metadata: { labels: { app: service.name, version } },
    spec: {
      containers: [
        {
          name: service.name,
          image: imageOf(service.name, version),
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
          env: [
            { name: 'GIT_COMMIT', value: hexOf(`${seed}/${service.name}/${version}`, 12) },
            { name: 'LOG_LEVEL', value: 'info' },
            { name: 'POOL_SIZE', value: '20' },
          ],
          envFrom: [{ configMapRef: { name: configMapOf(service.name) } }],
          resources: {
            limits: { cpu: cores(service.cpu), memory: mebibytes(service.memoryMb * 2) },
            requests: { cpu: cores(requestedCores(service)), memory: mebibytes(service.memoryMb) },
          },
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
    },
  };
}

// Quantities in their canonical form: clients write them back so, and another spelling would be another template.
const cores = (amount: number) =>
  Number.isInteger(amount) ? String(amount) : `${Math.round(amount * 1_000)}m`;
const mebibytes = (amount: number) =>
  Math.round(amount) % 1_024 === 0 ? `${Math.round(amount) / 1_024}Gi` : `${Math.round(amount)}Mi`;
