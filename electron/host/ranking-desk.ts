import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { CaseFile } from '../../shared/formats/case.ts';
import {
  type Candidates,
  type ChangeCandidate,
  isOfWhole,
  type Judgement,
} from '../../shared/vocabulary/candidate.ts';
import type { ChangeEvent, Event, Observation } from '../../shared/vocabulary/event.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { MetricSeries } from '../../shared/vocabulary/metric.ts';
import type { Watch } from '../../shared/vocabulary/proposal.ts';
import type { Topology } from '../../shared/vocabulary/topology.ts';
import type { Connector, Window } from '../connectors/source.ts';
import { givenDismissed } from '../correlation/given-dismissed.ts';
import type { Anomaly, Explanation } from '../correlation/rank-explained.ts';
import { type Placed, steadyOrder } from '../correlation/steady-order.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import type { CandidatesRepository } from '../store/candidates-repository.ts';
import type { IncidentRepository } from '../store/incident-repository.ts';
import type { SourceDesk } from '../timeline/source-desk.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { caseOf } from './case-of.ts';
import { type HeldSource, heldAfter, type SourceAnswer } from './metrics/held-series.ts';

const PERIOD_MS = 15_000;
const READ_TIMEOUT_MS = 15_000;
const LEAST_STEP_MS = 15_000;
/** No more points a series than this: a longer window takes longer steps. */
const MOST_POINTS = 480;
/** What grows slowly is read over a day, in steps as long as the time until it is read again. */
const DAY_MS = 24 * 3_600_000;
const SLOW_STEP_MS = 5 * 60_000;
/** What may grow, and what tells growth from work. */
const SLOW_KINDS = ['saturation', 'traffic'] as const;

/** A ranking before people had their say in it; `silent` are the sources of metrics where none of them answered. */
type Ranked = { explanation: Explanation; topology: Topology; silent: readonly string[] };
type Judgements = Record<string, Judgement>;
type MetricWindow = Parameters<NonNullable<Connector['metrics']>['serviceMetrics']>[0];
type Ask<T> = (connector: Connector, signal: AbortSignal) => Promise<T> | undefined;
type Asked<T> = { connector: Connector } & ({ ok: true; value: T } | { ok: false; sentence: string });

export type RankingDesk = ReturnType<typeof rankingDesk>;

/** Reads the metrics of open incidents again and again and, until something is done, ranks what could be the cause. */
export function rankingDesk(ports: {
  sources: SourceDesk;
  incidents: IncidentRepository;
  timeline: Timeline;
  repository: CandidatesRepository;
  clock: Clock;
  logger: Logger;
  /** How many times longer than usual a source may take to answer; 1 unless told otherwise. */
  patience?: number;
  /** Ranks in a thread of its own, so that neither the screen nor the ingest waits for it. */
  explain(input: CaseFile): Promise<Explanation>;
  /** From here on something was done about it: what the metrics show then is the effect, not the cause. */
  actedOn(incident: string): boolean;
  /** Told each new ranking of an open incident. */
  onRanked(incident: Incident, candidates: Candidates): void;
  publish(event: HostEvent): void;
}) {
  const { sources, incidents, timeline, repository, clock, logger, patience = 1, publish } = ports;
  const held = new Map<string, readonly HeldSource[]>();
  const firstReads = new Map<string, Promise<readonly HeldSource[]>>();
  const slow = new Map<string, { atMs: number; series: MetricSeries[] }>();
  const cases = new Map<string, CaseFile>();
  const placed = new Map<string, Placed[]>();
  const latest = new Map<string, Ranked>();
  const stop = clock.every(PERIOD_MS, async () => {
    for (const incident of incidents.open()) await rank(incident);
  });

  /** Answers whether there is anything to go by: false where there are sources of metrics and not one of them ever answered. */
  async function rank(incident: Incident): Promise<boolean> {
    const window = windowOf(incident);
    const [answers, slowly, topology] = await Promise.all([
      readSources({ ...window, stepMs: stepOf(window) }),
      readSlowly(incident.id, window),
      readTopology(window, latest.get(incident.id)?.topology),
    ]);
    const known = heldAfter(held.get(incident.id) ?? [], answers, clock.now());
    const isMeasured = known.length === 0 || known.some(({ readMs }) => readMs !== null);
    const silent = isMeasured ? [] : known.map(({ name }) => name);
    if (incidents.find(incident.id)?.status === 'closed') return isMeasured;
    held.set(incident.id, known);
    publish({ name: 'metrics.changed', incident: incident.id });
    if (ports.actedOn(incident.id)) return isMeasured;
    const events = timeline.ofIncident(incident.id);
    const input = caseOf({
      window,
      events,
      series: [...known.flatMap(({ series }) => series), ...slowly],
      topology,
    });
    cases.set(incident.id, input);
    const explanation = await ports.explain(input);
    // Somebody may have acted, or closed it, while it was ranked.
    if (ports.actedOn(incident.id) || incidents.find(incident.id)?.status === 'closed') return isMeasured;
    const ranked = { explanation, topology, silent };
    latest.set(incident.id, ranked);
    // Cohorts of a version or a pod are evidence, not facts of the timeline.
    timeline.add(incident.id, explanation.anomalies.filter(isOfWhole).map(signalOf));
    ports.onRanked(incident, show(incident.id, ranked, judgementsOf(incident.id)));
    return isMeasured;
  }

  const judgementsOf = (incident: string): Judgements => repository.find(incident)?.judgements ?? {};

  /** Stores and tells a ranking as people see it: without what they ruled out, and without needless movement. */
  function show(
    incident: IncidentId,
    { explanation, topology, silent }: Ranked,
    judgements: Judgements,
  ): Candidates {
    const dismissed = new Set(
      Object.entries(judgements).flatMap(([id, { as }]) => (as === 'dismissed' ? [id] : [])),
    );
    const steadied = steadyOrder(placed.get(incident) ?? [], explanation.changes);
    placed.set(incident, steadied.placed);
    const given = givenDismissed({ ...explanation, changes: steadied.order }, dismissed);
    const candidates: Candidates = {
      ...candidatesOf(given, timeline.ofIncident(incident), judgements, clock.now()),
      ...(silent.length > 0 ? { unmeasured: [...silent] } : {}),
    };
    repository.save(incident, { candidates, topology, judgements });
    publish({ name: 'candidates.changed', incident, candidates, topology });
    return candidates;
  }

  const windowOf = ({ fromMs, closedMs }: Incident): Window => ({ fromMs, toMs: closedMs ?? clock.now() });

  const readSeries = async (window: MetricWindow): Promise<MetricSeries[]> =>
    seriesIn(await readSources(window));

  /** What each source of metrics gives for a window, or why it gives nothing. */
  async function readSources(window: MetricWindow): Promise<SourceAnswer[]> {
    const answers = await askEach((connector, signal) =>
      (connector.metrics ?? connector.cloud)?.serviceMetrics(window, signal),
    );
    return answers.map(({ connector: { id, name }, ...answer }) =>
      answer.ok ? { id, name, ok: true, series: answer.value } : { id, name, ...answer },
    );
  }

  function hold({ id }: Incident, answers: readonly SourceAnswer[]): readonly HeldSource[] {
    const now = heldAfter(held.get(id) ?? [], answers, clock.now());
    held.set(id, now);
    return now;
  }

  /** What is held of an incident; of one that is not ranked any more, or not yet, its window is read once. */
  async function heldOf(incident: Incident): Promise<readonly HeldSource[]> {
    const known = held.get(incident.id);
    // An open one is asked about again by itself; a closed one that nobody told of yet deserves another try.
    if (known && (incident.status !== 'closed' || known.some(({ readMs }) => readMs !== null))) return known;
    const window = windowOf(incident);
    const reading =
      firstReads.get(incident.id) ??
      readSources({ ...window, stepMs: stepOf(window) }).then(
        (answers) => held.get(incident.id) ?? hold(incident, answers),
      );
    firstReads.set(incident.id, reading);
    return reading.finally(() => firstReads.delete(incident.id));
  }

  /** The day up to now, coarsely: what has grown for hours is not seen to have begun in the incident's window. */
  async function readSlowly(incident: IncidentId, { toMs }: Window): Promise<MetricSeries[]> {
    const known = slow.get(incident);
    if (known && toMs - known.atMs < SLOW_STEP_MS) return known.series;
    const answers = await readSources({
      fromMs: toMs - DAY_MS,
      toMs,
      stepMs: SLOW_STEP_MS,
      kinds: SLOW_KINDS,
    });
    const read = answers.some(({ ok }) => ok) ? seriesIn(answers) : (known?.series ?? []);
    const kept = read.filter((one) => isOfWhole(one) && SLOW_KINDS.some((kind) => kind === one.kind));
    slow.set(incident, { atMs: toMs, series: kept });
    return kept;
  }

  /** What calls what. Where a source fails, what it said before still counts: a graph does not fall apart for a slow answer. */
  async function readTopology(window: Window, before: Topology | undefined): Promise<Topology> {
    const [called, hinted] = await Promise.all([
      askEach((connector, signal) => connector.metrics?.topology(window, signal)),
      askEach((connector, signal) => connector.cluster?.topologyHints(signal)),
    ]);
    const isWhole = [...called, ...hinted].every(({ ok }) => ok);
    const known = before === undefined || isWhole ? [] : [before];
    return merged([...known, ...valuesOf(called)], valuesOf(hinted).flat());
  }

  /** What each source that can be asked answers, or why it failed, which is logged. */
  async function askEach<T>(ask: Ask<T>): Promise<Asked<T>[]> {
    const answers = await Promise.all(
      sources.connectors().map(async (connector): Promise<Asked<T> | null> => {
        try {
          const value = await ask(connector, AbortSignal.timeout(READ_TIMEOUT_MS * patience));
          return value === undefined ? null : { connector, ok: true, value };
        } catch (error) {
          const sentence = messageOf(error);
          logger.warn(
            { source: connector.id, error: sentence },
            'a source could not be read for the ranking',
          );
          return { connector, ok: false, sentence };
        }
      }),
    );
    return answers.filter((answer) => answer !== null);
  }

  /** A service's metric over the time before now, read now, oldest first. */
  async function history(service: string, metric: string, lastMs: number): Promise<Watch['samples']> {
    const toMs = clock.now();
    const recently = { fromMs: toMs - lastMs, toMs };
    const read = await readSeries({ ...recently, stepMs: stepOf(recently), services: [service] });
    const wanted = read.find((one) => one.service === service && one.name === metric && isOfWhole(one));
    if (!wanted) return [];
    return wanted.values.map((value, index) => ({ atMs: wanted.fromMs + index * wanted.stepMs, value }));
  }

  return {
    rank,
    seriesOf: (incident: string, service: string): MetricSeries[] =>
      (held.get(incident) ?? []).flatMap((source) => source.series.filter((one) => one.service === service)),
    heldOf,
    readSources,
    windowOf,
    stepOf,
    /** What was last ranked of an incident. */
    caseOf: (incident: string): CaseFile | undefined => cases.get(incident),
    /**
     * What a person made of a candidate, or null to take it back; the ranking follows at once.
     * @throws Failure `not_found` for a candidate that is not in the ranking.
     */
    judge(incident: IncidentId, candidate: string, judgement: Judgement | null): ChangeCandidate {
      const row = repository.find(incident);
      const known = row?.candidates.changes.find(({ id }) => id === candidate);
      if (!row || !known)
        throw new Failure('not_found', `There is no candidate ${candidate} in this incident`);
      const { [candidate]: _before, ...others } = row.judgements;
      const judgements = judgement ? { ...others, [candidate]: judgement } : others;
      const ranked = latest.get(incident);
      if (ranked) show(incident, ranked, judgements);
      // Ranked before the last start: the next ranking is seconds away, and knows of it then.
      else repository.save(incident, { ...row, judgements });
      return known;
    },
    /** The newest value of a service's metric over the last minutes, read now. */
    latest: async (service: string, metric: string): Promise<number | null> =>
      (await history(service, metric, LATEST_WINDOW_MS)).findLast(({ value }) => value !== null)?.value ??
      null,
    history,
    close: stop,
  };
}

const LATEST_WINDOW_MS = 2 * 60_000;

const valuesOf = <T>(answers: readonly Asked<T>[]): T[] =>
  answers.flatMap((answer) => (answer.ok ? [answer.value] : []));

const seriesIn = (answers: readonly SourceAnswer[]): MetricSeries[] =>
  answers.flatMap((answer) => (answer.ok ? answer.series : []));

function stepOf({ fromMs, toMs }: Window): number {
  const steps = Math.ceil((toMs - fromMs) / MOST_POINTS / LEAST_STEP_MS);
  return Math.max(1, steps) * LEAST_STEP_MS;
}

function merged(called: readonly Topology[], hinted: Topology['services']): Topology {
  const services = new Map<string, Topology['services'][number]>();
  for (const service of [...called.flatMap(({ services }) => services), ...hinted]) {
    const known = services.get(service.id);
    services.set(service.id, {
      id: service.id,
      namespace: service.namespace ?? known?.namespace ?? null,
      tier: service.tier ?? known?.tier ?? null,
      ...((service.nodes ?? known?.nodes) ? { nodes: service.nodes ?? known?.nodes ?? [] } : {}),
    });
  }
  const calls = new Map(
    called.flatMap(({ calls }) => calls).map((call) => [`${call.from}\n${call.to}`, call]),
  );
  return { services: [...services.values()], calls: [...calls.values()] };
}

function candidatesOf(
  explanation: Explanation,
  events: readonly Event[],
  judgements: Judgements,
  atMs: number,
): Candidates {
  const changes = new Map(
    events
      .filter((event): event is ChangeEvent => event.kind === 'change')
      .map((event) => [event.key, event]),
  );
  return {
    ...explanation,
    atMs,
    changes: explanation.changes.flatMap((candidate) => {
      const change = changes.get(candidate.id);
      if (!change) return [];
      const { change: kind, service, title } = change;
      const judgement = judgements[candidate.id];
      return [
        {
          ...candidate,
          kind,
          service: service ?? '',
          title,
          atMs: change.atMs,
          ...(judgement ? { judgement } : {}),
        },
      ];
    }),
  };
}

const signalOf = (anomaly: Anomaly): Observation => ({
  kind: 'signal',
  sort: 'metric',
  severity: 'warning',
  key: `metric:${anomaly.service}:${anomaly.metric}`,
  atMs: anomaly.onsetMs,
  service: anomaly.service,
  title: anomaly.sentence,
  source: 'correlation',
});
