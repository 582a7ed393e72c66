import { expect, it } from 'vitest';
import { rankingDesk } from '../../../electron/host/ranking-desk.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import type { CaseFile } from '../../../shared/formats/case.ts';
import type { Candidates } from '../../../shared/vocabulary/candidate.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import type { Incident } from '../../../shared/vocabulary/incident.ts';

const incident = { id: IncidentId.parse('inc-1'), fromMs: 0, closedMs: null, status: 'open' } as Incident;
const errors = { service: 'web', name: 'error_rate', kind: 'error_rate', unit: 'ratio', labels: {} };
const series = { ...errors, fromMs: 0, stepMs: 15_000, values: [0, 0, 0.5] };
const graph = {
  services: [{ id: 'web', namespace: null, tier: null }],
  calls: [{ from: 'edge', to: 'web' }],
};

type Does = 'answers' | 'fails';

/** A desk on sources of metrics that do as they are told, with what it ranked and by what. */
function bench(...does: Does[]) {
  const told = { does };
  const ranked: { input: CaseFile; candidates: Candidates }[] = [];
  let input: CaseFile | undefined;
  const connectors = does.map((_, at) => {
    const given = async <T>(value: T): Promise<T> => {
      if (told.does[at] === 'fails') throw new Error('did not answer in time');
      return value;
    };
    return {
      id: `source-${at}`,
      name: `Source ${at}`,
      metrics: { serviceMetrics: () => given([series]), topology: () => given(graph) },
    };
  });
  const desk = rankingDesk({
    sources: { connectors: () => connectors },
    incidents: { find: () => incident, open: () => [] },
    timeline: { ofIncident: () => [], add: () => [] },
    repository: { find: () => undefined, save: () => undefined },
    clock: { now: () => 3_600_000, every: () => () => undefined },
    logger: silentLogger,
    async explain(given: CaseFile) {
      input = given;
      return { changes: [], services: [], anomalies: [], onsetMs: null, novelty: 1, worthReading: 0 };
    },
    actedOn: () => false,
    onRanked: (_incident: Incident, candidates: Candidates) => {
      if (input) ranked.push({ input, candidates });
    },
    publish: () => undefined,
  } as unknown as Parameters<typeof rankingDesk>[0]);
  return { told, ranked, rank: () => desk.rank(incident) };
}

it('finds nothing measured only where there are sources of metrics and none of them ever answered, and names them', async () => {
  const half = bench('answers', 'fails');
  expect(await half.rank()).toBe(true);
  expect(half.ranked[0]?.candidates).not.toHaveProperty('unmeasured');
  const silent = bench('fails', 'fails');
  expect(await silent.rank()).toBe(false);
  expect(silent.ranked[0]?.candidates.unmeasured).toEqual(['Source 0', 'Source 1']);
  const none = bench();
  expect(await none.rank()).toBe(true);
  expect(none.ranked[0]?.candidates).not.toHaveProperty('unmeasured');
});

it('ranks by what a source said before while it is silent, and by its calls', async () => {
  const { told, ranked, rank } = bench('answers');
  await rank();
  told.does = ['fails'];
  expect(await rank()).toBe(true);
  const [before, after] = ranked;
  expect(before?.input.metrics.length).toBeGreaterThan(0);
  expect(after?.input.metrics).toEqual(before?.input.metrics);
  expect(after?.input.calls).toEqual(graph.calls);
  expect(after?.candidates).not.toHaveProperty('unmeasured');
});
