import type { ObjectRef, WorkloadRef, WrittenRef } from '../source.ts';

const inNamespace = (api: string, namespace: string, resource: string) =>
  `/${api}/namespaces/${encodeURIComponent(namespace)}/${resource}`;

const workloads = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
} as const;

/** Where the workloads of one kind in a namespace are. */
export const workloadsPath = (kind: keyof typeof workloads, namespace: string): string =>
  inNamespace('apis/apps/v1', namespace, workloads[kind]);

export const workloadPath = ({ kind, namespace, name }: WorkloadRef): string =>
  `${workloadsPath(kind, namespace)}/${encodeURIComponent(name)}`;

export const deploymentPath = (ref: ObjectRef): string => workloadPath({ ...ref, kind: 'Deployment' });

/** Kinds besides workloads, by where their API serves them. */
const served = {
  ConfigMap: ['api/v1', 'configmaps'],
  CronJob: ['apis/batch/v1', 'cronjobs'],
  HorizontalPodAutoscaler: ['apis/autoscaling/v2', 'horizontalpodautoscalers'],
  HTTPRoute: ['apis/gateway.networking.k8s.io/v1', 'httproutes'],
  Ingress: ['apis/networking.k8s.io/v1', 'ingresses'],
  Job: ['apis/batch/v1', 'jobs'],
  Pod: ['api/v1', 'pods'],
  PodDisruptionBudget: ['apis/policy/v1', 'poddisruptionbudgets'],
  Service: ['api/v1', 'services'],
} as const;
export type Served = keyof typeof served;

/** Where all of a kind are, in one namespace or (null) in all of them. */
export function allPath(kind: Served | 'Deployment' | 'StatefulSet', namespace: string | null): string {
  const [api, resource] =
    kind === 'Deployment' || kind === 'StatefulSet'
      ? (['apis/apps/v1', workloads[kind]] as const)
      : served[kind];
  return namespace === null ? `/${api}/${resource}` : inNamespace(api, namespace, resource);
}

export const objectPath = (kind: Served, { namespace, name }: ObjectRef): string =>
  `${allPath(kind, namespace)}/${encodeURIComponent(name)}`;

export const nodePath = (name: string): string => `/api/v1/nodes/${encodeURIComponent(name)}`;

/** Where the object is that a write can be looked for in. */
export function writtenPath({ kind, ...ref }: WrittenRef): string {
  if (kind === 'Node') return nodePath(ref.name);
  return kind === 'Deployment' || kind === 'StatefulSet'
    ? workloadPath({ ...ref, kind })
    : objectPath(kind, ref);
}

export const configMapPath = (ref: ObjectRef): string => objectPath('ConfigMap', ref);

export const ingressPath = (ref: ObjectRef): string => objectPath('Ingress', ref);
