import { z } from 'zod';
import type { Observation } from '../../../../shared/vocabulary/event.ts';
import { workloadOf } from '../pod-owner.ts';
import { Meta } from '../resources.ts';
import { type Trouble, troubleOfWaiting, troubleSignal } from '../trouble.ts';
import { type Seen, timeIn, type WatchedKind } from './watched-kind.ts';

const Terminated = z.object({
  reason: z.string().default(''),
  exitCode: z.number().default(0),
  finishedAt: z.string().nullish(),
});
const State = z
  .object({
    waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).nullish(),
    terminated: Terminated.nullish(),
  })
  .nullish();
const WatchedPod = z.object({
  metadata: Meta,
  status: z
    .object({
      phase: z.string().default(''),
      reason: z.string().default(''),
      message: z.string().default(''),
      startTime: z.string().nullish(),
      conditions: z.array(z.object({ type: z.string(), lastTransitionTime: z.string().nullish() })).nullish(),
      containerStatuses: z.array(z.object({ name: z.string(), state: State, lastState: State })).nullish(),
      initContainerStatuses: z
        .array(z.object({ name: z.string(), state: State, lastState: State }))
        .nullish(),
    })
    .prefault({}),
});
type WatchedPod = z.infer<typeof WatchedPod>;

/** One thing that is wrong with a pod; `id` is the same as long as it is the same occurrence. */
type Ill = { id: string; trouble: Trouble; reason: string; title: string; atMs: number | null };
type Facts = { namespace: string; name: string; service: string; ills: Ill[] };

/**
 * What pods say is wrong with them: killed for memory, restarting again and again, without an image, evicted. Events tell the
 * same for an hour, and of a kill for memory they name the node alone.
 */
export const pods: WatchedKind<WatchedPod, Facts> = {
  title: 'pods',
  path: '/api/v1/pods',
  schema: WatchedPod,

  factsOf(pod) {
    const { name, namespace } = pod.metadata;
    const controller = workloadOf({ metadata: pod.metadata });
    return { namespace, name, service: controller?.workload ?? name, ills: illsOf(pod) };
  },

  between(before, after, seen) {
    if (after === null) return [];
    const known = new Set(before?.ills.map(({ id }) => id));
    return after.ills.filter(({ id }) => !known.has(id)).map((ill) => told(after, ill, seen));
  },

  past: (facts, seen) =>
    facts.ills
      .filter(({ atMs }) => atMs !== null && seen.nowMs - atMs < 86_400_000)
      .map((ill) => told(facts, ill, seen)),
};

const told = ({ namespace, name, service }: Facts, ill: Ill, { nowMs, source }: Seen): Observation =>
  troubleSignal({
    namespace,
    object: `Pod/${name}`,
    service,
    reason: ill.reason,
    trouble: ill.trouble,
    title: ill.title,
    atMs: ill.atMs ?? nowMs,
    source,
  });

function illsOf({ metadata, status }: WatchedPod): Ill[] {
  const containers = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  const ills = containers.flatMap(({ name, state, lastState }): Ill[] => {
    const ended = [state?.terminated, lastState?.terminated].flatMap((one) => one ?? []);
    const endedMs = timeIn(ended[0]?.finishedAt);
    const kills = ended
      .filter(({ reason }) => reason === 'OOMKilled')
      .map(
        ({ finishedAt, exitCode }): Ill => ({
          id: `oom ${name} ${finishedAt ?? ''}`,
          trouble: 'oom-kill',
          reason: 'OOMKilled',
          title: `OOMKilled: container ${name} of ${metadata.name} went over its memory limit and was killed (exit ${exitCode})`,
          atMs: timeIn(finishedAt),
        }),
      );
    const waiting = state?.waiting;
    const trouble = waiting ? troubleOfWaiting(waiting.reason) : null;
    if (!waiting || trouble === null) return kills;
    const why = waiting.message.split('\n')[0] || `container ${name} of ${metadata.name}`;
    return [
      ...kills,
      {
        id: `${trouble} ${name}`,
        trouble,
        reason: waiting.reason,
        title: `${waiting.reason}: ${why}`,
        atMs: endedMs,
      },
    ];
  });
  if (status.phase !== 'Failed' || status.reason !== 'Evicted') return ills;
  const since = status.conditions?.find(({ type }) => type === 'DisruptionTarget')?.lastTransitionTime;
  const title = `Evicted: ${status.message.split('\n')[0] || metadata.name}`;
  return [...ills, { id: 'evicted', trouble: 'eviction', reason: 'Evicted', title, atMs: timeIn(since) }];
}
