import { timeOf } from './event-observations.ts';
import { type CoreEvent, type Deployment, type ReplicaSet, revisionOf } from './resources.ts';

/** When a ReplicaSet came to be used again, in milliseconds; null when nothing tells. */
export type ReusedAt = (set: ReplicaSet, owner: { namespace: string; name: string }) => number | null;

/**
 * Dates roll-backs that nobody watched: by the first "Scaled up" Event, which lasts an hour, or by the Deployment's word
 * on when its last rollout was complete, which only its newest revision can claim. A ReplicaSet that was scaled up after
 * that was scaled and not rolled back to.
 */
export function reusedBy(events: readonly CoreEvent[], deployments: readonly Deployment[]): ReusedAt {
  const scaledUp = firstScaleUps(events);
  const byName = new Map(deployments.map((deployment) => [keyOf(deployment.metadata), deployment]));
  return (set, owner) => {
    const scaledMs = scaledUp.get(keyOf(set.metadata)) ?? null;
    const deployment = byName.get(keyOf(owner));
    if (!deployment || revisionOf(deployment) !== revisionOf(set)) return scaledMs;
    const completeMs = completedAt(deployment);
    if (scaledMs === null || completeMs === null) return scaledMs ?? completeMs;
    return Math.min(scaledMs, completeMs);
  };
}

function firstScaleUps(events: readonly CoreEvent[]): Map<string, number> {
  const first = new Map<string, number>();
  for (const event of events) {
    // Newer servers say "from 0 to 1", older ones "to 1".
    const name = /^Scaled up replica set (\S+) (?:from 0 )?to \d+/.exec(event.message)?.[1];
    if (event.reason !== 'ScalingReplicaSet' || name === undefined) continue;
    const key = keyOf({ namespace: event.metadata.namespace, name });
    first.set(key, Math.min(first.get(key) ?? Number.POSITIVE_INFINITY, timeOf(event)));
  }
  return first;
}

function completedAt({ status }: Deployment): number | null {
  const progressing = status.conditions?.find(({ type }) => type === 'Progressing');
  return progressing?.lastUpdateTime === undefined ? null : Date.parse(progressing.lastUpdateTime);
}

const keyOf = ({ namespace, name }: { namespace: string; name: string }) => `${namespace}/${name}`;
