import { cronJobController } from './cron-controller.ts';
import { daemonSetController } from './daemon-set-controller.ts';
import { autoscalerStatus, disruptionStatus } from './derived-status.ts';
import { jobController } from './job-controller.ts';
import type { NodeAgents } from './node-agents.ts';
import type { LoggedChange, ObjectStore } from './object-store.ts';
import type { Kind, KubernetesObject, Objects } from './objects.ts';
import { statefulSetController } from './stateful-set-controller.ts';

/** Brings one object a step nearer to what it asks for; true when it must be looked at again though nothing changes. */
export type Reconcile<K extends Kind> = (object: Objects[K], atMs: number) => boolean;

type Reconcilers = { readonly [K in Kind]?: Reconcile<K> };

/** The controllers of all other workloads and of what watches over them: each looks at an object when something about it has changed. */
export function workloadControllers(options: {
  store: ObjectStore;
  seed: number;
  nodes: Pick<NodeAgents, 'place'>;
  /** Whether autoscalers are left alone, because something else works them. */
  leavesAutoscalers?: boolean;
}): {
  step(atMs: number): void;
} {
  const { store, seed, nodes, leavesAutoscalers = false } = options;
  const reconcilers: Reconcilers = {
    StatefulSet: statefulSetController({ store, nodes }),
    DaemonSet: daemonSetController({ store, seed }),
    Job: jobController({ store, seed, nodes }),
    CronJob: cronJobController({ store }),
    PodDisruptionBudget: disruptionStatus(store),
    ...(leavesAutoscalers ? {} : { HorizontalPodAutoscaler: autoscalerStatus(store) }),
  };
  const due = new Map<string, { kind: Kind; namespace: string | undefined; name: string }>();

  function mark(kind: Kind, namespace: string | undefined, name: string): void {
    due.set(`${kind} ${namespace ?? ''}/${name}`, { kind, namespace, name });
  }

  function markFor({ kind, object }: LoggedChange): void {
    const { namespace, name, ownerReferences } = object.metadata;
    if (reconcilers[kind]) mark(kind, namespace, name);
    if (kind === 'Node') for (const set of store.list('DaemonSet')) markObject(set);
    if (reconcilers.HorizontalPodAutoscaler && (kind === 'Deployment' || kind === 'StatefulSet')) {
      for (const scaler of store.list('HorizontalPodAutoscaler', namespace))
        if (scaler.spec.scaleTargetRef.name === name) markObject(scaler);
    }
    if (kind !== 'Pod' && kind !== 'Job') return;
    const owner = ownerReferences?.[0];
    const ownerKind = owner?.kind;
    if (ownerKind === 'StatefulSet' || ownerKind === 'DaemonSet' || ownerKind === 'Job')
      mark(ownerKind, namespace, owner?.name ?? '');
    for (const budget of store.list('PodDisruptionBudget', namespace)) {
      const labels = object.metadata.labels ?? {};
      const wanted = Object.entries(budget.spec.selector.matchLabels);
      if (wanted.every(([label, value]) => labels[label] === value)) markObject(budget);
    }
  }

  function markObject({ kind, metadata }: KubernetesObject): void {
    mark(kind, metadata.namespace, metadata.name);
  }

  store.subscribe(markFor);
  return {
    step(atMs) {
      const now = [...due.values()];
      due.clear();
      for (const { kind, namespace, name } of now) {
        const object = store.get(kind, namespace, name);
        const reconcile = reconcilers[kind] as
          | ((object: KubernetesObject, atMs: number) => boolean)
          | undefined;
        if (object && reconcile?.(object, atMs)) mark(kind, namespace, name);
      }
    },
  };
}
