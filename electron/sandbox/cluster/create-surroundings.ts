import { hexOf } from '../random.ts';
import type { ServiceSpec, Topology } from '../scenario/topology.ts';
import { servingGate } from './backup-operator.ts';
import type { Draft, ObjectStore } from './object-store.ts';
import { timestamp } from './objects.ts';

const dayMs = 86_400_000;

export const infrastructureImages = {
  database: 'registry.shop.example/postgres:16.4',
  nodeExporter: 'registry.shop.example/node-exporter:1.8.2',
  backup: 'registry.shop.example/pg-backup:2.1',
} as const;

/**
 * What stands around the services of a topology: how they are reached and protected, the databases with their backups,
 * and what runs on every node.
 */
export function createSurroundings(options: {
  store: ObjectStore;
  topology: Topology;
  seed: number;
  startMs: number;
}): void {
  const { store, topology, seed, startMs } = options;
  const createdMs = startMs - 30 * dayMs;
  for (const service of topology.services) {
    if (service.kind === 'provider') continue;
    store.put<'Service'>(serviceOf(service, seed), createdMs);
    store.put<'Secret'>(secretOf(service, seed), createdMs);
    if (service.autoscaled) store.put<'HorizontalPodAutoscaler'>(autoscalerOf(service), createdMs);
    if (service.replicas > 1) store.put<'PodDisruptionBudget'>(budgetOf(service), createdMs);
    if (service.entryRps) store.put<'Ingress'>(ingressOf(service), createdMs);
    if (service.kind === 'database') {
      store.put<'StatefulSet'>(databaseOf(service), createdMs);
      store.put<'CronJob'>(archiveOf(service, createdMs), createdMs);
    }
  }
  store.put<'DaemonSet'>(nodeExporter, createdMs);
}

const metaOf = ({ name, namespace }: ServiceSpec) => ({ name, namespace, labels: { app: name } });

function serviceOf(service: ServiceSpec, seed: number): Draft<'Service'> {
  const address = Number.parseInt(hexOf(`${seed}/service/${service.name}`, 4), 16);
  const clusterIP = `10.96.${address >> 8}.${1 + (address % 254)}`;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metaOf(service),
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      selector: { app: service.name },
      ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
      sessionAffinity: 'None',
    },
    status: { loadBalancer: {} },
  };
}

function secretOf({ name, namespace }: ServiceSpec, seed: number): Draft<'Secret'> {
  const password = Buffer.from(hexOf(`${seed}/secret/${name}`, 24)).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `${name}-credentials`, namespace, labels: { app: name } },
    type: 'Opaque',
    data: { password, username: Buffer.from(name).toString('base64') },
  };
}

function autoscalerOf(service: ServiceSpec): Draft<'HorizontalPodAutoscaler'> {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metaOf(service),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: service.name },
      minReplicas: service.replicas,
      maxReplicas: service.replicas * 2,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
        },
      ],
    },
    status: { currentReplicas: 0, desiredReplicas: 0 },
  };
}

function budgetOf(service: ServiceSpec): Draft<'PodDisruptionBudget'> {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { ...metaOf(service), generation: 1 },
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: service.name } } },
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  };
}

/** What external-dns publishes as the weight of this cluster's record among those of all regions. */
export const weightAnnotation = 'external-dns.alpha.kubernetes.io/aws-weight';

function ingressOf(service: ServiceSpec): Draft<'Ingress'> {
  const backend = { service: { name: service.name, port: { name: 'http' } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { ...metaOf(service), generation: 1, annotations: { [weightAnnotation]: '100' } },
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          host: `${service.name}.shop.example`,
          http: { paths: [{ path: '/', pathType: 'Prefix', backend }] },
        },
      ],
    },
    status: { loadBalancer: { ingress: [{ ip: '203.0.113.10' }] } },
  };
}

function databaseOf({ name, namespace, replicas, cpu, memoryMb }: ServiceSpec): Draft<'StatefulSet'> {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace, generation: 1, labels: { app: name } },
    spec: {
      replicas,
      serviceName: name,
      podManagementPolicy: 'OrderedReady',
      revisionHistoryLimit: 10,
      selector: { matchLabels: { app: name } },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name: 'postgres',
              image: infrastructureImages.database,
              ports: [{ name: 'postgres', containerPort: 5432, protocol: 'TCP' }],
              resources: {
                limits: { cpu: String(cpu), memory: `${2 * memoryMb}Mi` },
                requests: { cpu: String(cpu), memory: `${memoryMb}Mi` },
              },
            },
          ],
          readinessGates: [{ conditionType: servingGate }],
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 60,
        },
      },
    },
    status: { replicas: 0 },
  };
}

function archiveOf(database: ServiceSpec, createdMs: number): Draft<'CronJob'> {
  const { namespace } = database;
  const name = `${database.name}-backup`;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace, generation: 1, creationTimestamp: timestamp(createdMs) },
    spec: {
      schedule: '*/20 * * * *',
      suspend: false,
      concurrencyPolicy: 'Forbid',
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        spec: {
          template: {
            metadata: { labels: { app: name } },
            spec: {
              containers: [{ name: 'backup', image: infrastructureImages.backup }],
              restartPolicy: 'OnFailure',
            },
          },
        },
      },
    },
    status: {},
  };
}

const nodeExporter: Draft<'DaemonSet'> = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: {
    name: 'node-exporter',
    namespace: 'kube-system',
    generation: 1,
    labels: { app: 'node-exporter' },
  },
  spec: {
    revisionHistoryLimit: 10,
    selector: { matchLabels: { app: 'node-exporter' } },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    template: {
      metadata: { labels: { app: 'node-exporter' } },
      spec: {
        containers: [{ name: 'node-exporter', image: infrastructureImages.nodeExporter }],
        restartPolicy: 'Always',
      },
    },
  },
  status: {
    desiredNumberScheduled: 0,
    currentNumberScheduled: 0,
    numberReady: 0,
    numberMisscheduled: 0,
  },
};
