import type { ConnectionTest } from '../../shared/vocabulary/connection.ts';
import type { FieldDiff, Observation } from '../../shared/vocabulary/event.ts';
import type { MetricSeries } from '../../shared/vocabulary/metric.ts';
import type { Target } from '../../shared/vocabulary/proposal.ts';
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

export type DeploymentRef = Pick<Target, 'namespace' | 'name'>;

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
  /** Who writes this object besides people: a live edit would be reverted. */
  managedBy: 'argo-cd' | 'flux' | 'helm' | null;
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
};
