import type { ObjectStore } from '../cluster/object-store.ts';
import type { SeriesStore } from '../prometheus/series-store.ts';
import { hash32, randomOf, unitAt } from '../random.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type LabelSets, meshMetrics } from './mesh-metrics.ts';
import { platformMetrics } from './platform-metrics.ts';
import { podMetrics } from './pod-metrics.ts';
import type { Step, TrafficState } from './traffic.ts';

export type Telemetry = {
  /** Counts what was served over one step. */
  observe(step: Step, state: TrafficState): void;
  /** Writes one scrape of everything that exists now. Its noise goes by its number. */
  scrape(number: number, atMs: number, state: TrafficState): void;
};

/**
 * Turns what the world did into the series that common exporters would expose, so that tools which know those conventions
 * find their way. Counters live as long as the pods that hold them.
 */
export function telemetry(options: {
  series: SeriesStore;
  store: ObjectStore;
  scenario: Pick<Scenario, 'topology' | 'measured'>;
  seed: number;
  /** Whether the mesh alone is measured, for those who ask nothing else. */
  meshAlone?: boolean;
  labelSets?: LabelSets;
}): Telemetry {
  const { series, store, scenario, seed, meshAlone = false } = options;
  const labelSets: LabelSets = options.labelSets ?? new Map();
  const { topology, measured } = scenario;
  const { noise } = measured;
  const namespaces = new Map(topology.services.map(({ name, namespace }) => [name, namespace]));
  const unmeasured = new Set(
    randomOf(seed, 'unmeasured')
      .shuffle(topology.services.filter(({ kind, entryRps }) => kind === 'service' && !entryRps))
      .slice(0, measured.unmeasuredServices)
      .map(({ name }) => name),
  );
  const mesh = meshMetrics({
    series,
    seed,
    byPod: topology.meshByPod,
    namespaceOf: (service) => namespaces.get(service) ?? 'unknown',
    isMeasured: (service) => !unmeasured.has(service),
    labelSets,
  });
  const pods = podMetrics({
    series,
    seed,
    noise,
    restartsOf: (namespace, name) =>
      store.get('Pod', namespace, name)?.status.containerStatuses[0]?.restartCount ?? 0,
  });
  const platform = platformMetrics({ series, store, topology, seed });
  const missed = hash32(`${seed}/missed`);

  return {
    observe(step, state) {
      mesh.observe(step.seconds, state.services);
      if (meshAlone) return;
      pods.observe(step, state.services);
      platform.observe(step.seconds, state);
    },
    scrape(scrape, atMs, state) {
      series.beginScrape(atMs);
      const isMissed = (pod: string) =>
        measured.missingScrapes > 0 && unitAt(missed ^ hash32(pod), scrape) < measured.missingScrapes;
      mesh.scrape(scrape, isMissed);
      if (meshAlone) return;
      pods.scrape(scrape, isMissed);
      platform.scrape(scrape, state);
    },
  };
}
