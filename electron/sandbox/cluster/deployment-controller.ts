import type { NodeAgents } from './node-agents.ts';
import type { ObjectStore } from './object-store.ts';
import { type Deployment, type Pod, type ReplicaSet, timestamp } from './objects.ts';
import { isReady, isTerminating, newPod, ownerReference } from './pods.ts';
import { postEvent } from './post-event.ts';
import { suffixOf, templateHash } from './template-hash.ts';
import { terminate } from './terminate.ts';

export const revisionAnnotation = 'deployment.kubernetes.io/revision';

/** Annotations that describe a rollout's mechanics are not copied from a Deployment to its ReplicaSet. */
const ownAnnotations = new Set([
  revisionAnnotation,
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
]);

type Which = { namespace?: string | undefined; name: string };

export type DeploymentController = {
  /** Brings ReplicaSets and pods one step nearer to what every Deployment asks for. */
  step(atMs: number): void;
  /** Nothing is left to do, and nothing about its pods has changed since. */
  isSettled(deployment: Deployment): boolean;
};

/**
 * The Deployment and ReplicaSet controllers in one, with the observable behaviour of the real ones: a new template makes
 * a new ReplicaSet with the next revision, an old template gets its old ReplicaSet back under a new revision, pods are
 * replaced within `maxSurge` and `maxUnavailable`. Pods that are terminating count no more.
 */
export function deploymentController(options: {
  store: ObjectStore;
  seed: number;
  nodes: Pick<NodeAgents, 'place'>;
}): DeploymentController {
  const { store, seed, nodes } = options;
  /** Those with something left to do, by namespace and name. */
  const unsettled = new Map<string, Which>();
  const podsMade = new Map<string, number>();

  // Pods start, fail and go by themselves, though their Deployment is what it was.
  store.subscribe(({ kind, object }) => {
    if (kind === 'Deployment') mark(object.metadata);
    const owner = kind === 'Pod' ? object.metadata.ownerReferences?.[0] : undefined;
    if (owner?.kind !== 'ReplicaSet') return;
    const set = store.get('ReplicaSet', object.metadata.namespace, owner.name);
    const deployment = set?.metadata.ownerReferences?.[0]?.name;
    if (deployment !== undefined) mark({ namespace: set?.metadata.namespace, name: deployment });
  });

  return {
    step(atMs) {
      // In the order of a list, so that what happens does not depend on who was looked at before.
      for (const key of [...unsettled.keys()].sort()) {
        const which = unsettled.get(key);
        const deployment = which && store.get('Deployment', which.namespace, which.name);
        if (!deployment || reconcile(deployment, atMs)) unsettled.delete(key);
      }
    },
    isSettled: ({ metadata }) => !unsettled.has(keyOf(metadata)),
  };

  function mark({ namespace, name }: Which): void {
    unsettled.set(keyOf({ namespace, name }), { namespace, name });
  }

  /** True when nothing is left to do. */
  function reconcile(deployment: Deployment, atMs: number): boolean {
    const versionBefore = store.version();
    const current = currentReplicaSet(deployment, atMs);
    const sets = store.ownedBy('ReplicaSet', deployment.metadata.uid);
    if (current) roll(deployment, current, sets, atMs);
    for (const set of store.ownedBy('ReplicaSet', deployment.metadata.uid)) reportReplicaSet(set, atMs);
    const reported = reportDeployment(deployment, current, atMs);
    dropOldReplicaSets(reported, current);
    return store.version() === versionBefore;
  }

  function podsOf(set: ReplicaSet): Pod[] {
    return store.ownedBy('Pod', set.metadata.uid).filter((pod) => !isTerminating(pod));
  }

  /** A paused Deployment goes on scaling what runs, and starts no rollout. */
  function currentReplicaSet(deployment: Deployment, atMs: number): ReplicaSet | undefined {
    const sets = store.ownedBy('ReplicaSet', deployment.metadata.uid);
    const newest = Math.max(0, ...sets.map(revisionOf));
    const hash = templateHash(deployment.spec.template);
    const matching = sets.find((set) => set.metadata.labels?.['pod-template-hash'] === hash);
    if (deployment.spec.paused && (!matching || revisionOf(matching) !== newest)) {
      return sets.find((set) => revisionOf(set) === newest);
    }
    if (matching && revisionOf(matching) === newest) return matching;

    const annotations = {
      ...Object.fromEntries(
        Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => !ownAnnotations.has(name)),
      ),
      [revisionAnnotation]: String(newest + 1),
    };
    if (matching) {
      return store.put<'ReplicaSet'>({ ...matching, metadata: { ...matching.metadata, annotations } }, atMs);
    }
    return store.put<'ReplicaSet'>(newReplicaSet(deployment, hash, annotations), atMs);
  }

  function roll(deployment: Deployment, current: ReplicaSet, sets: ReplicaSet[], atMs: number): void {
    const desired = deployment.spec.replicas;
    const old = sets.filter((set) => set.metadata.uid !== current.metadata.uid);
    const oldPods = old.flatMap(podsOf);
    const newPods = podsOf(current);
    const { surge, unavailable } = limitsOf(deployment);

    // Whoever recreates waits until the last of the old pods is gone.
    const recreating =
      deployment.spec.strategy.type === 'Recreate' &&
      old.some((set) => store.ownedBy('Pod', set.metadata.uid).length > 0);
    const room = recreating ? 0 : Math.max(0, desired + surge - oldPods.length - newPods.length);
    const missing = desired - newPods.length;
    const create = oldPods.length === 0 && !recreating ? missing : Math.min(missing, room);
    if (create > 0) {
      // A pod that replaces one that was taken away is no change of scale.
      if (newPods.length + create !== current.spec.replicas || oldPods.length > 0)
        announceScale(deployment, current, newPods.length, newPods.length + create, atMs);
      for (let count = 0; count < create; count++) createPod(current, atMs);
    }

    const ready = [...oldPods, ...newPods].filter(isReady).length;
    const broken = oldPods.filter((pod) => !isReady(pod));
    const spare = recreating ? oldPods.length : Math.max(0, ready - (desired - unavailable));
    const working = oldPods.filter(isReady).sort(byName).slice(0, spare);
    deletePods(deployment, old, [...broken, ...working], atMs);
    if (missing < 0) {
      const surplus = [...newPods].sort(
        (one, other) => Number(isReady(one)) - Number(isReady(other)) || byName(other, one),
      );
      deletePods(deployment, [current], surplus.slice(0, -missing), atMs);
    }
  }

  function createPod(set: ReplicaSet, atMs: number): void {
    const ordinal = (podsMade.get(set.metadata.uid) ?? 0) + 1;
    podsMade.set(set.metadata.uid, ordinal);
    const name = `${set.metadata.name}-${suffixOf(`${seed}/${set.metadata.name}/${ordinal}`, 5)}`;
    store.put<'Pod'>(newPod(set, set.spec.template, name, nodes.place(name), atMs), atMs);
  }

  function deletePods(deployment: Deployment, sets: ReplicaSet[], pods: Pod[], atMs: number): void {
    for (const set of sets) {
      const leaving = pods.filter((pod) => pod.metadata.ownerReferences?.[0]?.uid === set.metadata.uid);
      if (leaving.length === 0) continue;
      const before = podsOf(set).length;
      announceScale(deployment, set, before, before - leaving.length, atMs);
      for (const pod of leaving) terminate(store, pod, atMs);
    }
  }

  function announceScale(
    deployment: Deployment,
    set: ReplicaSet,
    from: number,
    to: number,
    atMs: number,
  ): void {
    postEvent(store, {
      atMs,
      seed,
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled ${to > from ? 'up' : 'down'} replica set ${set.metadata.name} from ${from} to ${to}`,
      about: deployment,
      component: 'deployment-controller',
    });
  }

  function reportReplicaSet(set: ReplicaSet, atMs: number): void {
    const pods = podsOf(set);
    const ready = pods.filter(isReady).length;
    if (
      set.spec.replicas === pods.length &&
      (set.status.readyReplicas ?? 0) === ready &&
      set.status.replicas === pods.length
    ) {
      return;
    }
    const generation = (set.metadata.generation ?? 1) + (set.spec.replicas === pods.length ? 0 : 1);
    const counts = ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {};
    const labelled = pods.length > 0 ? { fullyLabeledReplicas: pods.length } : {};
    store.put<'ReplicaSet'>(
      {
        ...set,
        metadata: { ...set.metadata, generation },
        spec: { ...set.spec, replicas: pods.length },
        status: { replicas: pods.length, ...labelled, ...counts, observedGeneration: generation },
      },
      atMs,
    );
  }

  function reportDeployment(
    deployment: Deployment,
    current: ReplicaSet | undefined,
    atMs: number,
  ): Deployment {
    const pods = store.ownedBy('ReplicaSet', deployment.metadata.uid).flatMap(podsOf);
    const updated = current ? podsOf(current).length : 0;
    const ready = pods.filter(isReady).length;
    const revision = current?.metadata.annotations?.[revisionAnnotation];
    const unavailable = Math.max(0, Math.max(deployment.spec.replicas, pods.length) - ready);
    const available = ready >= deployment.spec.replicas - limitsOf(deployment).unavailable;
    const complete = updated === pods.length && ready === pods.length && updated === deployment.spec.replicas;
    const conditions = [
      conditionOf(
        deployment,
        'Available',
        available,
        available ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
        atMs,
      ),
      conditionOf(
        deployment,
        'Progressing',
        true,
        complete ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated',
        atMs,
      ),
    ];
    const status: Deployment['status'] = {
      observedGeneration: deployment.metadata.generation ?? 1,
      ...counted({
        replicas: pods.length,
        updatedReplicas: updated,
        readyReplicas: ready,
        availableReplicas: ready,
      }),
      ...counted({ unavailableReplicas: unavailable }),
      conditions,
    };
    const sameRevision = deployment.metadata.annotations?.[revisionAnnotation] === revision;
    if (sameRevision && JSON.stringify(status) === JSON.stringify(deployment.status)) return deployment;
    const annotations = {
      ...deployment.metadata.annotations,
      ...(revision === undefined ? {} : { [revisionAnnotation]: revision }),
    };
    return store.put<'Deployment'>(
      { ...deployment, metadata: { ...deployment.metadata, annotations }, status },
      atMs,
    );
  }

  function dropOldReplicaSets(deployment: Deployment, current: ReplicaSet | undefined): void {
    const idle = store
      .ownedBy('ReplicaSet', deployment.metadata.uid)
      .filter((set) => set.metadata.uid !== current?.metadata.uid && podsOf(set).length === 0)
      .sort((one, other) => revisionOf(other) - revisionOf(one));
    for (const set of idle.slice(deployment.spec.revisionHistoryLimit ?? 10)) {
      store.remove('ReplicaSet', set.metadata.namespace, set.metadata.name);
    }
  }
}

export const revisionOf = (object: ReplicaSet | Deployment): number =>
  Number(object.metadata.annotations?.[revisionAnnotation] ?? 0);

const keyOf = ({ namespace, name }: Which) => `${namespace ?? ''}/${name}`;

const byName = (one: Pod, other: Pod) => (one.metadata.name < other.metadata.name ? -1 : 1);

/** The API leaves counts of zero out. */
const counted = <T extends Record<string, number>>(counts: T): Partial<T> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)) as Partial<T>;

function limitsOf(deployment: Deployment): { surge: number; unavailable: number } {
  const desired = deployment.spec.replicas;
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec.strategy.rollingUpdate ?? {};
  const resolve = (limit: number | string, round: (value: number) => number) =>
    typeof limit === 'number' ? limit : round((Number.parseInt(limit, 10) * desired) / 100);
  const surge = resolve(maxSurge, Math.ceil);
  const unavailable = resolve(maxUnavailable, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function conditionOf(deployment: Deployment, type: string, holds: boolean, reason: string, atMs: number) {
  const before = deployment.status.conditions?.find((condition) => condition.type === type);
  const status = holds ? 'True' : 'False';
  if (before?.status === status && before['reason'] === reason) return before;
  const since = before?.status === status ? before['lastTransitionTime'] : undefined;
  const lastTransitionTime = typeof since === 'string' ? since : timestamp(atMs);
  return { type, status, lastUpdateTime: timestamp(atMs), lastTransitionTime, reason };
}

function newReplicaSet(deployment: Deployment, hash: string, annotations: Record<string, string>) {
  const { template, selector } = deployment.spec;
  const labels = { ...template.metadata.labels, 'pod-template-hash': hash };
  return {
    apiVersion: 'apps/v1' as const,
    kind: 'ReplicaSet' as const,
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      ...(deployment.metadata.namespace === undefined ? {} : { namespace: deployment.metadata.namespace }),
      generation: 1,
      labels,
      annotations,
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { ...selector.matchLabels, 'pod-template-hash': hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0, observedGeneration: 1 },
  };
}
