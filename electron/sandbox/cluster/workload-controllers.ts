import { cronJobController } from './cron-controller.ts';
import { daemonSetController } from './daemon-set-controller.ts';
import { autoscalerStatus, disruptionStatus } from './derived-status.ts';
import { jobController } from './job-controller.ts';
import type { NodeAgents } from './node-agents.ts';
import type { LoggedChange, ObjectStore } from './object-store.ts';
import type { Kind, KubernetesObject, Objects } from './objects.ts';
import { statefulSetController } from './stateful-set-controller.ts';
import type { PodDisruptionBudget } from './surroundings.ts';

/** Brings one object a step nearer to what it asks for; says from when to look again though nothing changes, or null. */
export type Reconcile<K extends Kind> = (object: Objects[K], atMs: number) => number | null;

type Reconcilers = { readonly [K in Kind]?: Reconcile<K> };

/** The controllers of all other workloads and of what watches over them: each looks at an object when something about it has changed. */
export function workloadControllers(options: {
  store: ObjectStore;
  seed: number;
  nodes: Pick<NodeAgents, 'place'>;
  /** Whether autoscalers are left alone, because something else works them. */
  leavesAutoscalers?: boolean;
  /** Whether nobody looks: budgets only tell, and neither the jobs of a schedule nor what runs on every node serve. */
  isUnseen?: boolean;
}): {
  step(atMs: number): void;
} {
  const { store, seed, nodes, leavesAutoscalers = false, isUnseen = false } = options;
  const reconcilers: Reconcilers = {
    StatefulSet: statefulSetController({ store, nodes }),
    Job: jobController({ store, seed, nodes }),
    ...(isUnseen
      ? {}
      : {
          DaemonSet: daemonSetController({ store, seed }),
          CronJob: cronJobController({ store }),
          PodDisruptionBudget: disruptionStatus(store),
        }),
    ...(leavesAutoscalers ? {} : { HorizontalPodAutoscaler: autoscalerStatus(store) }),
  };
  const due = new Map<string, Which>();
  const waiting = new Map<string, { which: Which; fromMs: number }>();
  const budgets = budgetsByLabel(store);

  function mark(kind: Kind, namespace: string | undefined, name: string): void {
    const key = `${kind} ${namespace ?? ''}/${name}`;
    waiting.delete(key);
    due.set(key, { kind, namespace, name });
  }

  function markFor({ type, kind, object }: LoggedChange): void {
    const { namespace, name, ownerReferences } = object.metadata;
    if (kind === 'PodDisruptionBudget') budgets.keep(object, type !== 'DELETED');
    if (reconcilers[kind]) mark(kind, namespace, name);
    if (kind === 'Node' && reconcilers.DaemonSet) for (const set of store.list('DaemonSet')) markObject(set);
    if (reconcilers.HorizontalPodAutoscaler && (kind === 'Deployment' || kind === 'StatefulSet')) {
      for (const scaler of store.list('HorizontalPodAutoscaler', namespace))
        if (scaler.spec.scaleTargetRef.name === name) markObject(scaler);
    }
    if (kind !== 'Pod' && kind !== 'Job') return;
    const owner = ownerReferences?.[0];
    const ownerKind = owner?.kind;
    if (
      ownerKind === 'StatefulSet' ||
      ownerKind === 'DaemonSet' ||
      ownerKind === 'Job' ||
      ownerKind === 'CronJob'
    )
      mark(ownerKind, namespace, owner?.name ?? '');
    if (!reconcilers.PodDisruptionBudget) return;
    for (const budget of budgets.covering(namespace, object.metadata.labels ?? {})) markObject(budget);
  }

  function markObject({ kind, metadata }: KubernetesObject): void {
    mark(kind, metadata.namespace, metadata.name);
  }

  store.subscribe(markFor);
  return {
    step(atMs) {
      for (const { which, fromMs } of waiting.values())
        if (fromMs <= atMs) mark(which.kind, which.namespace, which.name);
      const now = [...due];
      due.clear();
      for (const [key, which] of now) {
        const object = store.get(which.kind, which.namespace, which.name);
        const reconcile = reconcilers[which.kind] as
          | ((object: KubernetesObject, atMs: number) => number | null)
          | undefined;
        const fromMs = object && reconcile ? reconcile(object, atMs) : null;
        if (fromMs !== null && !due.has(key)) waiting.set(key, { which, fromMs });
      }
    },
  };
}

type Which = { kind: Kind; namespace: string | undefined; name: string };

/**
 * Disruption budgets by one of the labels they ask for, so that not all of them are looked at whenever a pod changes. One
 * without labels covers every pod of its namespace.
 */
function budgetsByLabel(store: ObjectStore) {
  const byLabel = new Map<string, Map<string, PodDisruptionBudget>>();
  /** Where each stands, for a budget may come to ask for others. */
  const under = new Map<string, string>();
  const keyOf = (namespace: string | undefined, label = '', value = '') =>
    `${namespace ?? ''} ${label}=${value}`;

  function keep({ metadata: { namespace, name } }: KubernetesObject, isThere: boolean): void {
    const key = keyOf(namespace, name);
    byLabel.get(under.get(key) ?? '')?.delete(key);
    const budget = isThere ? store.get('PodDisruptionBudget', namespace, name) : undefined;
    if (!budget) return void under.delete(key);
    const place = keyOf(namespace, ...(Object.entries(budget.spec.selector.matchLabels)[0] ?? []));
    under.set(key, place);
    byLabel.set(place, (byLabel.get(place) ?? new Map()).set(key, budget));
  }

  function covering(namespace: string | undefined, labels: Record<string, string>): PodDisruptionBudget[] {
    const found: PodDisruptionBudget[] = [...(byLabel.get(keyOf(namespace))?.values() ?? [])];
    for (const label in labels)
      for (const budget of byLabel.get(keyOf(namespace, label, labels[label]))?.values() ?? [])
        if (covers(budget, labels)) found.push(budget);
    return found;
  }

  for (const budget of store.list('PodDisruptionBudget')) keep(budget, true);
  return { keep, covering };
}

const covers = ({ spec }: PodDisruptionBudget, labels: Record<string, string>): boolean =>
  Object.entries(spec.selector.matchLabels).every(([label, value]) => labels[label] === value);
