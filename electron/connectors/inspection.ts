import type { DescribedKind } from '../../shared/vocabulary/described-kind.ts';
import type { FieldDiff } from '../../shared/vocabulary/event.ts';
import type { MetricSeries } from '../../shared/vocabulary/metric.ts';
import type { FlagTarget, ObjectTarget } from '../../shared/vocabulary/proposal.ts';
import type { SampledSeries, Window } from './samples.ts';

type ObjectRef = Pick<ObjectTarget, 'namespace' | 'name'>;
type FlagRef = Pick<FlagTarget, 'project' | 'namespace' | 'name'>;

/**
 * What people look at in a system while they think: none of it is needed to plan an action, and nothing here writes. Every
 * call may throw a `Failure` and takes an `AbortSignal`.
 */

/** An object field by field. Values of variables, and what is likely a secret, are hidden. */
export type DescribedObject = {
  createdMs: number;
  managedBy: string | null;
  fields: { path: string; value: string }[];
  omitted: number;
};

/** One Event of core/v1; `message` is in the words of whoever reported it. */
export type ObjectEvent = {
  atMs: number;
  firstMs: number;
  count: number;
  type: string;
  reason: string;
  object: string;
  message: string;
};

/** A pod of a workload, as far as one has to know it to read its logs. */
export type LoggedPod = { name: string; containers: string[]; isReady: boolean; restarts: number };
export type LogLine = { atMs: number; text: string };
/** Lines oldest first; `cut` where there were more than the bound. */
export type PodLog = { lines: LogLine[]; cut: boolean };
export type PodLogWish = {
  container: string;
  /** What the container wrote before it was last restarted. */
  previous: boolean;
  sinceMs: number;
};

export type ObjectReader = {
  describe(kind: DescribedKind, ref: ObjectRef, signal: AbortSignal): Promise<DescribedObject>;
  /** The difference between two held revisions of a Deployment, field by field. */
  compareRevisions(
    ref: ObjectRef,
    revisions: { from: number; to: number },
    signal: AbortSignal,
  ): Promise<FieldDiff[]>;
  /** Events about the objects of a workload, or about everything in the namespace where it is null; newest first. */
  events(where: { namespace: string; workload: string | null }, signal: AbortSignal): Promise<ObjectEvent[]>;
  podsOf(where: { namespace: string; workload: string }, signal: AbortSignal): Promise<LoggedPod[]>;
  podLog(ref: ObjectRef, wish: PodLogWish, signal: AbortSignal): Promise<PodLog>;
};

export type LogWish = {
  service: string;
  /** Only lines that hold this, whatever the case. */
  contains?: string | undefined;
  /** Only lines that do not. */
  without?: string | undefined;
};
export type ServiceLog = {
  /** The selector that was asked for, limits of the envelope included. */
  selector: string;
  /** Newest lines, oldest first, each with the pod that wrote it where that is known. */
  lines: (LogLine & { pod: string | null })[];
  cut: boolean;
  /** Streams that lie in namespaces which may not be read. */
  outside: number;
};
export type LogSource = {
  lines(wish: LogWish, window: Window, signal: AbortSignal): Promise<ServiceLog>;
  /** How many lines fit in each step. */
  counts(
    wish: LogWish,
    window: Window & { stepMs: number },
    signal: AbortSignal,
  ): Promise<{ atMs: number; value: number }[]>;
};

/** Who gets a flag in one environment, rule by rule, as the system has it. */
export type FlagTargeting = { enabled: boolean; archived: boolean; rules: FlagRule[] };
export type FlagRule = { name: string; disabled: boolean; fields: { path: string; value: string }[] };
export type FlagHistoryEntry = {
  atMs: number;
  environment: string | null;
  actor: string | null;
  what: string;
  diff: FieldDiff[];
};
export type FlagInspector = {
  /** What was done to a flag in any environment, newest first. */
  history(
    ref: Pick<FlagRef, 'project' | 'name'>,
    window: Window,
    signal: AbortSignal,
  ): Promise<FlagHistoryEntry[]>;
  targeting(ref: FlagRef, signal: AbortSignal): Promise<FlagTargeting>;
};

/** One metric of a cloud provider, by the names that CloudWatch gives it. */
export type CloudMetric = {
  region: string;
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  statistic: string;
};
export type CloudAlarm = {
  region: string;
  name: string;
  state: 'ok' | 'alarm' | 'insufficient-data';
  sinceMs: number;
  reason: string;
};
export type CloudReader = {
  regions: readonly string[];
  series(
    metric: CloudMetric,
    window: Window & { stepMs: number },
    signal: AbortSignal,
  ): Promise<SampledSeries[]>;
  alarms(signal: AbortSignal): Promise<CloudAlarm[]>;
  /** What the provider's own services report of themselves, the highest of each sort; for the ranking. */
  serviceMetrics(
    window: Window & { stepMs: number; kinds?: readonly MetricSeries['kind'][] },
    signal: AbortSignal,
  ): Promise<MetricSeries[]>;
};
