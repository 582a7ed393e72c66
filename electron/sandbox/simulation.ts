import { clusterControllers } from './cluster/controllers.ts';
import { createCluster, requestedCores } from './cluster/create-cluster.ts';
import { type ObjectStore, objectStore } from './cluster/object-store.ts';
import { type FlagBook, flagBook } from './flags/flag-book.ts';
import { type RuleEngine, ruleEngine } from './prometheus/rules.ts';
import { type SeriesStore, seriesStore } from './prometheus/series-store.ts';
import type { ScriptEntry } from './scenario/change.ts';
import type { Drill } from './scenario/draw-drill.ts';
import type { Scenario } from './scenario/scenario.ts';
import { applyChange } from './world/apply-change.ts';
import { conditionsOf } from './world/conditions.ts';
import type { LabelSets } from './world/mesh-metrics.ts';
import { telemetry } from './world/telemetry.ts';
import { type TrafficState, trafficModel } from './world/traffic.ts';

export const stepMs = 5_000;
export const scrapeMs = 15_000;
/** Scrapes in a world that only rehearses, and of the better part of an hour. */
const briefly = 64;
const onwards = 180;
/** A step in which nobody sends requests; `servesFromMs` lies so many of these after the start. */
export const unservedMs = 30_000;
const dayMs = 86_400_000;

/** A change as it was made: when, and the id under which connectors report it. */
export type MadeChange = { entry: ScriptEntry; id: string; atMs: number };

export type Simulation = {
  store: ObjectStore;
  series: SeriesStore;
  rules: RuleEngine;
  flags: FlagBook;
  /** Lives on to this time; a time already passed changes nothing. */
  advanceTo(atMs: number): void;
  /** After a write from outside: the controllers see it at once. */
  settle(atMs: number): void;
  /** Somebody from outside looks at a workload: from then on colleagues have their hands on it, too. */
  lookedAt(service: string, atMs: number): void;
  /** Whether any alert's expression held, however shortly, at any scrape from then up to now. */
  everAlarmed(fromMs: number): boolean;
  /** When an alert fired for the first time, or null. */
  firstFiredMs(): number | null;
  made(): readonly MadeChange[];
};

/**
 * The world of a drill: a cluster, the traffic through it, and what is measured of both, in steps of five seconds and
 * scrapes of fifteen. It depends on the drill, its start and the writes it receives, and on nothing else.
 */
export function createSimulation(options: {
  scenario: Scenario;
  drill: Drill;
  startMs: number;
  script: readonly ScriptEntry[];
  /** What people do who answer the alert; offsets count from the moment the first one fires. */
  responses?: readonly ScriptEntry[];
  /** Alert rules are evaluated from here on; what came before is asked of `everAlarmed`. */
  alertsFromMs: number;
  /** Up to here a step is as long as a scrape: history, where nobody looks for seconds. */
  fineFromMs?: number;
  /** Up to here changes are made and pods come and go, but nobody sends requests and nothing is measured. */
  servesFromMs?: number;
  /** Whether only the mesh is measured, which is all that most rules read. */
  meshAlone?: boolean;
  /** Shared by the lives of one drill. */
  labelSets?: LabelSets;
}): Simulation {
  const { scenario, drill, startMs, alertsFromMs, responses = [] } = options;
  const { fineFromMs = startMs, servesFromMs = startMs, meshAlone = false } = options;
  const labelSets: LabelSets = options.labelSets ?? new Map();
  const { topology } = scenario;
  const { seed } = drill;
  // Nobody watches a rehearsal.
  const store = objectStore(seed, meshAlone ? 0 : undefined);
  const indexOf = new Map(topology.services.map(({ name }, index) => [name, index]));
  const series = seriesStore(
    meshAlone ? briefly : Math.ceil((startMs + drill.momentMs - servesFromMs) / scrapeMs) + onwards,
  );
  const flags = flagBook({ seed });
  let state: TrafficState = { services: [], queues: new Map(), nodes: new Map() };
  let nowMs = startMs;
  const controller = clusterControllers({
    store,
    seed,
    hasImage: (image) => drill.images.has(image),
    utilisationOf: (namespace, name) => utilisationOf(state, indexOf, namespace, name),
    isUnseen: meshAlone,
  });
  createCluster({ store, controller, topology, releases: drill.releases, seed, startMs });
  const traffic = trafficModel({ topology, seed });
  const conditions = conditionsOf({
    store,
    topology,
    drill,
    flags,
    startMs,
    onOutOfMemory: ({ namespace }, { name: pod }) =>
      controller.restartContainer({ namespace, pod, reason: 'OOMKilled', exitCode: 137, atMs: nowMs }),
  });
  const recorder = telemetry({ series, store, scenario, seed, meshAlone, labelSets });
  const rules = ruleEngine([...topology.alerts, ...scenario.alerts], series);

  createFlags(flags, options.script, startMs - 30 * dayMs);
  const pending = options.script.map((entry) => ({ entry, atMs: startMs + entry.offsetMs }));
  const made: MadeChange[] = [];
  const looked = new Set<string>();
  let nextMs = startMs;
  let firstFiredMs: number | null = null;

  function makeChanges(untilMs: number): void {
    for (let next = pending[0]; next && next.atMs <= untilMs; next = pending[0]) {
      const { entry, atMs } = next;
      pending.shift();
      const id = applyChange({ change: entry.change, store, flags, topology, seed, atMs });
      made.push({ entry, id, atMs });
      controller.step(atMs);
    }
  }

  /** Steps and scrapes are numbered by the time since the start, so that noise does not depend on how long steps are. */
  function takeStep(atMs: number, lastsMs: number): void {
    nowMs = atMs;
    makeChanges(atMs);
    controller.step(atMs);
    conditions.update(atMs);
    if (atMs < servesFromMs) return;
    const step = { number: (atMs - startMs) / stepMs, atMs, seconds: lastsMs / 1_000 };
    state = traffic.advance(step, conditions);
    recorder.observe(step, state);
    if ((atMs - startMs) % scrapeMs !== 0) return;
    recorder.scrape((atMs - startMs) / scrapeMs, atMs, state);
    if (atMs < alertsFromMs) return;
    rules.evaluate(atMs);
    if (firstFiredMs === null && rules.alerts().some((alert) => alert.state === 'firing')) {
      firstFiredMs = atMs;
      schedule(responses, atMs);
    }
  }

  function schedule(entries: readonly ScriptEntry[], fromMs: number): void {
    pending.push(...entries.map((entry) => ({ entry, atMs: fromMs + entry.offsetMs })));
    pending.sort((one, other) => one.atMs - other.atMs);
  }

  return {
    store,
    series,
    rules,
    flags,
    everAlarmed: rules.everHeld,
    firstFiredMs: () => firstFiredMs,
    made: () => made,
    settle: (atMs) => controller.step(atMs),
    lookedAt(service, atMs) {
      if (looked.has(service)) return;
      looked.add(service);
      schedule(
        drill.colleagues.filter(({ change }) => change.service === service),
        atMs,
      );
    },
    advanceTo(untilMs) {
      while (nextMs <= untilMs) {
        const lastsMs = nextMs < servesFromMs ? unservedMs : nextMs < fineFromMs ? scrapeMs : stepMs;
        takeStep(nextMs, lastsMs);
        nextMs += lastsMs;
      }
    },
  };
}

/** Mean CPU of what serves, in percent of what its pods request; null while nothing is known of it. */
function utilisationOf(
  { services }: TrafficState,
  indexOf: ReadonlyMap<string, number>,
  namespace: string,
  name: string,
): number | null {
  const state = services[indexOf.get(name) ?? -1];
  if (state?.service.namespace !== namespace || state.pods.length === 0) return null;
  const cores = state.pods.reduce((total, pod) => total + pod.cores, 0) / state.pods.length;
  return (100 * cores) / requestedCores(state.service);
}

/** A flag is there, and off, long before anybody turns it; what it is turned to first is prepared. */
function createFlags(flags: FlagBook, script: readonly ScriptEntry[], atMs: number): void {
  const made = new Set<string>();
  for (const { change } of script) {
    if (change.kind !== 'flag' || made.has(change.flag)) continue;
    made.add(change.flag);
    const { flag, percent, actor: by } = change;
    flags.setRollout({ flag, percent: percent === 0 ? 100 : percent, by, atMs });
    flags.setRollout({ flag, percent: 0, by, atMs });
  }
}
