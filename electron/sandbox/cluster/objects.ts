import { z } from 'zod';

/**
 * The Kubernetes objects a sandbox cluster holds, in the shape of the API (Kubernetes API reference, v1.32): the store
 * keeps what the wire carries, so nothing is lost between the two. Objects are never changed in place.
 */
const Texts = z.record(z.string(), z.string());

const OwnerReference = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: z.boolean().optional(),
  blockOwnerDeletion: z.boolean().optional(),
});

export const ManagedFields = z.looseObject({
  manager: z.string(),
  operation: z.enum(['Apply', 'Update']),
  apiVersion: z.string(),
  time: z.string(),
  fieldsType: z.literal('FieldsV1'),
  fieldsV1: z.record(z.string(), z.unknown()),
});
export type ManagedFields = z.infer<typeof ManagedFields>;

export const ObjectMeta = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string(),
  resourceVersion: z.string(),
  generation: z.number().optional(),
  creationTimestamp: z.string(),
  labels: Texts.optional(),
  annotations: Texts.optional(),
  ownerReferences: z.array(OwnerReference).optional(),
  managedFields: z.array(ManagedFields).optional(),
});
export type ObjectMeta = z.infer<typeof ObjectMeta>;

const EnvironmentVariable = z.looseObject({ name: z.string().min(1), value: z.string().optional() });

export const Container = z.looseObject({
  name: z.string().min(1),
  image: z.string().min(1, { error: 'Required value' }),
  env: z.array(EnvironmentVariable).optional(),
  resources: z.looseObject({ limits: Texts.optional(), requests: Texts.optional() }).optional(),
});
export type Container = z.infer<typeof Container>;

export const PodTemplate = z.looseObject({
  metadata: z.looseObject({ labels: Texts.optional(), annotations: Texts.optional() }),
  spec: z.looseObject({ containers: z.array(Container).min(1, { error: 'Required value' }) }),
});
export type PodTemplate = z.infer<typeof PodTemplate>;

const Selector = z.looseObject({ matchLabels: Texts });

const IntOrPercent = z.union([z.number().int().nonnegative(), z.string().regex(/^\d+%$/)]);

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

const Condition = z.looseObject({ type: z.string(), status: z.string() });

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

export type Pod = {
  apiVersion: 'v1';
  kind: 'Pod';
  metadata: ObjectMeta;
  spec: PodTemplate['spec'] & { nodeName: string };
  status: {
    phase: 'Pending' | 'Running';
    startTime: string;
    podIP?: string;
    conditions: { type: string; status: 'True' | 'False'; lastTransitionTime: string; reason?: string }[];
    containerStatuses: {
      name: string;
      image: string;
      imageID: string;
      ready: boolean;
      started: boolean;
      restartCount: number;
      state: Record<string, Record<string, string>>;
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

export type ConfigMap = {
  apiVersion: 'v1';
  kind: 'ConfigMap';
  metadata: ObjectMeta;
  data: Record<string, string>;
};
export type Namespace = {
  apiVersion: 'v1';
  kind: 'Namespace';
  metadata: ObjectMeta;
  status: { phase: 'Active' };
};
export type Node = {
  apiVersion: 'v1';
  kind: 'Node';
  metadata: ObjectMeta;
  spec: { providerID: string };
  status: {
    capacity: Record<string, string>;
    allocatable: Record<string, string>;
    conditions: { type: string; status: string; reason: string; lastTransitionTime: string }[];
    nodeInfo: Record<string, string>;
  };
};

export type Objects = {
  Deployment: Deployment;
  ReplicaSet: ReplicaSet;
  Pod: Pod;
  Event: KubernetesEvent;
  ConfigMap: ConfigMap;
  Namespace: Namespace;
  Node: Node;
};
export type Kind = keyof Objects;
export type KubernetesObject = Objects[Kind];

/** The API knows seconds only (RFC 3339, as metav1.Time writes it). */
export const timestamp = (atMs: number): string =>
  `${new Date(Math.floor(atMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
