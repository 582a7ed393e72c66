import type { SeriesStore } from '../prometheus/series-store.ts';
import { hash32 } from '../random.ts';
import type { ServiceSpec } from '../scenario/topology.ts';
import { poissonAt } from './counters.ts';
import { tailAbove } from './duration.ts';
import type { PodLoad, ServiceState, ServingPod } from './traffic.ts';

/** Boundaries as set by `sidecar.istio.io/statsHistogramBuckets`: Istio's own, and one more where most limits lie. */
const bucketsMs = [5, 10, 25, 50, 100, 250, 500, 1_000, 1_500, 2_500, 5_000, 10_000];

/** What a request may be answered with: served, failed by itself, failed by what it calls. */
const codes = ['200', '500', '503'] as const;

/** Series begun together lie next to each other in the store, so the first handle says them all. */
type Counters = { first: number; values: Float64Array };
type Caller = { name: string | null; counters: Counters; expected: Float64Array };
type Target = {
  key: string;
  labels: Record<string, string>;
  base: number;
  /** In the order in which they first called; usually that of the state as well. */
  callers: Caller[];
  /** Buckets, count and sum. */
  durations: Counters;
  /** Served since the last scrape, and the time that took. */
  requests: number;
  spentMs: number;
  /** Within this step: served, failed by itself, failed by what it calls. */
  answered: Float64Array;
  /** The last step that it was served in. */
  seen: number;
};

/**
 * The labels of what is counted, by who counts it: the same in every life of a world, and half of what a series takes in
 * memory.
 */
export type LabelSets = Map<string, readonly Record<string, string>[]>;

export type MeshMetrics = {
  observe(seconds: number, states: readonly ServiceState[]): void;
  /** `isMissed` tells the pods whose scrape failed, or what is counted as one. */
  scrape(scrape: number, isMissed: (pod: string) => boolean): void;
};

/**
 * What the proxies of a service mesh count, as Istio names it (https://istio.io/latest/docs/reference/config/metrics/):
 * requests by caller and answer, and durations, of each version and pod. Where `byPod` is false a version's pods are
 * counted as one.
 */
export function meshMetrics(options: {
  series: SeriesStore;
  seed: number;
  byPod: boolean;
  namespaceOf: (service: string) => string;
  isMeasured: (service: string) => boolean;
  labelSets?: LabelSets;
}): MeshMetrics {
  const { series, seed, byPod, namespaceOf, isMeasured } = options;
  const labelSets: LabelSets = options.labelSets ?? new Map();
  const targets = new Map<string, Target>();
  /** Handles of all that was ever counted: who goes and comes back counts on in the same series. */
  const firsts = new Map<string, number>();
  /** The same by what is at hand in every step, so that no key is put together for it. */
  const ofPod = new Map<ServingPod, Target>();
  let now = 0;

  return {
    observe(seconds, states) {
      now += 1;
      for (const state of states) {
        if (!isMeasured(state.service.name)) continue;
        if (state.service.kind === 'provider') observeProvider(state, seconds);
        if (state.service.kind === 'service') observeService(state, seconds);
      }
    },

    scrape(scrape, isMissed) {
      let anyGone = false;
      for (const target of targets.values()) {
        if (target.seen === now) write(target, scrape, isMissed(target.labels['pod'] ?? target.key));
        else anyGone = targets.delete(target.key);
      }
      if (!anyGone) return;
      for (const [pod, target] of ofPod) if (target.seen !== now) ofPod.delete(pod);
    },
  };

  function observeService(state: ServiceState, seconds: number): void {
    let last: Target | null = null;
    let version = '';
    for (const load of state.pods) {
      const isSame: boolean = !byPod && load.pod.version === version;
      const target: Target = (isSame ? last : ofPod.get(load.pod)) ?? targetOf(state.service, load.pod);
      version = load.pod.version;
      // Pods of one version may count as one: what they served is shared out among callers once.
      if (last !== null && target !== last) shareOut(last, state);
      last = target;
      count(target, load, seconds);
    }
    if (last !== null) shareOut(last, state);
  }

  function targetOf({ name, namespace }: ServiceSpec, pod: ServingPod): Target {
    const key = byPod ? `${namespace}/${pod.name}` : `${name} ${pod.version}`;
    const target =
      targets.get(key) ??
      newTarget(key, {
        job: 'envoy-stats',
        reporter: 'destination',
        destination_workload: name,
        destination_workload_namespace: namespace,
        destination_version: pod.version,
        ...(byPod ? { pod: pod.name } : {}),
      });
    ofPod.set(pod, target);
    return target;
  }

  /** Nobody scrapes what is not ours: the callers' proxies tell of it. */
  function observeProvider(state: ServiceState, seconds: number): void {
    const { name } = state.service;
    const target =
      targets.get(name) ??
      newTarget(name, {
        job: 'envoy-stats',
        reporter: 'source',
        destination_service_name: `${name}.example`,
        destination_workload: 'unknown',
        destination_workload_namespace: 'unknown',
        destination_version: 'unknown',
      });
    const { rps, latencyMs, errorShare } = state;
    count(target, { rps, latencyMs, ownErrors: 0, passedErrors: errorShare }, seconds);
    shareOut(target, state);
  }

  function count(
    target: Target,
    {
      rps,
      latencyMs,
      ownErrors,
      passedErrors,
    }: Pick<PodLoad, 'rps' | 'latencyMs' | 'ownErrors' | 'passedErrors'>,
    seconds: number,
  ): void {
    const requests = rps * seconds;
    const { answered } = target;
    target.seen = now;
    answered[0] = (answered[0] ?? 0) + requests * (1 - ownErrors) * (1 - passedErrors);
    answered[1] = (answered[1] ?? 0) + requests * ownErrors;
    answered[2] = (answered[2] ?? 0) + requests * (1 - ownErrors) * passedErrors;
    target.requests += requests;
    target.spentMs += requests * latencyMs;
  }

  function shareOut(target: Target, state: ServiceState): void {
    const { answered } = target;
    for (let index = 0; index < state.callers.length && state.rps > 0; index++) {
      const { name, rps } = state.callers[index] ?? { name: null, rps: 0 };
      const usual = target.callers[index];
      const { expected } = usual?.name === name ? usual : callerOf(target, name);
      const share = rps / state.rps;
      for (let code = 0; code < codes.length; code++)
        expected[code] = (expected[code] ?? 0) + share * (answered[code] ?? 0);
    }
    answered.fill(0);
  }

  function newTarget(key: string, labels: Record<string, string>): Target {
    const name = 'istio_request_duration_milliseconds';
    const target: Target = {
      key,
      labels,
      base: hash32(`${seed}/served/${key}`),
      callers: [],
      durations: counters(key, () => [
        ...[...bucketsMs, '+Inf'].map((le) => ({ __name__: `${name}_bucket`, ...labels, le: String(le) })),
        { __name__: `${name}_count`, ...labels },
        { __name__: `${name}_sum`, ...labels },
      ]),
      requests: 0,
      spentMs: 0,
      answered: new Float64Array(codes.length),
      seen: now,
    };
    targets.set(key, target);
    return target;
  }

  /** Istio calls whoever comes from outside the mesh `unknown`. */
  function callerOf(target: Target, name: string | null): Caller {
    const known = target.callers.find((caller) => caller.name === name);
    if (known) return known;
    const made: Caller = {
      name,
      counters: counters(`${target.key}\n${name ?? ''}`, () =>
        codes.map((code) => ({
          __name__: 'istio_requests_total',
          ...target.labels,
          source_workload: name ?? 'unknown',
          source_workload_namespace: name === null ? 'unknown' : namespaceOf(name),
          response_code: code,
        })),
      ),
      expected: new Float64Array(codes.length),
    };
    target.callers.push(made);
    return made;
  }

  function counters(key: string, labelsOf: () => readonly Record<string, string>[]): Counters {
    const all = labelSets.get(key) ?? labelsOf();
    labelSets.set(key, all);
    const first = firsts.get(key) ?? series.begin(all);
    firsts.set(key, first);
    return { first, values: new Float64Array(all.length) };
  }

  /** A scrape that failed loses no count: the next one shows it. */
  function write(target: Target, scrape: number, isMissed: boolean): void {
    let requests = 0;
    let lane = scrape * 64;
    for (const { counters, expected } of target.callers) {
      const { first, values } = counters;
      for (let code = 0; code < codes.length; code++) {
        const happened = poissonAt(expected[code] ?? 0, target.base, lane++);
        const value = (values[code] ?? 0) + happened;
        values[code] = value;
        requests += happened;
        if (!isMissed) series.set(first + code, value);
      }
      expected.fill(0);
    }
    const meanMs = target.requests > 0 ? target.spentMs / target.requests : 1;
    target.requests = 0;
    target.spentMs = 0;
    const { first, values } = target.durations;
    for (let index = 0; index <= bucketsMs.length; index++) {
      const limitMs = bucketsMs[index];
      const within = limitMs === undefined ? requests : requests * (1 - tailAbove(limitMs, meanMs));
      const value = (values[index] ?? 0) + within;
      values[index] = value;
      if (!isMissed) series.set(first + index, Math.round(value));
    }
    const [count, sum] = [bucketsMs.length + 1, bucketsMs.length + 2];
    values[count] = (values[count] ?? 0) + requests;
    values[sum] = (values[sum] ?? 0) + requests * meanMs;
    if (isMissed) return;
    series.set(first + count, values[count] ?? 0);
    series.set(first + sum, Math.round((values[sum] ?? 0) * 10) / 10);
  }
}
