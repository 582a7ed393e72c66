import { Refused } from '../../platform/http-reply.ts';
import type { Pause } from '../../platform/pause.ts';
import type { SourceFact } from '../delivered.ts';
import type { ChangeSource } from '../source.ts';
import { asSent } from './as-sent.ts';
import type { ClusterApi } from './cluster-api.ts';
import { combinedState, type PartState } from './combined-state.ts';
import { asReplicaSet, ControllerRevision } from './controller-revisions.ts';
import { hiddenAnnotations, observationOf } from './event-observations.ts';
import { follow } from './follow.ts';
import { followRollouts } from './follow-rollouts.ts';
import { journal } from './journal.ts';
import { CoreEvent, Deployment, ReplicaSet } from './resources.ts';
import { reusedBy } from './reused-at.ts';
import { rolloutsOf } from './rollouts.ts';
import { sentObject } from './sent-object.ts';
import { settling } from './settling.ts';
import { isTold, type ToldByEvent, toldByEvent } from './told-by-event.ts';
import { watchedKinds } from './watched/watched-kinds.ts';
import type { Watching } from './watched/watching.ts';

const paths = {
  deployments: '/apis/apps/v1/deployments',
  replicaSets: '/apis/apps/v1/replicasets',
  revisions: '/apis/apps/v1/controllerrevisions',
  events: '/api/v1/events',
};

const dayMs = 86_400_000;
/** What happened just before the stream began is delivered too: between a backfill and the stream nothing may be lost. */
const overlapMs = 300_000;

/**
 * Changes and warnings of a cluster: rollouts out of the templates it keeps, what its Events tell, and what happens to its
 * objects. It only reads. Without rollouts and Events it is down; whatever else it may not see it does without, and says so.
 */
export function changeSource({
  api,
  source,
  now,
  random,
  pause,
  maySeeValues,
  watchesNodes,
}: {
  api: ClusterApi;
  source: string;
  now: () => number;
  random: () => number;
  pause?: Pause | undefined;
  /** Whether values of ConfigMaps of a namespace may be shown; their keys are, and that they changed. */
  maySeeValues: (namespace: string) => boolean;
  /** Nodes are in no namespace: credentials for some namespaces do not see them. */
  watchesNodes: boolean;
}): ChangeSource {
  const kinds = watchedKinds(maySeeValues).filter(({ title }) => watchesNodes || title !== 'nodes');
  const seen = journal({ keptMs: dayMs, most: 20_000 });
  /** Kinds of which the journal holds everything since, and what was rebuilt of the day before. */
  const listed = new Set<string>();
  let waiting = (): SourceFact[] => [];

  /** What the objects show: as it was watched where it was, else rebuilt. */
  async function shownBy(kind: Watching, signal: AbortSignal): Promise<SourceFact[]> {
    if (listed.has(kind.path)) return [];
    return seenOr(async () => (await kind.past(api, { nowMs: now(), source }, signal)).map(rebuilt), []);
  }

  return {
    async backfill({ fromMs, toMs }, signal) {
      const [sets, revisions, events, deployments, ...shown] = await Promise.all([
        api.list(ReplicaSet, paths.replicaSets, signal),
        seenOr(async () => (await api.list(ControllerRevision, paths.revisions, signal)).items, []),
        api.list(
          asSent(CoreEvent, (event, object) => ({ event, told: toldOf(event, source, object) })),
          paths.events,
          signal,
        ),
        api.list(Deployment, paths.deployments, signal),
        ...kinds.map((kind) => shownBy(kind, signal)),
      ]);
      const reusedAt = reusedBy(
        events.items.map(({ event }) => event),
        deployments.items,
      );
      const templates = [...sets.items, ...revisions.flatMap((item) => asReplicaSet(item) ?? [])];
      const told = events.items.flatMap((one) => one.told ?? []);
      const by = told.flatMap((one) => one.by ?? []);
      const found: SourceFact[] = [
        ...[
          ...rolloutsOf(templates, { source, reusedAt }),
          ...told.map(({ observation }) => observation),
        ].map(rebuilt),
        ...[...seen.all(), ...waiting(), ...shown.flat()].filter((one) => !isTold(one, by)),
      ];
      const earliestMs = Math.max(fromMs, toMs - dayMs);
      return onceEach(found.filter(({ atMs }) => atMs >= earliestMs && atMs <= toMs)).sort(byTime);
    },

    stream({ onObservations, onState }) {
      const closing = new AbortController();
      const { signal } = closing;
      const sinceMs = now() - overlapMs;
      const isNew = unseen(50_000);
      const tellState = combinedState(kinds.length + 3, onState);
      const deliver = (found: readonly SourceFact[]) => {
        const fresh = found.filter(({ key }) => isNew(key));
        if (fresh.length > 0 && !signal.aborted) onObservations(fresh.sort(byTime));
      };
      /** History is for a backfill to tell, and stays untold when the same object is sent again. */
      const deliverPast = (found: readonly SourceFact[]) => {
        for (const { key } of found.filter(({ atMs }) => atMs < sinceMs)) isNew(key);
        deliver(found.filter(({ atMs }) => atMs >= sinceMs).map(rebuilt));
      };
      let hearsEvents = false;
      const settle = settling({
        hearsEvents: () => hearsEvents,
        onSettled(found) {
          seen.add(found, now());
          deliver(found.filter((one) => !one.reconstructed || one.atMs >= sinceMs));
        },
      });
      waiting = settle.waiting;

      const part = (title: string) => ({
        api,
        random,
        pause,
        onState: (state: PartState) => tellState(title, state),
      });
      const optional = (title: string) => ({
        ...part(title),
        onUnseen: (because: string) => tellState(title, { unseen: because }),
      });
      const rollouts = { source, now, onPast: deliverPast, onHappened: deliver };
      void followRollouts(
        { path: paths.replicaSets, schema: ReplicaSet, templateOf: (set) => set },
        { ...part('rollouts'), ...rollouts },
        signal,
      );
      void followRollouts(
        { path: paths.revisions, schema: ControllerRevision, templateOf: asReplicaSet },
        { ...optional('rollouts of stateful and daemon sets'), ...rollouts },
        signal,
      );
      void followEvents(
        {
          ...part('events'),
          onState(state: PartState) {
            hearsEvents = 'up' in state && state.up;
            tellState('events', state);
          },
          onPast(told) {
            settle.tell(told.flatMap(({ by }) => by ?? []));
            deliverPast(told.map(({ observation }) => observation));
          },
          onHappened(told) {
            settle.tell(told.flatMap(({ by }) => by ?? []));
            deliver(told.map(({ observation }) => observation));
          },
          source,
        },
        signal,
      );
      for (const kind of kinds) {
        void kind.follow(
          {
            ...optional(kind.title),
            seen: () => ({ nowMs: now(), source }),
            onPast(found) {
              settle.hold(found.map(rebuilt));
              listed.add(kind.path);
            },
            onHappened: (found) => settle.hold(found),
          },
          signal,
        );
      }
      return () => {
        closing.abort();
        settle.close();
        listed.clear();
        waiting = () => [];
      };
    },
  };
}

type EventPorts = Pick<Parameters<typeof follow>[0], 'api' | 'random' | 'pause'> & {
  source: string;
  onState(state: PartState): void;
  onPast(told: Told[]): void;
  onHappened(told: Told[]): void;
};

function followEvents(
  { source, onPast, onHappened, ...rest }: EventPorts,
  signal: AbortSignal,
): Promise<void> {
  let isFirst = true;
  return follow<CoreEvent, Told | null>(
    {
      ...rest,
      path: paths.events,
      schema: CoreEvent,
      listed: asSent(CoreEvent, (event, object) => toldOf(event, source, object)),
      onList(items) {
        const told = items.flatMap((one) => one ?? []);
        if (isFirst) onPast(told);
        else onHappened(told);
        isFirst = false;
      },
      onChange(type, event, object) {
        const told = type === 'DELETED' ? null : toldOf(event, source, object);
        if (told !== null) onHappened([told]);
      },
    },
    signal,
  );
}

type Told = { observation: SourceFact; by: ToldByEvent | null };

/** With the Event as it was sent, put into words where the fact is kept; null for one that tells nothing. */
function toldOf(event: CoreEvent, source: string, object: unknown): Told | null {
  const observation = observationOf(event, source);
  if (observation === null) return null;
  const raw = () => sentObject(object, { withoutAnnotations: hiddenAnnotations(event) });
  return { observation: { ...observation, raw }, by: toldByEvent(observation, event) };
}

/** What the server gives, or the other where it does not serve it or these credentials may not see it. */
async function seenOr<T>(read: () => Promise<T>, other: T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Refused && (error.status === 403 || error.status === 404)) return other;
    throw error;
  }
}

const rebuilt = (observation: SourceFact): SourceFact => ({ ...observation, reconstructed: true });

const byTime = (a: SourceFact, b: SourceFact) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1);

function onceEach(observations: readonly SourceFact[]): SourceFact[] {
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
