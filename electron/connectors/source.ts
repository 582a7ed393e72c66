import type { ConnectionTest } from '../../shared/vocabulary/connection.ts';
import type { FieldDiff, Observation } from '../../shared/vocabulary/event.ts';
import type { MetricSeries } from '../../shared/vocabulary/metric.ts';
import type { FlagTarget, ObjectTarget } from '../../shared/vocabulary/proposal.ts';
import type { Topology } from '../../shared/vocabulary/topology.ts';

/**
 * What a connected system can be for the rest of Countersign. A connector is one folder that makes one of these from a
 * connection; whatever it cannot do is absent. Every call may throw a `Failure` and takes an `AbortSignal`.
 */
export type Connector = {
  id: string;
  kind: string;
  name: string;
  /** Reaches the system once and says what was found, or what is wrong and how to mend it. Never throws. */
  test(signal: AbortSignal): Promise<ConnectionTest>;
  alerts?: AlertSource;
  metrics?: MetricSource;
  changes?: ChangeSource;
  cluster?: ClusterReader;
  /** Handed to `proposals/` alone, never to the analyst. */
  control?: ClusterControl;
  flags?: FlagReader;
  /** Handed to `proposals/` alone, never to the analyst. */
  flagControl?: FlagControl;
};

/** A closed stretch of time, in milliseconds since the epoch. */
export type Window = { fromMs: number; toMs: number };

/** One alert that is firing now. */
export type Alert = {
  /** Stable for the same alert with the same labels. */
  fingerprint: string;
  name: string;
  severity: 'info' | 'warning' | 'critical';
  service: string | null;
  labels: Record<string, string>;
  summary: string;
  startedMs: number;
  /** The expression that fired, where the system tells it; `comparison` is cut off it, so that it yields the series. */
  query?: { expression: string; series: string; threshold: number | null };
};
export type AlertSource = { firing(signal: AbortSignal): Promise<Alert[]> };

export type Sample = { labels: Record<string, string>; value: number };
export type SampledSeries = { labels: Record<string, string>; points: { atMs: number; value: number }[] };

export type MetricSource = {
  /** One PromQL expression at one time. NaN and infinities are left out. */
  instant(query: string, atMs: number, signal: AbortSignal): Promise<Sample[]>;
  range(query: string, window: Window & { stepMs: number }, signal: AbortSignal): Promise<SampledSeries[]>;
  /** Request rate, errors, latency and saturation per service, found by public naming conventions. */
  serviceMetrics(window: Window & { stepMs: number }, signal: AbortSignal): Promise<MetricSeries[]>;
  /** Who calls whom, as far as the metrics tell. */
  topology(window: Window, signal: AbortSignal): Promise<Topology>;
};

export type ChangeSource = {
  /** Rebuilds what happened in the window from what the system still holds. */
  backfill(window: Window, signal: AbortSignal): Promise<Observation[]>;
  /** Delivers what happens from now on; may deliver twice. Reconnects by itself and says when it is down. */
  stream(listener: {
    onObservations(observations: Observation[]): void;
    onState(state: { up: true } | { up: false; because: string }): void;
  }): () => void;
};

export type ObjectRef = Pick<ObjectTarget, 'namespace' | 'name'>;
export type DeploymentRef = ObjectRef;

/** Who writes an object besides people: a live edit would be reverted. */
export type ManagedBy = 'argo-cd' | 'flux' | 'helm' | null;

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
  paused: boolean;
  /** From the label `countersign.dev/tier`, 1 the most important. */
  serviceTier: number | null;
  labels: Record<string, string>;
  managedBy: ManagedBy;
};

/** A ConfigMap, of which one key may be put back. */
export type ConfigState = {
  uid: string;
  data: Record<string, string>;
  immutable: boolean;
  managedBy: ManagedBy;
};

/** A workload whose pods read a ConfigMap. */
export type ConfigReader = {
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  name: string;
  pods: number;
  serviceTier: number | null;
  /** As variables, which a pod reads once when it starts, or as files, which follow within a minute or so. */
  as: 'variables' | 'files';
};

/** An Ingress and the weights it publishes, by the annotation that holds each. */
export type IngressState = {
  uid: string;
  hosts: string[];
  /** Services that it sends traffic to. */
  backends: string[];
  weights: IngressWeight[];
  serviceTier: number | null;
  managedBy: ManagedBy;
};

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
  /** Whether its pods keep data in volumes of their own. */
  keepsData: boolean;
  serviceTier: number | null;
  managedBy: ManagedBy;
};
export type WorkloadRef = ObjectRef & { kind: 'Deployment' | 'StatefulSet' };

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
  configMap(ref: ObjectRef, signal: AbortSignal): Promise<ConfigState>;
  /** The workloads of its namespace whose pods mount it or take variables from it. */
  readersOf(ref: ObjectRef, signal: AbortSignal): Promise<ConfigReader[]>;
  ingress(ref: ObjectRef, signal: AbortSignal): Promise<IngressState>;
  workload(ref: WorkloadRef, signal: AbortSignal): Promise<WorkloadState>;
  revisions(ref: DeploymentRef, signal: AbortSignal): Promise<Revision[]>;
  /** Whether these credentials may do it, from the server's own word. */
  may(
    verb: 'get' | 'list' | 'patch',
    resource: string,
    ref: DeploymentRef,
    signal: AbortSignal,
  ): Promise<boolean>;
  topologyHints(signal: AbortSignal): Promise<Topology['services']>;
};

/** What became of one write. A write is never retried by itself. */
export type WriteResult =
  | { kind: 'applied'; sentence: string }
  | { kind: 'not-applied'; because: string }
  /** Time-out, reset, 5xx or an answer that cannot be read: it may have happened. */
  | { kind: 'unknown'; because: string };

export type WriteOptions = {
  /** Id of the intent on record; travels as field manager, so that the write can be found again. */
  intent: string;
  /** The server checks and answers, and changes nothing. */
  dryRun: boolean;
};

export type ClusterControl = {
  /** Puts the pod template of a held revision back, as `kubectl rollout undo --to-revision` does. */
  rollTo(
    ref: DeploymentRef,
    revision: number,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<WriteResult>;
  scaleTo(
    ref: DeploymentRef,
    replicas: number,
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

export type FlagReader = { flag(ref: FlagRef, signal: AbortSignal): Promise<FlagState> };

export type FlagControl = {
  /** One request: on or off, or another percentage of the one strategy. Nothing is sent unless the digest still holds. */
  setFlag(
    ref: FlagRef,
    change: { enabled: boolean; percent: number | null; expectedDigest: string },
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
