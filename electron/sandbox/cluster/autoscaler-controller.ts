import { type Decision, decide, type Memory, rescaled, type Said } from './autoscaler-decision.ts';
import { actorAnnotation, changeAnnotation, serviceAnnotation } from './change-annotations.ts';
import { autoscalerStatus } from './derived-status.ts';
import type { Condition, ManagedFields } from './meta.ts';
import type { ObjectStore } from './object-store.ts';
import { type Deployment, type Pod, timestamp } from './objects.ts';
import { isReady, isTerminating } from './pods.ts';
import { postEvent } from './post-event.ts';
import { downWindowMs, upPeriodMs } from './replica-calculation.ts';
import type { HorizontalPodAutoscaler } from './surroundings.ts';

/**
 * Mean CPU of the ready pods of a Deployment, in per cent of what they request, or null while nothing is known of it: what
 * the resource metrics API is to a real autoscaler.
 */
export type UtilisationOf = (namespace: string, deployment: string) => number | null;

type Status = HorizontalPodAutoscaler['status'];

const everyMs = 15_000;
const component = 'horizontal-pod-autoscaler';

/** The HorizontalPodAutoscaler controller: every 15 s it compares use with target, and scales Deployments by itself. */
export function autoscalerController(options: {
  store: ObjectStore;
  seed: number;
  utilisationOf: UtilisationOf;
  /** Whether it scales without a word in its status. */
  isUnseen?: boolean;
}): { step(atMs: number): void } {
  const { store, seed, utilisationOf, isUnseen = false } = options;
  const derive = autoscalerStatus(store);
  const memories = new Map<string, Memory>();
  const podsOf = podsOfDeployments(store);
  let lastRound: number | null = null;

  return {
    step(atMs) {
      const round = Math.floor(atMs / everyMs);
      if (round === lastRound) return;
      lastRound = round;
      for (const scaler of store.list('HorizontalPodAutoscaler')) reconcile(scaler, atMs);
    },
  };

  function reconcile(scaler: HorizontalPodAutoscaler, atMs: number): void {
    const { kind, name } = scaler.spec.scaleTargetRef;
    const target =
      kind === 'Deployment' ? store.get('Deployment', scaler.metadata.namespace, name) : undefined;
    // Nothing is known of what other workloads use.
    if (!target) {
      derive(scaler, atMs);
      return;
    }
    const memory = memoryOf(scaler, target.spec.replicas, atMs);
    const pods = podsOf(target);
    const ready = pods.filter(isReady).length;
    const decision = decide({
      spec: scaler.spec,
      current: target.spec.replicas,
      ready,
      unready: pods.length - ready,
      utilisation: utilisationOf(target.metadata.namespace ?? '', name),
      memory,
    });
    if (decision.wanted !== null) memory.recommendations.push({ atMs, replicas: decision.wanted });
    const rescales = decision.replicas !== target.spec.replicas;
    if (rescales) {
      memory.gains.push({ atMs, by: decision.replicas - target.spec.replicas });
      scale(target, decision.replicas, atMs);
      announce(scaler, decision, atMs);
    }
    if (!isUnseen) report(scaler, target, rescales ? rescaled(decision) : decision, rescales, atMs);
  }

  function memoryOf({ metadata }: HorizontalPodAutoscaler, replicas: number, atMs: number): Memory {
    const { recommendations = [], gains = [] } = memories.get(metadata.uid) ?? {};
    const memory = {
      recommendations: within(recommendations, atMs, downWindowMs),
      gains: within(gains, atMs, upPeriodMs),
    };
    // Who begins to look takes what is there for recommended.
    if (memory.recommendations.length === 0) memory.recommendations.push({ atMs, replicas });
    memories.set(metadata.uid, memory);
    return memory;
  }

  /** By way of the scale subresource, which leaves the name of whoever runs the controller. */
  function scale(target: Deployment, replicas: number, atMs: number): void {
    const { metadata, spec } = target;
    const manager = 'kube-controller-manager';
    const entry: ManagedFields = {
      manager,
      operation: 'Update',
      apiVersion: 'apps/v1',
      time: timestamp(atMs),
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      subresource: 'scale',
    };
    const others = (metadata.managedFields ?? []).filter((each) => each.manager !== manager);
    const written = {
      ...metadata,
      generation: (metadata.generation ?? 1) + 1,
      managedFields: [...others, entry],
    };
    store.put<'Deployment'>({ ...target, metadata: written, spec: { ...spec, replicas } }, atMs);
  }

  function announce(scaler: HorizontalPodAutoscaler, { replicas, why }: Decision, atMs: number): void {
    postEvent(store, {
      atMs,
      seed,
      type: 'Normal',
      reason: 'SuccessfulRescale',
      message: `New size: ${replicas}; reason: ${why}`,
      about: scaler,
      component,
      annotations: {
        [changeAnnotation]: 'scale',
        [serviceAnnotation]: scaler.spec.scaleTargetRef.name,
        [actorAnnotation]: component,
      },
    });
  }

  function report(
    scaler: HorizontalPodAutoscaler,
    target: Deployment,
    { replicas, conditions, utilisation }: Decision,
    rescales: boolean,
    atMs: number,
  ): void {
    const { lastScaleTime, currentMetrics: [metric] = [] } = scaler.status;
    const scaledAt = rescales ? timestamp(atMs) : lastScaleTime;
    const status: Status = {
      ...(scaledAt === undefined ? {} : { lastScaleTime: scaledAt }),
      currentReplicas: target.status.replicas ?? 0,
      desiredReplicas: replicas,
      ...(utilisation === null ? {} : { currentMetrics: [metricOf(target, utilisation, metric)] }),
      conditions: (['AbleToScale', 'ScalingActive', 'ScalingLimited'] as const).flatMap((type) => {
        const before = scaler.status.conditions?.find((condition) => condition.type === type);
        const said = conditions[type];
        if (!said || (before && repeats(before, said))) return before ?? [];
        const since = before?.status === said.status ? before['lastTransitionTime'] : timestamp(atMs);
        const { status: holds, ...words } = said;
        return { type, status: holds, lastTransitionTime: since, ...words };
      }),
    };
    if (saysSame(status, scaler.status)) return;
    store.put<'HorizontalPodAutoscaler'>({ ...scaler, status }, atMs);
  }
}

/** Most rounds of most autoscalers change nothing: what stays as it was is the same object, which is quickly compared. */
const saysSame = (one: Status, other: Status): boolean =>
  one.currentReplicas === other.currentReplicas &&
  one.desiredReplicas === other.desiredReplicas &&
  one.lastScaleTime === other.lastScaleTime &&
  areSame(one.currentMetrics, other.currentMetrics) &&
  areSame(one.conditions, other.conditions);

const areSame = (some: readonly unknown[] = [], others: readonly unknown[] = []): boolean =>
  some.length === others.length && some.every((one, index) => one === others[index]);

/** Those of the last so many milliseconds; the same ones when that is all. */
function within<T extends { atMs: number }>(all: T[], atMs: number, ms: number): T[] {
  const isWithin = (each: T) => each.atMs > atMs - ms && each.atMs <= atMs;
  return all.every(isWithin) ? all : all.filter(isWithin);
}

const repeats = (before: Condition, { status, reason, message }: Said): boolean =>
  before.status === status && before['reason'] === reason && before['message'] === message;

/** Pods of Deployments that are not on their way out, found again only when any pod or ReplicaSet was written. */
function podsOfDeployments(store: ObjectStore): (deployment: Deployment) => readonly Pod[] {
  const known = new Map<string, Pod[]>();
  store.subscribe(({ kind, object }) => {
    const isServing = kind === 'Pod' && object.metadata.ownerReferences?.[0]?.kind === 'ReplicaSet';
    if (isServing || kind === 'ReplicaSet') known.clear();
  });
  return ({ metadata: { uid } }) => {
    const before = known.get(uid);
    if (before) return before;
    const pods = store
      .ownedBy('ReplicaSet', uid)
      .flatMap((set) => store.ownedBy('Pod', set.metadata.uid))
      .filter((pod) => !isTerminating(pod));
    known.set(uid, pods);
    return pods;
  };
}

type Metric = NonNullable<Status['currentMetrics']>[number];

/** What the pods use, as a share of what they request and in cores; `before` again when it said the same. */
function metricOf(target: Deployment, averageUtilization: number, before: Metric | undefined): Metric {
  const requested = target.spec.template.spec.containers
    .map(({ resources }) => millicores(resources?.requests?.['cpu'] ?? '0'))
    .reduce((sum, each) => sum + each, 0);
  const averageValue = `${Math.round((requested * averageUtilization) / 100)}m`;
  const said = before?.resource.current;
  if (before && said?.averageUtilization === averageUtilization && said.averageValue === averageValue)
    return before;
  return { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization, averageValue } } };
}

const millicores = (quantity: string): number =>
  quantity.endsWith('m') ? Number.parseFloat(quantity) : Number.parseFloat(quantity) * 1_000;
