import { z } from 'zod';
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding, ServiceAccount } from './accounts.ts';
import { Condition, IntOrPercent, ObjectMeta, PodTemplate, Selector, Texts } from './meta.ts';
import type {
  HorizontalPodAutoscaler,
  HTTPRoute,
  Ingress,
  PodDisruptionBudget,
  Secret,
  Service,
} from './surroundings.ts';
import type { ControllerRevision, CronJob, DaemonSet, Job, StatefulSet } from './workloads.ts';

export { type ManagedFields, ObjectMeta, PodTemplate, timestamp } from './meta.ts';

/**
 * The Kubernetes objects a sandbox cluster holds, in the shape of the API (Kubernetes API reference, v1.32): the store
 * keeps what the wire carries, so nothing is lost between the two. Objects are never changed in place.
 */
export const DeploymentSpec = z.looseObject({
  replicas: z.number().int().default(1),
  paused: z.boolean().optional(),
  revisionHistoryLimit: z.number().int().optional(),
  selector: Selector,
  strategy: z.looseObject({
    type: z.enum(['RollingUpdate', 'Recreate']),
    rollingUpdate: z.looseObject({ maxSurge: IntOrPercent, maxUnavailable: IntOrPercent }).optional(),
  }),
  template: PodTemplate,
});

export const Deployment = z.looseObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('Deployment'),
  metadata: ObjectMeta,
  spec: DeploymentSpec,
  status: z.looseObject({
    observedGeneration: z.number().optional(),
    replicas: z.number().optional(),
    updatedReplicas: z.number().optional(),
    readyReplicas: z.number().optional(),
    availableReplicas: z.number().optional(),
    unavailableReplicas: z.number().optional(),
    conditions: z.array(Condition).optional(),
  }),
});
export type Deployment = z.infer<typeof Deployment>;

export type ReplicaSet = {
  apiVersion: 'apps/v1';
  kind: 'ReplicaSet';
  metadata: ObjectMeta;
  spec: { replicas: number; selector: { matchLabels: Record<string, string> }; template: PodTemplate };
  status: {
    replicas: number;
    fullyLabeledReplicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    observedGeneration: number;
  };
};

/** One of `waiting`, `running` and `terminated`, with what there is to say of it. */
export type ContainerState = Record<string, Record<string, string | number>>;

export type Pod = {
  apiVersion: 'v1';
  kind: 'Pod';
  metadata: ObjectMeta;
  spec: PodTemplate['spec'] & { nodeName: string };
  status: {
    phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
    startTime: string;
    podIP?: string;
    conditions: {
      type: string;
      status: 'True' | 'False';
      lastTransitionTime: string;
      reason?: string;
      message?: string;
    }[];
    containerStatuses: {
      name: string;
      image: string;
      imageID: string;
      ready: boolean;
      started: boolean;
      restartCount: number;
      state: ContainerState;
      /** How the life before this one ended; empty for the first. */
      lastState: ContainerState;
    }[];
  };
};

export type KubernetesEvent = {
  apiVersion: 'v1';
  kind: 'Event';
  metadata: ObjectMeta;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  involvedObject: {
    apiVersion: string;
    kind: string;
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
  };
  source: { component: string; host?: string };
  reportingComponent: string;
  reportingInstance: string;
  firstTimestamp: string;
  lastTimestamp: string;
  count: number;
};

export const ConfigMap = z.looseObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('ConfigMap'),
  metadata: ObjectMeta,
  data: Texts.default({}),
});
export type ConfigMap = z.infer<typeof ConfigMap>;

export type Namespace = {
  apiVersion: 'v1';
  kind: 'Namespace';
  metadata: ObjectMeta;
  status: { phase: 'Active' };
};
export const Node = z.looseObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Node'),
  metadata: ObjectMeta,
  spec: z.looseObject({ providerID: z.string(), unschedulable: z.boolean().optional() }),
  status: z.looseObject({
    capacity: Texts,
    allocatable: Texts,
    conditions: z.array(Condition),
    addresses: z.array(z.looseObject({ type: z.string(), address: z.string() })).optional(),
    nodeInfo: Texts,
  }),
});
export type Node = z.infer<typeof Node>;

export type Objects = {
  Deployment: Deployment;
  ReplicaSet: ReplicaSet;
  Pod: Pod;
  Event: KubernetesEvent;
  ConfigMap: ConfigMap;
  Namespace: Namespace;
  Node: Node;
  StatefulSet: StatefulSet;
  DaemonSet: DaemonSet;
  ControllerRevision: ControllerRevision;
  Job: Job;
  CronJob: CronJob;
  HorizontalPodAutoscaler: HorizontalPodAutoscaler;
  PodDisruptionBudget: PodDisruptionBudget;
  Service: Service;
  Ingress: Ingress;
  HTTPRoute: HTTPRoute;
  Secret: Secret;
  ServiceAccount: ServiceAccount;
  Role: Role;
  RoleBinding: RoleBinding;
  ClusterRole: ClusterRole;
  ClusterRoleBinding: ClusterRoleBinding;
};
export type Kind = keyof Objects;
export type KubernetesObject = Objects[Kind];
