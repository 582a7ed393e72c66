import { z } from 'zod';
import { type Condition, IntOrPercent, ObjectMeta, PodTemplate, Selector } from './meta.ts';

/** Workloads other than Deployments: what the API server lets a client write of them, and what controllers keep. */

export const StatefulSet = z.looseObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('StatefulSet'),
  metadata: ObjectMeta,
  spec: z.looseObject({
    replicas: z.number().int().default(1),
    serviceName: z.string(),
    selector: Selector,
    updateStrategy: z.looseObject({
      type: z.enum(['RollingUpdate', 'OnDelete']),
      rollingUpdate: z.looseObject({ partition: z.number().int().nonnegative().optional() }).optional(),
    }),
    template: PodTemplate,
  }),
  status: z.looseObject({
    observedGeneration: z.number().optional(),
    replicas: z.number().default(0),
    readyReplicas: z.number().optional(),
    availableReplicas: z.number().optional(),
    currentReplicas: z.number().optional(),
    updatedReplicas: z.number().optional(),
    currentRevision: z.string().optional(),
    updateRevision: z.string().optional(),
  }),
});
export type StatefulSet = z.infer<typeof StatefulSet>;

export const DaemonSet = z.looseObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('DaemonSet'),
  metadata: ObjectMeta,
  spec: z.looseObject({
    selector: Selector,
    updateStrategy: z.looseObject({
      type: z.enum(['RollingUpdate', 'OnDelete']),
      rollingUpdate: z.looseObject({ maxUnavailable: IntOrPercent.optional() }).optional(),
    }),
    template: PodTemplate,
  }),
  status: z.looseObject({
    observedGeneration: z.number().optional(),
    desiredNumberScheduled: z.number().default(0),
    currentNumberScheduled: z.number().default(0),
    numberReady: z.number().default(0),
    numberMisscheduled: z.number().default(0),
    updatedNumberScheduled: z.number().optional(),
    numberAvailable: z.number().optional(),
    numberUnavailable: z.number().optional(),
  }),
});
export type DaemonSet = z.infer<typeof DaemonSet>;

/** One template a StatefulSet or DaemonSet has had: what `kubectl rollout undo` goes back to. */
export type ControllerRevision = {
  apiVersion: 'apps/v1';
  kind: 'ControllerRevision';
  metadata: ObjectMeta;
  data: { spec: { template: PodTemplate & { $patch: 'replace' } } };
  revision: number;
};

const JobSpec = z.looseObject({
  parallelism: z.number().int().optional(),
  completions: z.number().int().optional(),
  backoffLimit: z.number().int().optional(),
  template: PodTemplate,
});

export type Job = {
  apiVersion: 'batch/v1';
  kind: 'Job';
  metadata: ObjectMeta;
  spec: z.infer<typeof JobSpec> & { selector: z.infer<typeof Selector> };
  status: {
    startTime?: string;
    completionTime?: string;
    active?: number;
    ready?: number;
    succeeded?: number;
    failed?: number;
    conditions?: Condition[];
  };
};

export const CronJob = z.looseObject({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('CronJob'),
  metadata: ObjectMeta,
  spec: z.looseObject({
    schedule: z.string(),
    suspend: z.boolean().default(false),
    concurrencyPolicy: z.enum(['Allow', 'Forbid', 'Replace']).default('Allow'),
    successfulJobsHistoryLimit: z.number().int().default(3),
    jobTemplate: z.looseObject({ spec: JobSpec }),
  }),
  status: z.looseObject({
    active: z.array(z.looseObject({ name: z.string() })).optional(),
    lastScheduleTime: z.string().optional(),
    lastSuccessfulTime: z.string().optional(),
  }),
});
export type CronJob = z.infer<typeof CronJob>;
