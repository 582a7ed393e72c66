import type { Incident } from '../../shared/vocabulary/incident.ts';
import type {
  Named,
  Place,
  ReadableSystems,
  ReadContext,
  Readers,
  Runbooks,
} from '../analyst/tools/read-tool.ts';
import type { Connector } from '../connectors/source.ts';
import type { Clock } from '../platform/clock.ts';
import type { CandidatesRepository } from '../store/candidates-repository.ts';
import type { SourceDesk } from '../timeline/source-desk.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { MemoryDesk } from './memory-desk.ts';
import type { RankingDesk } from './ranking-desk.ts';

type Sources = Pick<SourceDesk, 'connectors'>;

/** What the analyst's read tools are given of an incident: readers only. */
export function readContext(parts: {
  incident: Pick<Incident, 'id' | 'fromMs' | 'closedMs'>;
  timeline: Pick<Timeline, 'ofIncident'>;
  candidateRows: Pick<CandidatesRepository, 'find'>;
  ranking: Pick<RankingDesk, 'seriesOf'>;
  sources: Sources;
  clock: Pick<Clock, 'now'>;
  runbooks: Runbooks;
  memory: Pick<MemoryDesk, 'about' | 'search'>;
}): ReadContext {
  const { incident, timeline, candidateRows, ranking, sources, clock, runbooks, memory } = parts;
  return {
    window: { fromMs: incident.fromMs, toMs: incident.closedMs ?? clock.now() },
    events: () => timeline.ofIncident(incident.id),
    candidates: () => candidateRows.find(incident.id)?.candidates ?? null,
    topology: () => candidateRows.find(incident.id)?.topology ?? { services: [], calls: [] },
    metricsOf: async (service) => ranking.seriesOf(incident.id, service),
    locate: (service, signal) => locate(sources, service, signal),
    readersNamed: (source) => readersNamed(sources, source),
    systems: readableSystems(sources.connectors),
    runbooks,
    past: { about: () => memory.about(incident.id), search: memory.search },
  };
}

/** INVARIANT: of a connection only its readers are handed on, by name; a control is never among them. */
export function readableSystems(connectors: () => readonly Connector[]): ReadableSystems {
  const having =
    <Part extends 'metrics' | 'alerts' | 'cluster' | 'logs' | 'objects' | 'flagInspector' | 'cloud'>(
      part: Part,
    ) =>
    (): Named<NonNullable<Connector[Part]>>[] =>
      connectors().flatMap((connector) => {
        const reader = connector[part];
        return reader ? [{ id: connector.id, name: connector.name, reader }] : [];
      });
  return {
    metrics: having('metrics'),
    alerts: having('alerts'),
    clusters: having('cluster'),
    logs: having('logs'),
    objects: having('objects'),
    flags: having('flagInspector'),
    clouds: having('cloud'),
  };
}

function readersNamed(sources: Sources, source: string): Readers | null {
  const [only, ...others] = sources.connectors().filter(({ name }) => name === source);
  return only && others.length === 0 ? { id: only.id, cluster: only.cluster, flags: only.flags } : null;
}

/** The first connected cluster that runs a Deployment of this name. */
async function locate(sources: Sources, service: string, signal: AbortSignal): Promise<Place | null> {
  for (const { id, cluster } of sources.connectors()) {
    const hint = (await cluster?.topologyHints(signal))?.find((one) => one.id === service);
    if (cluster && hint?.namespace)
      return { cluster: id, namespace: hint.namespace, name: service, reader: cluster };
  }
  return null;
}
