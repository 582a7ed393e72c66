import { z } from 'zod';

/**
 * The parts of Kubernetes objects that are read. What is not named here stays in a pod template as it came, because a
 * template is written back whole: a field of a newer Kubernetes must survive a rollback.
 */
const Texts = z.record(z.string(), z.string());
const Time = z.iso.datetime({ offset: true });

const ManagedFields = z.object({
  manager: z.string().default(''),
  operation: z.string().default(''),
  time: z.string().nullish(),
  subresource: z.string().nullish(),
});

/** What every object says of itself. */
export const Meta = z.object({
  name: z.string().min(1),
  namespace: z.string().default(''),
  uid: z.string().min(1),
  resourceVersion: z.string().optional(),
  generation: z.number().int().default(0),
  creationTimestamp: Time,
  labels: Texts.nullish().transform((labels) => labels ?? {}),
  annotations: Texts.nullish().transform((annotations) => annotations ?? {}),
  ownerReferences: z
    .array(
      z.object({ kind: z.string(), name: z.string(), uid: z.string(), controller: z.boolean().optional() }),
    )
    .nullish()
    .transform((owners) => owners ?? []),
  managedFields: z
    .array(ManagedFields)
    .nullish()
    .transform((entries) => entries ?? []),
});
export type Meta = z.infer<typeof Meta>;

export const PodTemplate = z.looseObject({
  metadata: z
    .looseObject({ labels: Texts.nullish(), annotations: Texts.nullish() })
    .nullish()
    .transform((metadata) => metadata ?? {}),
  spec: z.looseObject({
    containers: z.array(z.looseObject({ name: z.string(), image: z.string().default('') })),
  }),
});
export type PodTemplate = z.infer<typeof PodTemplate>;

export const Deployment = z.object({
  metadata: Meta,
  spec: z.object({
    replicas: z.number().int().default(1),
    paused: z.boolean().default(false),
    template: PodTemplate,
  }),
  status: z
    .object({
      readyReplicas: z.number().int().optional(),
      updatedReplicas: z.number().int().optional(),
      conditions: z
        .array(z.object({ type: z.string(), reason: z.string().optional(), lastUpdateTime: Time.optional() }))
        .optional(),
    })
    .default({}),
});
export type Deployment = z.infer<typeof Deployment>;

export const ReplicaSet = z.object({ metadata: Meta, spec: z.object({ template: PodTemplate }) });
export type ReplicaSet = z.infer<typeof ReplicaSet>;

export const CoreEvent = z.object({
  metadata: Meta,
  type: z.string().default('Normal'),
  reason: z.string().default(''),
  message: z.string().default(''),
  involvedObject: z.object({
    kind: z.string().default(''),
    name: z.string().default(''),
    namespace: z.string().optional(),
  }),
  source: z.object({ component: z.string().optional() }).nullish(),
  reportingComponent: z.string().nullish(),
  firstTimestamp: Time.nullish(),
  lastTimestamp: Time.nullish(),
  eventTime: Time.nullish(),
});
export type CoreEvent = z.infer<typeof CoreEvent>;

export const Scale = z.object({
  metadata: z.object({ name: z.string(), uid: z.string().min(1), resourceVersion: z.string().optional() }),
  /** Zero is left out on the wire. */
  spec: z.object({ replicas: z.number().int().default(0) }).default({ replicas: 0 }),
});

/** What Deployments, StatefulSets and DaemonSets have in common. */
export const Workload = z.object({
  metadata: Meta,
  spec: z.object({
    replicas: z.number().int().nullish(),
    paused: z.boolean().default(false),
    template: PodTemplate,
    strategy: z.object({ type: z.string().optional() }).nullish(),
    updateStrategy: z.object({ type: z.string().optional() }).nullish(),
    volumeClaimTemplates: z.array(z.unknown()).nullish(),
  }),
  status: z
    .object({
      readyReplicas: z.number().int().optional(),
      desiredNumberScheduled: z.number().int().optional(),
    })
    .default({}),
});
export type Workload = z.infer<typeof Workload>;

export const ConfigMap = z.object({
  metadata: Meta,
  data: Texts.nullish().transform((data) => data ?? {}),
  immutable: z
    .boolean()
    .nullish()
    .transform((immutable) => immutable === true),
});
export type ConfigMap = z.infer<typeof ConfigMap>;

const Backend = z.object({ service: z.object({ name: z.string() }).nullish() });
export const Ingress = z.object({
  metadata: Meta,
  spec: z
    .object({
      rules: z
        .array(
          z.object({
            host: z
              .string()
              .nullish()
              .transform((host) => host ?? ''),
            http: z.object({ paths: z.array(z.object({ backend: Backend })) }).nullish(),
          }),
        )
        .nullish()
        .transform((rules) => rules ?? []),
      defaultBackend: Backend.nullish(),
    })
    .default({ rules: [] }),
});
export type Ingress = z.infer<typeof Ingress>;

export const annotationNames = {
  revision: 'deployment.kubernetes.io/revision',
  revisionHistory: 'deployment.kubernetes.io/revision-history',
  changeCause: 'kubernetes.io/change-cause',
  change: 'countersign.dev/change',
  service: 'countersign.dev/service',
  flag: 'countersign.dev/flag',
  actor: 'countersign.dev/actor',
  field: 'countersign.dev/field',
  before: 'countersign.dev/before',
  after: 'countersign.dev/after',
  object: 'countersign.dev/object',
} as const;

/** The revision of a Deployment or of one of its ReplicaSets; 0 before a controller has given one. */
export const revisionOf = ({ metadata }: { metadata: { annotations: Record<string, string> } }): number => {
  const revision = Number(metadata.annotations[annotationNames.revision]);
  return Number.isSafeInteger(revision) && revision > 0 ? revision : 0;
};

/** What rolls out the templates that such an object keeps, if anything. */
export const workloadOwning = ({ metadata }: ReplicaSet) =>
  metadata.ownerReferences.find(
    ({ kind, controller }) => /^(Deployment|StatefulSet|DaemonSet)$/.test(kind) && controller !== false,
  );

/** The Deployment that a ReplicaSet belongs to, if any. */
export const deploymentOwning = ({ metadata }: ReplicaSet) =>
  metadata.ownerReferences.find(({ kind, controller }) => kind === 'Deployment' && controller !== false);
