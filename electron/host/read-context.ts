import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Place, ReadContext, Readers } from '../analyst/tools/read-tool.ts';
import type { Clock } from '../platform/clock.ts';
import type { CandidatesRepository } from '../store/candidates-repository.ts';
import type { SourceDesk } from '../timeline/source-desk.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { RankingDesk } from './ranking-desk.ts';

/** What the analyst's read tools are given of an incident: readers only. */
export function readContext(parts: {
  incident: Incident;
  timeline: Timeline;
  candidateRows: CandidatesRepository;
  ranking: RankingDesk;
  sources: SourceDesk;
  clock: Clock;
}): ReadContext {
  const { incident, timeline, candidateRows, ranking, sources, clock } = parts;
  return {
    window: { fromMs: incident.fromMs, toMs: incident.closedMs ?? clock.now() },
    events: () => timeline.ofIncident(incident.id),
    candidates: () => candidateRows.find(incident.id)?.candidates ?? null,
    topology: () => candidateRows.find(incident.id)?.topology ?? { services: [], calls: [] },
    metricsOf: async (service) => ranking.seriesOf(incident.id, service),
    locate: (service, signal) => locate(sources, service, signal),
    readersNamed: (source) => readersNamed(sources, source),
  };
}

function readersNamed(sources: SourceDesk, source: string): Readers | null {
  const [only, ...others] = sources.connectors().filter(({ name }) => name === source);
  return only && others.length === 0 ? { id: only.id, cluster: only.cluster, flags: only.flags } : null;
}

/** The first connected cluster that runs a Deployment of this name. */
async function locate(sources: SourceDesk, service: string, signal: AbortSignal): Promise<Place | null> {
  for (const { id, cluster } of sources.connectors()) {
    const hint = (await cluster?.topologyHints(signal))?.find((one) => one.id === service);
    if (cluster && hint?.namespace)
      return { cluster: id, namespace: hint.namespace, name: service, reader: cluster };
  }
  return null;
}
