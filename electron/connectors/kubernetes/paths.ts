import type { ObjectRef, WorkloadRef } from '../source.ts';

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

export const configMapPath = ({ namespace, name }: ObjectRef): string =>
  `${inNamespace('api/v1', namespace, 'configmaps')}/${encodeURIComponent(name)}`;

export const ingressPath = ({ namespace, name }: ObjectRef): string =>
  `${inNamespace('apis/networking.k8s.io/v1', namespace, 'ingresses')}/${encodeURIComponent(name)}`;
