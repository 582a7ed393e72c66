import { z } from 'zod';
import { Meta, PodTemplate } from './resources.ts';

/** What is read of objects around workloads: pods and nodes, jobs, budgets, autoscalers, and what leads traffic. */
const Conditions = z
  .array(z.object({ type: z.string(), status: z.string() }))
  .nullish()
  .transform((conditions) => conditions ?? []);
const Texts = z.record(z.string(), z.string());

export const Pod = z.object({
  metadata: Meta.extend({ deletionTimestamp: z.string().nullish() }),
  spec: z.looseObject({
    nodeName: z.string().nullish(),
    containers: z.array(z.looseObject({ image: z.string().default('') })).default([]),
    volumes: z
      .array(z.looseObject({ emptyDir: z.unknown().optional() }))
      .nullish()
      .transform((volumes) => volumes ?? []),
  }),
  status: z.object({ phase: z.string().default(''), conditions: Conditions }).prefault({}),
});
export type Pod = z.infer<typeof Pod>;

/** Whether a pod takes requests. */
export const isReady = ({ metadata, status }: Pod): boolean =>
  !metadata.deletionTimestamp &&
  status.conditions.some(({ type, status: holds }) => type === 'Ready' && holds === 'True');

export const Node = z.object({
  metadata: Meta,
  spec: z.object({ unschedulable: z.boolean().default(false) }).prefault({}),
  status: z.object({ conditions: Conditions }).prefault({}),
});

export const CronJob = z.object({
  metadata: Meta,
  spec: z.object({
    schedule: z.string(),
    suspend: z.boolean().nullish().transform(Boolean),
    jobTemplate: z.object({ spec: z.object({ template: PodTemplate }) }),
  }),
  status: z.object({ active: z.array(z.unknown()).nullish() }).prefault({}),
});

export const Job = z.object({
  metadata: Meta,
  spec: z.object({ template: PodTemplate }),
  status: z
    .object({ startTime: z.string().nullish(), completionTime: z.string().nullish(), conditions: Conditions })
    .prefault({}),
});
export type Job = z.infer<typeof Job>;

export const Selector = z.object({
  matchLabels: Texts.nullish().transform((labels) => labels ?? {}),
  matchExpressions: z
    .array(
      z.object({
        key: z.string(),
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: z
          .array(z.string())
          .nullish()
          .transform((values) => values ?? []),
      }),
    )
    .nullish()
    .transform((expressions) => expressions ?? []),
});
export type Selector = z.infer<typeof Selector>;

/** Label selectors as `policy/v1` reads them: one that asks for nothing selects everything. */
export const selects = (
  { matchLabels, matchExpressions }: Selector,
  labels: Record<string, string>,
): boolean =>
  Object.entries(matchLabels).every(([key, value]) => hasValue(labels, key, [value])) &&
  matchExpressions.every((expression) => holds(expression, labels));

function holds(
  { key, operator, values }: Selector['matchExpressions'][number],
  labels: Record<string, string>,
): boolean {
  switch (operator) {
    case 'In':
      return hasValue(labels, key, values);
    case 'NotIn':
      return !hasValue(labels, key, values);
    case 'Exists':
      return Object.hasOwn(labels, key);
    case 'DoesNotExist':
      return !Object.hasOwn(labels, key);
  }
}

const hasValue = (labels: Record<string, string>, key: string, values: readonly string[]) =>
  Object.hasOwn(labels, key) && values.includes(labels[key] ?? '');

export const DisruptionBudget = z.object({
  metadata: Meta,
  /** Without a selector it covers nothing. */
  spec: z.object({ selector: Selector.nullish() }),
  status: z.object({ disruptionsAllowed: z.number().int().default(0) }).prefault({}),
});
export type DisruptionBudget = z.infer<typeof DisruptionBudget>;

export const Autoscaler = z.object({
  metadata: Meta,
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
    minReplicas: z.number().int().default(1),
    maxReplicas: z.number().int(),
  }),
});

export const Service = z.object({
  metadata: Meta,
  spec: z.object({ selector: Texts.nullish().transform((selector) => selector ?? {}) }).prefault({}),
});

/** gateway.networking.k8s.io/v1; a weight that is left out is 1. */
export const HttpRoute = z.object({
  metadata: Meta,
  spec: z.object({
    hostnames: z
      .array(z.string())
      .nullish()
      .transform((hostnames) => hostnames ?? []),
    rules: z
      .array(
        z.object({
          backendRefs: z
            .array(z.object({ name: z.string(), weight: z.number().int().min(0).default(1) }))
            .nullish()
            .transform((backends) => backends ?? []),
        }),
      )
      .nullish()
      .transform((rules) => rules ?? []),
  }),
});
