import { z } from 'zod';

/** What every kind of object has, and the pod template that all workloads share. */
export const Texts = z.record(z.string(), z.string());

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
  /** Until when the object has to be gone, once its deletion has begun. */
  deletionTimestamp: z.string().optional(),
  deletionGracePeriodSeconds: z.number().optional(),
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
  spec: z.looseObject({
    containers: z.array(Container).min(1, { error: 'Required value' }),
    terminationGracePeriodSeconds: z.number().int().nonnegative().optional(),
    readinessGates: z.array(z.looseObject({ conditionType: z.string().min(1) })).optional(),
  }),
});
export type PodTemplate = z.infer<typeof PodTemplate>;

export const Selector = z.looseObject({ matchLabels: Texts });

export const IntOrPercent = z.union([z.number().int().nonnegative(), z.string().regex(/^\d+%$/)]);

export const Condition = z.looseObject({ type: z.string(), status: z.string() });
export type Condition = z.infer<typeof Condition>;

let lastSecond = { second: Number.NaN, text: '' };

/** The API knows seconds only (RFC 3339, as metav1.Time writes it). Most are asked for many times in one step. */
export function timestamp(atMs: number): string {
  const second = Math.floor(atMs / 1000);
  if (lastSecond.second !== second)
    lastSecond = { second, text: `${new Date(second * 1000).toISOString().slice(0, 19)}Z` };
  return lastSecond.text;
}
