import { join } from 'node:path';
import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { IncidentId, Realm } from '../../shared/vocabulary/ids.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import type { StopState } from '../../shared/vocabulary/status.ts';
import { actions } from '../actions/all.ts';
import { type AnalystDeskPorts, analystDesk } from '../analyst/analyst-desk.ts';
import type { SecretFinder } from '../analyst/outgoing/masking/without-secrets.ts';
import { toolGateway } from '../analyst/tool-gateway.ts';
import { systemsOf } from '../connectors/source.ts';
import type { EnvelopeInForce } from '../guard/envelope/loaded-envelope.ts';
import { breakerDesk } from '../guard/stops/breaker-desk.ts';
import { overBudget } from '../guard/stops/breakers.ts';
import { latestTime } from '../ledger/latest-time.ts';
import { openLedger } from '../ledger/log.ts';
import type { HeadKeeper } from '../ledger/outside-head.ts';
import { ledgerQueries } from '../ledger/search/query.ts';
import type { Clock } from '../platform/clock.ts';
import type { Signer } from '../platform/ed25519.ts';
import { randomIds } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { pause } from '../platform/pause.ts';
import { proposalDesk } from '../proposals/proposal-desk.ts';
import { analystRepository } from '../store/analyst-repository.ts';
import { candidatesRepository } from '../store/candidates-repository.ts';
import { connectionRepository } from '../store/connection-repository.ts';
import { dataFiles } from '../store/data-files.ts';
import { debriefRepository } from '../store/debrief-repository.ts';
import { escalationRepository } from '../store/escalation-repository.ts';
import { eventRepository } from '../store/event-repository.ts';
import { incidentRepository } from '../store/incident-repository.ts';
import { memoryRepository } from '../store/memory-repository.ts';
import { migrations } from '../store/migrations/all.ts';
import { openStore } from '../store/open-store.ts';
import { proposalRepository } from '../store/proposal-repository.ts';
import { reportRepository } from '../store/report-repository.ts';
import { runRepository } from '../store/run-repository.ts';
import { sentRepository } from '../store/sent-repository.ts';
import { settingRepository } from '../store/setting-repository.ts';
import { gathering } from '../timeline/gathering.ts';
import { sourceDesk } from '../timeline/source-desk.ts';
import { timeline as timelineOf } from '../timeline/timeline.ts';
import type { signingKeys } from '../vault/keys.ts';
import { aboutIncident } from './about-incident.ts';
import { alertIntake } from './alert-intake.ts';
import { alertLooks } from './alert-looks.ts';
import { analystSpending } from './analyst-spending.ts';
import { beginWork } from './begin-work.ts';
import { citedTextIn } from './cited-text-in.ts';
import { envelopeDesk } from './envelope-desk.ts';
import { escalationDesk } from './escalation-desk.ts';
import { incidentDesk } from './incident-desk.ts';
import { credentialsDesk } from './least-privilege/credentials-desk.ts';
import { ledgerUpkeep } from './ledger-upkeep.ts';
import { memoryDesk } from './memory-desk.ts';
import { metricsDesk } from './metrics/metrics-desk.ts';
import { offerableActions } from './offerable-actions.ts';
import { belongsTo, pastOf } from './past-of.ts';
import { rankingDesk } from './ranking-desk.ts';
import { readContext } from './read-context.ts';
import { readScope } from './read-scope.ts';
import { readingDesk } from './reading-desk.ts';
import { runbookShelf } from './runbook-shelf.ts';
import { sentDesk } from './sent-desk.ts';

export type RealmPorts = {
  realm: Realm;
  dataDir: string;
  clock: Clock;
  /** How many times longer than usual sources may take to answer. */
  patience: number;
  /** Resolves when no periodic task of this clock is under way. */
  idle(): Promise<void>;
  logger: Logger;
  /** Keys by name; throw `Failure('locked')` while the vault is. */
  keys: ReturnType<typeof signingKeys>;
  /** The key of the person who decides; throws `Failure('locked')` while their passphrase is needed. */
  approver(person: string): Signer;
  headKeeper: HeadKeeper;
  analystPrompt: string;
  /** Which analyst works here. */
  analyst: Pick<AnalystDeskPorts, 'choose' | 'standing'>;
  explain: Parameters<typeof rankingDesk>[0]['explain'];
  /** Finds what must not be written into what an analyst concludes. */
  secretsIn: SecretFinder;
  /** Where its envelope lies, asked at each use. */
  envelopeDir(): string;
  stop(): StopState;
  /** Aborts with the stop. */
  halting(): AbortSignal;
  person(): string;
  drill(): Incident['drill'];
  publish(event: HostEvent): void;
  onStatus(): void;
};
export type RealmDesk = ReturnType<typeof openRealm>;

/** Everything of one realm, real incidents or drills, built once from its own data file and its own clock. */
export function openRealm(ports: RealmPorts) {
  const { realm, clock, patience, logger, publish, stop } = ports;
  const store = openStore(join(ports.dataDir, dataFiles[realm]), migrations);
  const { db } = store;
  const ids = randomIds;
  const ledger = openLedger({
    db,
    realm,
    clock,
    ids,
    signer: (announced) => ports.keys.of('log', announced),
    headKeeper: ports.headKeeper,
    logger,
  });
  ledger.onAppend(ports.onStatus);

  const envelope = envelopeDesk({
    dir: ports.envelopeDir,
    ledger,
    clock,
    logger,
    latestMs: latestTime(db),
    onChange(digest, sentence) {
      proposals.voidAllOpen(
        `The envelope changed since proposed: ${sentence}`,
        ({ verdict }) => verdict.envelope.digest !== digest,
      );
      ports.onStatus();
    },
  });

  const events = eventRepository(db);
  const incidentRows = incidentRepository(db);
  const analystRows = analystRepository(db);
  const runs = runRepository(db);
  const candidateRows = candidatesRepository(db);
  const proposalRows = proposalRepository(db);
  const timeline = timelineOf({ repository: events, clock, publish });
  const incidents = incidentDesk({
    realm,
    repository: incidentRows,
    timeline,
    ledger,
    clock,
    ids,
    publish,
    onClosed: (incident, by) => {
      escalations.closeAll(incident, by);
      memory.closed(incident);
    },
  });
  const memory = memoryDesk({
    repository: memoryRepository(db),
    incidents,
    timeline,
    candidatesOf: (incident) => candidateRows.find(incident)?.candidates ?? null,
    hypothesesOf: analystRows.hypotheses,
    proposalsOf: proposalRows.ofIncident,
    ledger,
    clock,
    publish,
  });

  const escalations = escalationDesk({
    repository: escalationRepository(db),
    incidents,
    timeline,
    ledger,
    clock,
    ids,
    publish,
  });

  const looks = alertLooks(settingRepository(db));
  const intake = alertIntake({
    incidents,
    timeline,
    events,
    ledger,
    logger,
    person: ports.person,
    drill: ports.drill,
    nowMs: clock.now,
    ...(realm === 'real' ? { lastReadMs: looks.before } : {}),
    connectors: () => sources.connectors(),
    onOpened: (incident) =>
      void begin(incident).catch((error) => logger.error({ error }, 'an incident could not begin')),
  });
  const observed = gathering({
    passOn(observations) {
      for (const incident of incidents.openOnes()) {
        timeline.add(incident.id, observations.filter(belongsTo(incident)));
      }
    },
    onError: (error) => logger.error({ error }, 'what sources delivered could not be stored'),
  });
  const sources = sourceDesk({
    realm,
    clock,
    logger,
    patience,
    onAlerts: intake.take,
    onMissed: intake.missed,
    onObservations: (observations) => observed.add(observations),
    onStatus: ports.onStatus,
    // A drill begins anew each time.
    ...(realm === 'real' ? { looks } : {}),
    onAttached: (connector) => void credentials.review(connector),
  });
  const credentials = credentialsDesk({
    realm,
    clock,
    connectors: sources.connectors,
    actions,
    envelope: () => loadedOf(envelope.inForce()),
    onChange: ports.onStatus,
  });
  const working = new Map<string, Promise<void>>();
  const closing = new AbortController();
  const reading = readingDesk({
    analyst: () => analyst,
    candidatesOf: (incident) => candidateRows.find(incident)?.candidates,
    proposalsOf: proposalRows.ofIncident,
    stop,
  });
  const ranking = rankingDesk({
    sources,
    incidents: incidentRows,
    timeline,
    repository: candidateRows,
    clock,
    logger,
    patience,
    explain: ports.explain,
    onRanked: (incident, candidates) => {
      memory.onRanked(incident);
      reading.onRanked(incident, candidates);
    },
    actedOn: (incident) => proposalRows.ofIncident(incident).some(isActedOn),
    publish,
  });

  const metrics = metricsDesk({
    clock,
    ...ranking,
    read: ranking.readSources,
    onsetOf: ({ id }) => candidateRows.find(id)?.candidates.onsetMs ?? null,
    connectors: sources.connectors,
  });

  const proposals = proposalDesk({
    realm,
    clock,
    ids,
    logger,
    ledger,
    repository: proposalRows,
    timeline,
    actions,
    envelope: () => envelope.inForce(),
    stop,
    halting: ports.halting,
    breakerCounts: (incident, limits) => breakers.countsOf(incident, limits),
    surplusCredentials: credentials.surplus,
    systems: (id) => {
      const connector = sources.find(id);
      return connector ? systemsOf(connector) : {};
    },
    nameOf: (id) => sources.find(id)?.name,
    latest: ranking.latest,
    history: ranking.history,
    citedText: citedTextIn({ timeline, readOf: analystRows.read }),
    approver: ports.approver,
    openEscalation: escalations.open,
    publish: (event) => {
      publish(event);
      if (event.name !== 'proposal.changed') return;
      breakers.look(event.proposal.incident);
      if (hasHelped(event.proposal)) incidents.mitigated(event.proposal.incident);
      reading.onConcluded(event.proposal);
      memory.onProposal(event.proposal);
    },
  });
  const spentOf = analystSpending(ledger);
  const breakers = breakerDesk({
    settings: settingRepository(db),
    ledger,
    clock,
    limits: () => loadedOf(envelope.inForce())?.envelope.breakers ?? null,
    openIncidents: () => incidents.openOnes().map(({ id }) => id),
    proposalsOf: proposalRows.ofIncident,
    spentOf,
    onTold: (incident, title) =>
      timeline.record(incident, { sort: 'stop', ref: 'breaker', service: null, title }),
    onStatus: ports.onStatus,
    logger,
  });
  const offered = offerableActions(actions, () => loadedOf(envelope.inForce()));
  const runbooks = runbookShelf(join(ports.dataDir, 'runbooks'));
  const analyst = analystDesk({
    ...ports.analyst,
    secretsIn: ports.secretsIn,
    system: ports.analystPrompt,
    ledger,
    clock,
    nowMs: Date.now,
    ids,
    stop,
    about: (incident) => aboutIncident(incidents.find(incident), clock.now()),
    claims: (incident) => analystRows.hypotheses(incident).map(({ claim }) => claim),
    runs,
    overBudget: (incident) => {
      const limits = loadedOf(envelope.inForce())?.envelope.breakers;
      const spent = limits ? overBudget(limits, spentOf(incident, breakers.closedMs(incident))) : null;
      return spent?.sentence ?? null;
    },
    record: (incident) => ({
      hasEvent: (key) => timeline.ofIncident(incident).some((event) => event.key === key),
      hasRead: (id) => analystRows.read(id, incident) !== undefined,
    }),
    steps: { next: analystRows.nextSeq, add: analystRows.addStep, of: analystRows.steps },
    publish,
    gateway: (incident, model) =>
      toolGateway({
        incident,
        model,
        ledger,
        clock,
        ids,
        actions: offered(),
        reading: readContext({
          incident: incidents.find(incident),
          timeline,
          candidateRows,
          ranking,
          sources,
          clock,
          runbooks,
          memory,
        }),
        keepRead: (id, result) => analystRows.addRead(id, incident, result),
        readText: (id) => analystRows.read(id, incident),
        ceilingFactor: memory.ceilingFactor,
        keepHypotheses: (hypotheses) => {
          analystRows.replaceHypotheses(incident, hypotheses);
          publish({ name: 'hypotheses.changed', incident, hypotheses });
        },
        secretsIn: ports.secretsIn,
        propose: proposals.propose,
        openEscalation: escalations.open,
      }),
  });

  function begin(incident: Incident): Promise<void> {
    envelope.record();
    const work = beginWork(
      incident,
      {
        async gather() {
          const found = await sources.backfill(pastOf(incident, clock.now()));
          timeline.add(incident.id, found.filter(belongsTo(incident)));
        },
        rank: ranking.rank,
        read: reading.onOpened,
        pause,
      },
      closing.signal,
    );
    working.set(incident.id, work);
    return work;
  }

  proposals.reconcile();
  return {
    realm,
    clock,
    dataFile: db.name,
    headKept: ports.headKeeper.read,
    settings: settingRepository(db),
    connections: connectionRepository(db),
    debriefs: debriefRepository(db),
    reports: reportRepository(db),
    setAside: store.setAside,
    ledger,
    envelope,
    /** The key of the person at the controls. */
    approver: ports.approver,
    upkeep: ledgerUpkeep({
      db,
      ledger,
      keys: ports.keys,
      nowMs: Date.now,
      now: clock.now,
      voidOffers: proposals.voidAllOpen,
      onErased() {
        timeline.forget();
        memory.forget();
      },
    }),
    queries: ledgerQueries(db),
    timeline,
    incidents,
    sources,
    ranking,
    metrics,
    reads: readScope(() => loadedOf(envelope.inForce())?.envelope.reads ?? null),
    proposals,
    breakers,
    credentials,
    analyst,
    memory,
    sent: sentDesk({ repository: sentRepository(db), ledger, clock, ids, publish }),
    runs,
    hypothesesOf: analystRows.hypotheses,
    candidatesOf: candidateRows.find,
    escalations,
    beginWork: begin,
    /** Resolves when the work that an incident began with is done. */
    worked: (incident: IncidentId): Promise<void> => working.get(incident) ?? Promise.resolve(),
    async close(): Promise<void> {
      closing.abort();
      envelope.close();
      const analystEnded = analyst.end();
      breakers.end();
      credentials.end();
      sources.close();
      observed.close();
      ranking.close();
      proposals.close();
      await Promise.allSettled([analystEnded, ...working.values()]);
      await ports.idle();
      runbooks.close();
      runs.flush();
      ledger.close();
      store.close();
    },
  };
}

/** While its effect is watched, and after it helped, an action is what the metrics show. */
const isActedOn = (proposal: Proposal): boolean =>
  proposal.progress.state === 'executing' || proposal.progress.state === 'watching' || hasHelped(proposal);

const hasHelped = ({ progress }: Proposal): boolean =>
  progress.state === 'done' && progress.outcome === 'improved';

const loadedOf = (inForce: EnvelopeInForce) => (inForce.kind === 'in-force' ? inForce.loaded : null);
