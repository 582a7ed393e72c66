import { versionOfImage } from '../cluster/images.ts';
import type { ObjectStore } from '../cluster/object-store.ts';
import type { Labels } from '../prometheus/labels.ts';
import type { Series, SeriesStore } from '../prometheus/series-store.ts';
import { hash32, type Random, randomAt } from '../random.ts';
import type { ServiceSpec, Topology } from '../scenario/topology.ts';
import { type LogEvent, traceId, writeEvent } from './log-event.ts';
import {
  chatter,
  foreignText,
  ordinaryError,
  overloadError,
  requestEvent,
  startEvents,
  stopEvents,
  styleOf,
  suppressed,
  upstreamError,
  versionError,
} from './templates.ts';

/** `ns` is the time in nanoseconds since the epoch. */
export type LogEntry = { ns: bigint; line: string };
export type LogStream = { labels: Labels; pod: LoggedPod; output: 'stdout' | 'stderr' };
export type LoggedPod = {
  name: string;
  namespace: string;
  service: ServiceSpec;
  version: string;
  up: Series;
};

export type LogSource = {
  /** Streams of the pods that lived at any time from one scrape to another. */
  streams(fromWindow: number, toWindow: number): LogStream[];
  /** The windows that hold the lines of a time span, oldest first; a window ends with a scrape. */
  windows(fromMs: number, toMs: number): { from: number; to: number };
  /** Up to here all lines are there. */
  writtenUntilMs(): number;
  /** Lines of a stream within a window, oldest first. */
  entries(stream: LogStream, window: number): readonly LogEntry[];
  /**
   * What came to be known between two times, the first excluded, of what a container wrote: a line is known once its
   * window is over, so that whoever goes on asking gets each line once. Null for a container of no service.
   */
  ofPod(
    pod: { namespace: string; name: string; container: string },
    afterMs: number,
    untilMs: number,
  ): { atMs: number; text: string }[] | null;
};

/** Lines that a pod writes of one kind of error in a window, at most; the rest is counted. */
const errorLines = 4;

/**
 * What the pods of the world have written. Nothing is kept: a line is a function of the seed, the pod, the time and what
 * was measured then, so logs tell of what the metrics tell of. Between two scrapes lies a window, and what pods wrote
 * in it is there once it is over.
 */
export function podLogs(options: {
  series: SeriesStore;
  store: ObjectStore;
  topology: Topology;
  seed: number;
  /** Texts from outside that some service writes down as it gets them. */
  poison?: readonly string[];
}): LogSource {
  const { series, store, topology, seed, poison = [] } = options;
  const services = new Map(topology.services.map((service) => [service.name, service]));
  const pods = new Map<Series, LoggedPod>();
  /** The same by service and version. */
  const versions = new Map<string, LoggedPod[]>();
  const callers = new Map<string, readonly string[]>();
  let indexedSeries = 0;
  let counts = new Map<string, Counts>();
  let shares = { window: -1, byService: new Map<string, number>() };
  let last: { pod: LoggedPod; window: number; lines: Lines } | null = null;

  /** Series are only ever added, so the index is good while there are as many as before. */
  function index(): void {
    const all = series.all();
    if (all.length === indexedSeries) return;
    indexedSeries = all.length;
    counts = countsOf(series);
    shares = { window: -1, byService: new Map() };
    const containers = new Map(
      series
        .named('container_memory_working_set_bytes')
        .map(({ labels }) => [`${labels['namespace']}/${labels['pod']}`, labels['container'] ?? '']),
    );
    for (const up of series.named('up')) {
      if (pods.has(up)) continue;
      const { namespace = '', pod: name = '' } = up.labels;
      const service = services.get(containers.get(`${namespace}/${name}`) ?? '');
      if (!service) continue;
      const pod = { name, namespace, service, version: versionOf(namespace, name), up };
      pods.set(up, pod);
      const key = `${service.name} ${pod.version}`;
      versions.set(key, [...(versions.get(key) ?? []), pod]);
    }
  }

  /** A pod's name begins with that of its ReplicaSet, which outlives it. */
  function versionOf(namespace: string, pod: string): string {
    const set = store.get('ReplicaSet', namespace, pod.slice(0, pod.lastIndexOf('-')));
    return versionOfImage(set?.spec.template.spec.containers[0]?.image ?? ':unknown');
  }

  return {
    windows(fromMs, toMs) {
      const times = series.times().subarray(0, series.scrapes());
      // The first window that ends after the beginning, and the first that ends at the end or later.
      const from = times.findIndex((atMs) => atMs > fromMs);
      const end = times.findIndex((atMs) => atMs >= toMs);
      if (from < 0 || times.length < 2) return { from: 1, to: 0 };
      return { from: Math.max(1, from), to: end < 0 ? times.length - 1 : end };
    },

    writtenUntilMs: () => series.times()[series.scrapes() - 1] ?? 0,

    streams(fromWindow, toWindow) {
      index();
      const living = [...pods.values()].filter((pod) => {
        for (let window = fromWindow; window <= toWindow; window++) if (lives(pod, window)) return true;
        return false;
      });
      return living.flatMap((pod) => [streamOf(pod, 'stderr'), streamOf(pod, 'stdout')]);
    },

    entries({ pod, output }, window) {
      index();
      if (last?.pod !== pod || last.window !== window) last = { pod, window, lines: linesOf(pod, window) };
      return last.lines[output];
    },

    ofPod({ namespace, name, container }, afterMs, untilMs) {
      if (!services.has(container)) return null;
      index();
      const pod = [...pods.values()].find((one) => one.name === name && one.namespace === namespace);
      const times = series.times().subarray(0, series.scrapes());
      const lines: { atMs: number; text: string }[] = [];
      for (const [window, endMs] of times.entries()) {
        if (!pod || window === 0 || endMs <= afterMs || endMs > untilMs || !lives(pod, window)) continue;
        const { stdout, stderr } = linesOf(pod, window);
        const both = [...stdout, ...stderr].sort((one, other) => Number(one.ns - other.ns));
        lines.push(...both.map(({ ns, line }) => ({ atMs: Number(ns / 1_000_000n), text: line })));
      }
      return lines;
    },
  };

  function linesOf(pod: LoggedPod, window: number): Lines {
    const times = series.times();
    const [fromMs, toMs] = [times[window - 1] ?? 0, times[window] ?? 0];
    const random = randomAt(hash32(`${seed}/log/${pod.namespace}/${pod.name}`), window);
    const lines: Lines = { stdout: [], stderr: [] };
    for (const { atMs, event } of eventsOf(pod, window, fromMs, toMs, random)) {
      // Before the scrape that ends the window, so that windows follow each other in time.
      const wholeMs = Math.floor(Math.min(Math.max(atMs, fromMs + 1), toMs - 1));
      const ns = BigInt(wholeMs) * 1_000_000n + BigInt(random.integer(0, 999_999));
      const line = writeEvent(styleOf(pod.service.name), event, wholeMs, random);
      lines[event.level === 'ERROR' ? 'stderr' : 'stdout'].push({ ns, line });
    }
    for (const written of [lines.stdout, lines.stderr])
      written.sort((one, other) => (one.ns < other.ns ? -1 : Number(one.ns > other.ns)));
    return lines;
  }

  /** Everything that a pod has to say in a window, oldest first. */
  function eventsOf(
    pod: LoggedPod,
    window: number,
    fromMs: number,
    toMs: number,
    random: Random,
  ): TimedEvent[] {
    const { service, version } = pod;
    const events: TimedEvent[] = [];
    const [was, is] = [isUp(pod, window - 1), isUp(pod, window)];
    const add = (event: LogEvent, atMs = random.between(fromMs, toMs)) => events.push({ atMs, event });
    const inOrder = (said: readonly LogEvent[], startMs: number) => {
      let atMs = Math.max(startMs, fromMs);
      for (const event of said) {
        add(event, atMs);
        atMs += random.between(80, 900);
      }
    };

    if (!was && is) inOrder(startEvents(service.name, version, random), random.between(fromMs, toMs - 9_000));
    if (was && !is) inOrder(stopEvents(service.name, random), random.between(fromMs, toMs - 9_000));
    if (was || is) {
      const counted = counts.get(`${service.name} ${version}`);
      const sharing = Math.max(1, podsOf(service.name, version, window));
      const of = (kind: keyof Counts) => grown(counted?.[kind] ?? [], window);
      const served = of('requests');
      const durationMs = served > 0 ? of('durations') / served : service.latencyMs;
      const own = of('own');
      const trace = () => traceId(`${seed}/${pod.name}/${window}/${events.length}`);

      const requests = Math.min(served / sharing, random.integer(1, 3));
      for (let left = requests; left >= 1; left--) {
        const caller = random.pick(callersOf(service.name));
        add(requestEvent({ service: service.name, caller, durationMs, random, trace: trace() }));
      }
      for (let left = random.integer(0, 2); left > 0; left--) add(chatter(service.name, random));
      if (poison.length > 0 && random.chance(0.1))
        add(foreignText(service.name, random.pick(poison), random));

      // More than the day's errors come from somewhere: from too much work, or from the version itself.
      const usual = served * service.errorShare;
      const special = own > 3 * usual + 3 ? own - usual : 0;
      const overloaded = special > 0 && busy(pod, window) > 0.93;
      tell(whole(own / sharing, random), () => {
        if (!random.chance(own > 0 ? special / own : 0)) return ordinaryError(service.name, random, trace());
        if (overloaded) return overloadError(service.name, random, trace());
        return versionError(service.name, version, seed, random, trace());
      });
      tell(whole(of('passed') / sharing, random), () => {
        const [callee, timeoutMs] = failingCallee(service, window, random);
        return upstreamError(service.name, callee, timeoutMs, random, trace());
      });
    }

    function tell(errors: number, event: () => LogEvent): void {
      const told = Math.min(errors, errorLines);
      for (let left = told; left > 0; left--) add(event());
      if (errors > told) add(suppressed(service.name, errors - told), toMs - random.between(1, 400));
    }

    return events.sort((one, other) => one.atMs - other.atMs);
  }

  function podsOf(service: string, version: string, window: number): number {
    let living = 0;
    for (const pod of versions.get(`${service} ${version}`) ?? []) if (isUp(pod, window)) living += 1;
    return living;
  }

  /** Which of the services that this one calls fails most just now, weighted by how much that matters to it. */
  function failingCallee(service: ServiceSpec, window: number, random: Random): [string | null, number] {
    const weights = service.calls.map((call) => failedShare(call.to, window) * call.criticality);
    let left = random.unit() * weights.reduce((total, weight) => total + weight, 0);
    for (const [at, weight] of weights.entries()) {
      left -= weight;
      const call = service.calls[at];
      if (left < 0 && call) return [call.to, call.timeoutMs];
    }
    const [first] = service.calls;
    return first ? [first.to, first.timeoutMs] : [null, 0];
  }

  /** Of all versions of a service; 1 where nothing was asked of it. Many errors of one window ask for the same. */
  function failedShare(service: string, window: number): number {
    if (shares.window !== window) shares = { window, byService: new Map() };
    const known = shares.byService.get(service);
    if (known !== undefined) return known;
    let [failed, served] = [0, 0];
    for (const [name, counted] of counts) {
      if (!name.startsWith(`${service} `)) continue;
      failed += grown(counted.own, window) + grown(counted.passed, window);
      served += grown(counted.requests, window);
    }
    const share = served === 0 ? 1 : failed / served;
    shares.byService.set(service, share);
    return share;
  }

  function callersOf(service: string): readonly string[] {
    const known = callers.get(service) ?? callersIn(topology, service);
    callers.set(service, known);
    return known;
  }

  /** Share of its cores that a pod used in a window. */
  function busy({ name, namespace, service }: LoggedPod, window: number): number {
    const cpu = series
      .named('container_cpu_usage_seconds_total')
      .find(({ labels }) => labels['pod'] === name && labels['namespace'] === namespace);
    const times = series.times();
    const seconds = ((times[window] ?? 0) - (times[window - 1] ?? 0)) / 1_000;
    return cpu && seconds > 0 ? grown([cpu], window) / seconds / service.cpu : 0;
  }
}

type TimedEvent = { atMs: number; event: LogEvent };
type Lines = { stdout: LogEntry[]; stderr: LogEntry[] };
type Counts = { own: Series[]; passed: Series[]; requests: Series[]; durations: Series[] };

const isUp = ({ up }: LoggedPod, window: number): boolean => (up.values[window] ?? Number.NaN) >= 0;
const lives = (pod: LoggedPod, window: number): boolean => isUp(pod, window) || isUp(pod, window - 1);

/** By service and version: what the mesh counted of it. */
function countsOf(series: SeriesStore): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  const put = (kind: keyof Counts, one: Series) => {
    const name = `${one.labels['destination_workload']} ${one.labels['destination_version']}`;
    const known = counts.get(name) ?? { own: [], passed: [], requests: [], durations: [] };
    counts.set(name, known);
    known[kind].push(one);
  };
  for (const one of series.named('istio_requests_total')) {
    const code = one.labels['response_code'] ?? '';
    if (code === '503') put('passed', one);
    else if (code.startsWith('5')) put('own', one);
  }
  for (const one of series.named('istio_request_duration_milliseconds_count')) put('requests', one);
  for (const one of series.named('istio_request_duration_milliseconds_sum')) put('durations', one);
  return counts;
}

/** How much counters grew in a window; one that was not there before began at 0. */
function grown(counters: readonly Series[], window: number): number {
  let total = 0;
  for (const { values } of counters) {
    const now = values[window] ?? Number.NaN;
    if (Number.isNaN(now)) continue;
    const before = values[window - 1] ?? Number.NaN;
    total += Number.isNaN(before) || before > now ? now : now - before;
  }
  return total;
}

/** 2.3 is two, and three in three of ten cases. */
const whole = (amount: number, random: Random): number =>
  Math.floor(amount) + Number(random.chance(amount - Math.floor(amount)));

function callersIn(topology: Topology, service: string): string[] {
  const callers = topology.services.filter(({ calls }) => calls.some(({ to }) => to === service));
  return callers.length === 0 ? ['ingress'] : callers.map(({ name }) => name);
}

const streamOf = (pod: LoggedPod, output: LogStream['output']): LogStream => ({
  labels: {
    app: pod.service.name,
    container: pod.service.name,
    job: `${pod.namespace}/${pod.service.name}`,
    namespace: pod.namespace,
    pod: pod.name,
    service_name: pod.service.name,
    stream: output,
    version: pod.version,
  },
  pod,
  output,
});
