import { z } from 'zod';
import { deliveryOf } from '../delivery.ts';
import { OwnedMeta } from '../field-writer.ts';
import { troubleSignal } from '../trouble.ts';
import { type Delivery, objectChange, serviceIn } from './object-change.ts';
import { type Seen, timeIn, type WatchedKind } from './watched-kind.ts';

const WatchedJob = z.object({
  metadata: OwnedMeta,
  status: z
    .object({
      startTime: z.string().nullish(),
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            reason: z.string().nullish(),
            message: z.string().nullish(),
            lastTransitionTime: z.string().nullish(),
          }),
        )
        .nullish(),
    })
    .prefault({}),
});
type WatchedJob = z.infer<typeof WatchedJob>;

type Facts = {
  namespace: string;
  name: string;
  version: string;
  service: string | null;
  /** Started by a schedule, as always: no change by itself. */
  isScheduled: boolean;
  startedMs: number;
  failure: { atMs: number | null; because: string } | null;
  delivery: Delivery | null;
};

/** Jobs that somebody starts, such as a migration, and Jobs that fail. */
export const jobs: WatchedKind<WatchedJob, Facts> = {
  title: 'jobs',
  path: '/apis/batch/v1/jobs',
  schema: WatchedJob,

  factsOf({ metadata, status }) {
    const failed = status.conditions?.find(
      ({ type, status: holds }) => type === 'Failed' && holds === 'True',
    );
    return {
      namespace: metadata.namespace,
      name: metadata.name,
      version: metadata.resourceVersion ?? '',
      service: serviceIn(metadata),
      isScheduled: metadata.ownerReferences.some(({ kind }) => kind === 'CronJob'),
      startedMs: timeIn(status.startTime) ?? Date.parse(metadata.creationTimestamp),
      failure: failed
        ? { atMs: timeIn(failed.lastTransitionTime), because: failed.message ?? failed.reason ?? '' }
        : null,
      delivery: deliveryOf(metadata),
    };
  },

  between(before, after, seen) {
    if (after === null) return [];
    return [
      ...(before === null && !after.isScheduled ? [started(after, seen)] : []),
      ...(after.failure && !before?.failure ? [failed(after, seen)] : []),
    ];
  },

  past(facts, seen) {
    const isRecent = (atMs: number | null) => atMs !== null && seen.nowMs - atMs < 86_400_000;
    return [
      ...(!facts.isScheduled && isRecent(facts.startedMs) ? [started(facts, seen)] : []),
      ...(facts.failure && isRecent(facts.failure.atMs) ? [failed(facts, seen)] : []),
    ];
  },
};

const started = (facts: Facts, seen: Seen) =>
  objectChange(
    {
      change: 'infrastructure',
      subject: { kind: 'Job', namespace: facts.namespace, name: facts.name },
      service: facts.service,
      title: `Job ${facts.name} started`,
      writer: { by: 'job-controller', atMs: facts.startedMs },
      version: facts.version,
      delivery: facts.delivery,
    },
    seen,
  );

const failed = (facts: Facts, { nowMs, source }: Seen) =>
  troubleSignal({
    namespace: facts.namespace,
    object: `Job/${facts.name}`,
    service: facts.service,
    reason: 'JobFailed',
    trouble: null,
    title: `Job ${facts.name} failed${facts.failure?.because ? `: ${facts.failure.because}` : ''}`,
    atMs: facts.failure?.atMs ?? nowMs,
    source,
  });
