import type { Observation } from '../../../shared/vocabulary/event.ts';
import type { ChangeSource } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';
import { observationOf } from './event-observations.ts';
import { follow } from './follow.ts';
import { CoreEvent, Deployment, deploymentOwning, ReplicaSet } from './resources.ts';
import { reusedBy } from './reused-at.ts';
import { rolloutsOf } from './rollouts.ts';

const paths = {
  deployments: '/apis/apps/v1/deployments',
  replicaSets: '/apis/apps/v1/replicasets',
  events: '/api/v1/events',
};

const dayMs = 86_400_000;
/** What happened just before the stream began is delivered too: between a backfill and the stream nothing may be lost. */
const overlapMs = 300_000;

/** Changes and warnings of a cluster, out of ReplicaSets and Events. It only reads. */
export function changeSource({
  api,
  source,
  now,
  random,
}: {
  api: ClusterApi;
  source: string;
  now: () => number;
  random: () => number;
}): ChangeSource {
  return {
    async backfill({ fromMs, toMs }, signal) {
      const [sets, events, deployments] = await Promise.all([
        api.list(ReplicaSet, paths.replicaSets, signal),
        api.list(CoreEvent, paths.events, signal),
        api.list(Deployment, paths.deployments, signal),
      ]);
      const reusedAt = reusedBy(events.items, deployments.items);
      const found: Observation[] = [
        ...rolloutsOf(sets.items, { source, reusedAt }),
        ...events.items.flatMap((event) => observationOf(event, source) ?? []),
      ];
      const earliestMs = Math.max(fromMs, toMs - dayMs);
      return onceEach(found.filter(({ atMs }) => atMs >= earliestMs && atMs <= toMs)).sort(byTime);
    },

    stream({ onObservations, onState }) {
      const closing = new AbortController();
      const sinceMs = now() - overlapMs;
      const isNew = unseen(50_000);
      const tellState = combined(2, onState);
      const deliver = (found: Observation[], earliestMs: number) => {
        const fresh = found.filter(({ key }) => isNew(key)).filter(({ atMs }) => atMs >= earliestMs);
        if (fresh.length > 0 && !closing.signal.aborted) onObservations(fresh.sort(byTime));
      };
      const common = { api, random, source, now, sinceMs, deliver };
      void followRollouts({ ...common, onState: (state) => tellState('rollouts', state) }, closing.signal);
      void followEvents({ ...common, onState: (state) => tellState('events', state) }, closing.signal);
      return () => closing.abort();
    },
  };
}

type Stream = {
  api: ClusterApi;
  source: string;
  now: () => number;
  random: () => number;
  /** What the first list holds from before is history, which a backfill tells. */
  sinceMs: number;
  /** Passes on what has not been passed on before and is not older than `earliestMs`. */
  deliver(found: Observation[], earliestMs: number): void;
  onState(state: State): void;
};

function followRollouts(
  { source, now, sinceMs, deliver, ...rest }: Stream,
  signal: AbortSignal,
): Promise<void> {
  const sets = new Map<string, ReplicaSet>();
  let isFirst = true;
  return follow(
    {
      ...rest,
      path: paths.replicaSets,
      schema: ReplicaSet,
      onList(items) {
        sets.clear();
        for (const set of items) sets.set(set.metadata.uid, set);
        // Re-used by the time of the first list is long ago; in a later list it happened while nobody watched.
        const reusedMs = isFirst ? 0 : now();
        deliver(rolloutsOf(items, { source, reusedAt: () => reusedMs }), isFirst ? sinceMs : 0);
        isFirst = false;
      },
      onChange(type, set) {
        if (type === 'DELETED') {
          sets.delete(set.metadata.uid);
          return;
        }
        sets.set(set.metadata.uid, set);
        deliver(rolloutsOf(familyOf(set, sets), { source, reusedAt: now }), 0);
      },
    },
    signal,
  );
}

function followEvents({ source, sinceMs, deliver, ...rest }: Stream, signal: AbortSignal): Promise<void> {
  let isFirst = true;
  const observed = (events: readonly CoreEvent[]) =>
    events.flatMap((event) => observationOf(event, source) ?? []);
  return follow(
    {
      ...rest,
      path: paths.events,
      schema: CoreEvent,
      onList(items) {
        deliver(observed(items), isFirst ? sinceMs : 0);
        isFirst = false;
      },
      onChange(type, event) {
        if (type !== 'DELETED') deliver(observed([event]), 0);
      },
    },
    signal,
  );
}

/** The ReplicaSets of the same Deployment. */
function familyOf(set: ReplicaSet, sets: ReadonlyMap<string, ReplicaSet>): ReplicaSet[] {
  const owner = deploymentOwning(set)?.uid;
  return [...sets.values()].filter((other) => deploymentOwning(other)?.uid === owner);
}

const byTime = (a: Observation, b: Observation) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1);

function onceEach(observations: readonly Observation[]): Observation[] {
  const isNew = unseen(Number.POSITIVE_INFINITY);
  return observations.filter(({ key }) => isNew(key));
}

/** Whether a key comes for the first time; the oldest keys are forgotten beyond `most`. */
function unseen(most: number): (key: string) => boolean {
  const seen = new Set<string>();
  return (key) => {
    if (seen.has(key)) return false;
    seen.add(key);
    const oldest = seen.values().next().value;
    if (seen.size > most && oldest !== undefined) seen.delete(oldest);
    return true;
  };
}

type State = { up: true } | { up: false; because: string };

/** Several watches as one state: down as soon as one is down, up once all are, and each told once. */
function combined(parts: number, tell: (state: State) => void): (part: string, state: State) => void {
  const states = new Map<string, State>();
  let told: boolean | null = null;
  return (part, state) => {
    states.set(part, state);
    const all = [...states.values()];
    const down = all.find(({ up }) => !up);
    const up = down === undefined;
    if (up === told || (up && all.length < parts)) return;
    told = up;
    tell(down ?? { up: true });
  };
}
