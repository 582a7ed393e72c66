import type { ConnectionDescription, ConnectionTest } from '../../shared/vocabulary/connection.ts';
import type { FieldDiff } from '../../shared/vocabulary/event.ts';
import type { MetricSeries } from '../../shared/vocabulary/metric.ts';
import type { FlagTarget, ObjectTarget } from '../../shared/vocabulary/proposal.ts';
import type { Topology } from '../../shared/vocabulary/topology.ts';
import type { Alert, EndedAlert, StartOf } from './alert.ts';
import type { SourceFact } from './delivered.ts';
import type { CloudReader, FlagInspector, LogSource, ObjectReader } from './inspection.ts';
import type { Sample, SampledSeries, Window } from './samples.ts';
import type { StandingAlerts } from './standing-alerts.ts';

export type { Sample, SampledSeries, Window } from './samples.ts';

/**
 * What a connected system can be for the rest of Countersign. A connector is one folder that makes one of these from a
 * connection; whatever it cannot do is absent. Every call may throw a `Failure` and takes an `AbortSignal`.
 */
export type Connector = {
  id: string;
  kind: string;
  name: string;
  /** What it reads, cannot see, may be asked and may change as it is connected; reaches nothing. */
  describe(): ConnectionDescription;
  /** Reaches the system once and says what was found, or what is wrong and how to mend it. Never throws. */
  test(signal: AbortSignal): Promise<ConnectionTest>;
  /** What is known of it besides whether it answers; `sentence` is for its status, null where nothing is odd. */
  health?(): { skewMs: number | null; sentence: string | null };
  alerts?: AlertSource;
  metrics?: MetricSource;
  changes?: ChangeSource;
  cluster?: ClusterReader;
  /** What people look at in a cluster beside what plans rest on. */
  objects?: ObjectReader;
  logs?: LogSource;
  /** What its credentials may do, where the system tells. */
  rights?: RightsReader;
  /** Writes are made with a credential of their own, asked for one by one. */
  writesApart?: boolean;
  /** Handed to `proposals/` alone, never to the analyst. */
  control?: ClusterControl;
  flags?: FlagReader;
  flagInspector?: FlagInspector;
  /** Metrics and alarms of a cloud provider. */
  cloud?: CloudReader;
  /** Handed to `proposals/` alone, never to the analyst. */
  flagControl?: FlagControl;
};

/** One right, in a namespace or without one in the cluster as a whole. `resource` names a subresource after a slash. */
export type AccessQuestion = {
  verb: string;
  group: string;
  resource: string;
  namespace?: string | undefined;
  name?: string | undefined;
};
export type AccessAnswer = 'allowed' | 'denied' | 'unclear';
/** A right that holds, for these objects alone where it names some. `*` stands for all of its kind. */
export type HeldRight = { verb: string; group: string; resource: string; names: string[] };
export type RightsReader = {
  /** An answer for each question, in order. */
  review(questions: readonly AccessQuestion[], signal: AbortSignal): Promise<AccessAnswer[]>;
  /** What holds in a namespace, as far as the server tells: `incomplete` where it does not know all. */
  rules(namespace: string, signal: AbortSignal): Promise<{ held: HeldRight[]; incomplete: boolean }>;
  /** The groups that the server takes these credentials for; null where it does not tell, as Kubernetes before 1.28. */
  groups(signal: AbortSignal): Promise<string[] | null>;
};

export type { Alert, EndedAlert };
export type AlertSource = {
  /** What its alerts start with; absent where it is neither, and such a start is comparable with none but the same. */
  startOf?: StartOf;
  firing(signal: AbortSignal): Promise<Alert[]>;
  /** What fires with all that is known about it, where more is known than that it fires. */
  standing?(signal: AbortSignal): Promise<StandingAlerts>;
  /** What fired in a window, or before, and had ended at its end; absent where the system keeps nothing of that. */
  ended?(window: Window, signal: AbortSignal): Promise<EndedAlert[]>;
  /** Where it is told and not asked: when an alert that stands no more ended; null where nobody told that. */
  endedAt?(alert: Pick<Alert, 'fingerprint' | 'startedMs'>): number | null;
  /**
   * Where it is told and not asked: takes back what it was told to fire before Countersign was closed, which goes on until
   * it is told to be over, for its silence says nothing.
   */
  resume?(alerts: readonly Alert[]): void;
  /** Where it is told and not asked: says that there is news, so that nobody waits for the next look. Returns the stop. */
  onNews?(tell: () => void): () => void;
};

export type MetricSource = {
  /** One PromQL expression at one time. NaN and infinities are left out. */
  instant(query: string, atMs: number, signal: AbortSignal): Promise<Sample[]>;
  range(query: string, window: Window & { stepMs: number }, signal: AbortSignal): Promise<SampledSeries[]>;
  /**
   * Request rate, errors, latency and saturation per service, found by public naming conventions; of these kinds alone
   * where some are named. Where there are too many series to read, those that changed most, or of the services that are
   * named.
   */
  serviceMetrics(
    window: Window & {
      stepMs: number;
      kinds?: readonly MetricSeries['kind'][];
      services?: readonly string[];
    },
    signal: AbortSignal,
  ): Promise<MetricSeries[]>;
  /** A series of `serviceMetrics` as an expression that a person can go on with in a console; null for one it never gave. */
  expressionOf?(
    series: Pick<MetricSeries, 'service' | 'name' | 'labels'>,
    window: Window & { stepMs: number },
    signal: AbortSignal,
  ): Promise<string | null>;
  /** Who calls whom, as far as the metrics tell. */
  topology(window: Window, signal: AbortSignal): Promise<Topology>;
};

/** `unseen` names what these credentials may not see, or the system does not have: less comes, and nothing is wrong. */
export type SourceState = { up: true; unseen?: readonly string[] } | { up: false; because: string };

export type ChangeSource = {
  /** Rebuilds what happened in the window from what the system still holds. */
  backfill(window: Window, signal: AbortSignal): Promise<SourceFact[]>;
  /** Delivers what happens from now on; may deliver twice. Reconnects by itself and says when it is down. */
  stream(listener: {
    onObservations(observations: SourceFact[]): void;
    onState(state: SourceState): void;
  }): () => void;
};

export type ObjectRef = Pick<ObjectTarget, 'namespace' | 'name'>;
export type DeploymentRef = ObjectRef;

/** Who writes an object besides people: a live edit would be reverted. */
export type ManagedBy = 'argo-cd' | 'flux' | 'helm' | null;

/** What the delivery system that owns an object is, and what that means for a live edit. */
export type Ownership = {
  by: NonNullable<ManagedBy>;
  /** The application, Kustomization or release. */
  name: string | null;
  /** Where it is kept, as far as the object says. */
  repository: string | null;
  revision: string | null;
  /** What becomes of a live edit. */
  sentence: string;
  /** What to do instead. */
  revert: string;
};

/** What states have in common that say who owns an object. */
type Owned = { managedBy: ManagedBy; ownership: Ownership | null };

/** What holds data, and the backup that is being made of it now, as a sentence. */
type Kept = { keepsData: boolean; backupRunning: string | null };

/** The facts of a Deployment that plans rest on. */
export type DeploymentState = {
  uid: string;
  generation: number;
  revision: number;
  /** Digest of the pod template: changes with the template and with nothing else. */
  templateDigest: string;
  images: string[];
  desiredReplicas: number;
  readyReplicas: number;
  /** Pods of the newest template. */
  updatedReplicas: number;
  paused: boolean;
  /** From the label `countersign.dev/tier`, 1 the most important. */
  serviceTier: number | null;
  labels: Record<string, string>;
} & Owned &
  Kept;

/** A ConfigMap, of which one key may be put back. */
export type ConfigState = {
  uid: string;
  data: Record<string, string>;
  immutable: boolean;
} & Owned;

/** A workload whose pods read a ConfigMap. */
export type ConfigReader = {
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  name: string;
  pods: number;
  serviceTier: number | null;
  /** As variables, which a pod reads once when it starts, or as files, which follow within a minute or so. */
  as: 'variables' | 'files';
} & Kept;

/** An Ingress and the weights it publishes, by the annotation that holds each. */
export type IngressState = {
  uid: string;
  hosts: string[];
  /** Services that it sends traffic to. */
  backends: string[];
  weights: IngressWeight[];
  serviceTier: number | null;
} & Owned;

/** `most` is the largest weight that the reader of the annotation takes. */
export type IngressWeight = { annotation: string; value: string; most: number };

/** The facts of a workload that a restart rests on. */
export type WorkloadState = {
  uid: string;
  desiredReplicas: number;
  readyReplicas: number;
  paused: boolean;
  /** Digest of the pod template without the mark of a restart. */
  templateDigest: string;
  /** The mark of the last restart, as it stands there. */
  restartedAt: string | null;
  /** Whether pods are replaced a few at a time, so that some serve all along. */
  rolls: boolean;
  serviceTier: number | null;
} & Owned &
  Kept;
export type WorkloadRef = ObjectRef & { kind: 'Deployment' | 'StatefulSet' };

/** A HorizontalPodAutoscaler that decides how many replicas a Deployment has. */
export type AutoscalerState = { name: string; uid: string; min: number; max: number } & Owned;

export type PodState = {
  uid: string;
  node: string;
  isReady: boolean;
  isEnding: boolean;
  /** Who puts another in its place, if anybody; `workload` is the name that people know it by. */
  controller: { kind: string; name: string; workload: string } | null;
  /** Whether it goes with its node: a pod of a DaemonSet, or one that the kubelet alone knows of. */
  staysOnNode: boolean;
  /** Whether it writes to a directory that ends with it. */
  hasScratch: boolean;
  /** How many pods of the same controller are ready, itself included. */
  readyOfWorkload: number;
  /** The disruption budgets that cover it. */
  budgets: BudgetState[];
  serviceTier: number | null;
} & Owned &
  Kept;

export type BudgetState = { name: string; disruptionsAllowed: number };

/** A pod as it stands on a node. */
export type NodePod = ObjectRef & PodState;

export type NodeState = { uid: string; unschedulable: boolean; isReady: boolean; pods: NodePod[] };

export type CronJobState = {
  uid: string;
  suspended: boolean;
  schedule: string;
  running: number;
  makesBackups: boolean;
  serviceTier: number | null;
} & Owned;

/** Pods that a selector finds. */
export type SelectedPods = { ready: number; all: number; workloads: string[] };

export type ServiceState = {
  uid: string;
  selector: Record<string, string>;
  serviceTier: number | null;
} & Owned;

export type RouteBackend = { name: string; weight: number };

/** An HTTPRoute of the Gateway API: each rule splits its requests over backends by weight. */
export type RouteState = {
  uid: string;
  hosts: string[];
  rules: { backends: RouteBackend[] }[];
  serviceTier: number | null;
} & Owned;

/** An object that a write can be looked for in. */
export type WrittenRef = { namespace: string; name: string; kind: WrittenKind };
export type WrittenKind =
  | 'Deployment'
  | 'StatefulSet'
  | 'ConfigMap'
  | 'Ingress'
  | 'CronJob'
  | 'Service'
  | 'HTTPRoute'
  | 'HorizontalPodAutoscaler'
  | 'Node';

/** The mark of a field manager on an object, as `managedFields` keeps it. */
export type ManagerMark = {
  uid: string;
  mark: { operation: string; at: string | null } | null;
  /** When anybody last wrote to it, its status aside; null where nothing tells. */
  writtenAt: string | null;
};

/** One revision a Deployment can be rolled back to, newest first in lists. */
export type Revision = {
  revision: number;
  createdMs: number;
  images: string[];
  changeCause: string | null;
  templateDigest: string;
  /** Against the revision before it, where that is still held. */
  diff: FieldDiff[];
};

export type ClusterReader = {
  deployment(ref: DeploymentRef, signal: AbortSignal): Promise<DeploymentState>;
  /** The labels of a namespace itself. */
  namespaceLabels(namespace: string, signal: AbortSignal): Promise<Record<string, string>>;
  configMap(ref: ObjectRef, signal: AbortSignal): Promise<ConfigState>;
  /** The workloads of its namespace whose pods mount it or take variables from it. */
  readersOf(ref: ObjectRef, signal: AbortSignal): Promise<ConfigReader[]>;
  ingress(ref: ObjectRef, signal: AbortSignal): Promise<IngressState>;
  workload(ref: WorkloadRef, signal: AbortSignal): Promise<WorkloadState>;
  revisions(ref: DeploymentRef, signal: AbortSignal): Promise<Revision[]>;
  /** The autoscaler that decides how many replicas it has, or null. */
  autoscalerOf(ref: DeploymentRef, signal: AbortSignal): Promise<AutoscalerState | null>;
  pod(ref: ObjectRef, signal: AbortSignal): Promise<PodState>;
  /** A node and every pod on it, in whichever namespace. */
  node(name: string, signal: AbortSignal): Promise<NodeState>;
  cronJob(ref: ObjectRef, signal: AbortSignal): Promise<CronJobState>;
  service(ref: ObjectRef, signal: AbortSignal): Promise<ServiceState>;
  selectedPods(
    namespace: string,
    selector: Record<string, string>,
    signal: AbortSignal,
  ): Promise<SelectedPods>;
  route(ref: ObjectRef, signal: AbortSignal): Promise<RouteState>;
  /** What a field manager, such as the id of an intent, has left on an object; null where there is no such object. */
  markOf(manager: string, ref: WrittenRef, signal: AbortSignal): Promise<ManagerMark | null>;
  /** Whether these credentials may do it, from the server's own word. An empty namespace means the whole cluster. */
  may(what: Right, where: ObjectRef, signal: AbortSignal): Promise<boolean>;
  topologyHints(signal: AbortSignal): Promise<Topology['services']>;
};

/** A right as an access review asks for it; `resource` names a subresource after a slash. */
export type Right = { verb: string; group: string; resource: string };

/** What became of one write. A write is never retried by itself. */
export type WriteResult =
  /**
   * `partly`: of several requests some were not made or not applied; the sentence says which. `checkedHere`: a trial that
   * the server knows no way to make; the sentence says what was looked at in its place.
   */
  | { kind: 'applied'; sentence: string; partly?: true; checkedHere?: true }
  /**
   * `budget`: a disruption budget does not allow it now, which is no fault of the request. `gone`: what was to go has gone
   * by itself.
   */
  | { kind: 'not-applied'; because: string; budget?: true; gone?: true }
  /** Time-out, reset, 5xx or an answer that cannot be read: it may have happened. */
  | { kind: 'unknown'; because: string };

export type WriteOptions = {
  /** Id of the intent on record; travels as field manager, so that the write can be found again. */
  intent: string;
  /** The server checks and answers, and changes nothing. */
  dryRun: boolean;
};

export type ClusterControl = {
  /**
   * Puts the pod template of a held revision back, as `kubectl rollout undo --to-revision` does. Like each write here it
   * sends nothing where the object is no longer as expected, and states what it read in the request itself.
   */
  rollTo(
    ref: DeploymentRef,
    change: { revision: number; expected: { uid: string; templateDigest: string } },
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  scaleTo(
    ref: DeploymentRef,
    change: { replicas: number; expected: { uid: string; replicas: number } },
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  setBounds(
    ref: ObjectRef,
    change: { to: Bounds; expected: { uid: string } & Bounds },
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  setPaused(
    ref: DeploymentRef,
    change: { to: boolean; expected: ExpectedSwitch },
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  setSuspended(
    ref: ObjectRef,
    change: { to: boolean; expected: ExpectedSwitch },
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  setUnschedulable(
    node: string,
    change: { to: boolean; expected: ExpectedSwitch },
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  /** Asks for one pod to go; the server refuses (429) what a disruption budget does not allow. */
  evict(
    ref: ObjectRef,
    expected: { uid: string },
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  /** Reads until every budget that covers the pod allows a disruption, or the signal ends it: false. Writes nothing. */
  budgetAllows(ref: ObjectRef, signal: AbortSignal): Promise<boolean>;
  setSelectorValue(
    ref: ObjectRef,
    change: { key: string; to: string; expected: Expected },
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  setRouteWeights(
    ref: ObjectRef,
    change: { rule: number; to: RouteBackend[]; expected: { uid: string; backends: RouteBackend[] } },
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  /** Sets one key, or removes it; refused by the server unless the key holds exactly `expected.value`. */
  setConfigKey(
    ref: ObjectRef,
    change: { key: string; to: string | null; expected: Expected },
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  /** Sets one annotation of an Ingress; refused by the server unless it holds exactly `expected.value`. */
  setIngressWeight(
    ref: ObjectRef,
    change: { annotation: string; to: string; expected: Expected },
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  /** Replaces the pods by a new mark in their template, as `kubectl rollout restart` does; null takes the mark away. */
  markRestart(
    ref: WorkloadRef,
    change: { to: string | null; expected: Expected },
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
};

/** What must still be so when the server applies a write; null is a value that is not there. */
export type Expected = { uid: string; value: string | null };
export type ExpectedSwitch = { uid: string; is: boolean };
export type Bounds = { min: number; max: number };

export type FlagRef = Pick<FlagTarget, 'project' | 'namespace' | 'name'>;

/** One way in which a flag is given to some of those who ask, as far as it is known here. */
export type FlagStrategy = { id: string; name: string; percent: number | null };

/** A flag in one environment. */
export type FlagState = {
  enabled: boolean;
  /** Only one strategy with a percentage, or none at all, can be set by a percentage; null with several or others. */
  percent: number | null;
  strategies: FlagStrategy[];
  /** Digest of everything about the flag in this environment that decides who gets it. */
  digest: string;
  archived: boolean;
  service: string | null;
  type: string | null;
};

export type FlagReader = {
  flag(ref: FlagRef, signal: AbortSignal): Promise<FlagState>;
  /** Whether the credentials may do it, where the system tells. */
  may(what: Right, ref: FlagRef, signal: AbortSignal): Promise<AccessAnswer>;
};

export type FlagChange = { enabled: boolean; percent: number | null };

export type FlagControl = {
  /** One request: on or off, or another percentage of the one strategy. Nothing is sent unless the digest still holds. */
  setFlag(
    ref: FlagRef,
    change: FlagChange & { expectedDigest: string },
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  /** Whether one request would take the change back once it is made. Only reads. */
  tryBack(
    ref: FlagRef,
    step: { there: FlagChange; back: FlagChange; expectedDigest: string },
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
};

/** What actions can be run on: each kind with a reader for planning and a control for the one write. */
export type Ports = {
  cluster: { reader: ClusterReader; control: ClusterControl };
  flags: { reader: FlagReader; control: FlagControl };
};
export type SystemKind = keyof Ports;
export type Systems = { [Kind in SystemKind]?: Ports[Kind] };

/** What a connection can be written to as; both sides of a system or none. */
export const systemsOf = ({ cluster, control, flags, flagControl }: Connector): Systems => ({
  ...(cluster && control ? { cluster: { reader: cluster, control } } : {}),
  ...(flags && flagControl ? { flags: { reader: flags, control: flagControl } } : {}),
});
