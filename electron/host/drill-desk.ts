import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { ScenarioSummary } from '../../shared/vocabulary/drill.ts';
import type { Event } from '../../shared/vocabulary/event.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { ConfirmedCause, Review } from '../../shared/vocabulary/memory.ts';
import type { DrillStatus, DrillStep } from '../../shared/vocabulary/status.ts';
import { kubernetes } from '../connectors/kubernetes/kubernetes.ts';
import { loki } from '../connectors/loki/loki.ts';
import { prometheus } from '../connectors/prometheus/prometheus.ts';
import { receiver } from '../connectors/receiver/receiver.ts';
import { oneSecretForAll } from '../connectors/receiver/sender-book.ts';
import { unleash } from '../connectors/unleash/unleash.ts';
import { Failure } from '../platform/failure.ts';
import { LOOPBACK } from '../platform/listen.ts';
import type { Logger } from '../platform/logger.ts';
import { openSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { loadScenario } from '../sandbox/scenario/load-scenarios.ts';
import type { DebriefDesk } from './debrief-desk.ts';
import type { DrillTime } from './drill-time.ts';
import { listScenarios } from './list-scenarios.ts';
import type { RealmDesk } from './realm.ts';

/** How fast drill time runs while an effect is watched: nobody wants to sit through ten quiet minutes. */
const WATCHING_SPEED = 20;
/** For one query; over a day of the whole environment it takes seconds. */
const METRICS_TIMEOUT_MS = 15_000;

export type DrillDesk = ReturnType<typeof drillDesk>;
type Playing = { sandbox: Sandbox; incident: Incident | null };

/**
 * Plays one drill at a time: opens the simulated environment and connects it with the ordinary connectors, in the realm
 * of drills, where no real connection exists.
 */
export function drillDesk(ports: {
  scenariosDir: string;
  time: DrillTime;
  logger: Logger;
  realm(): RealmDesk;
  debriefs: Pick<DebriefDesk, 'make'>;
  onStatus(): void;
}) {
  const { time, logger, realm } = ports;
  let playing: Playing | null = null;
  let attachedMetrics: string | undefined;
  let starting: DrillStep | null = null;
  /** The pace a person chose; the watch of an effect may hurry it, never slow it down. */
  let chosen = 1;
  let watching = false;
  let paused = false;

  const speed = () => (watching ? Math.max(chosen, WATCHING_SPEED) : chosen);

  /** Whoever paused it wants it to stand still, whatever is watched. */
  function pace(): void {
    time.setSpeed(paused ? 0 : speed());
    ports.onStatus();
  }

  function setPaused(next: boolean): void {
    if (!playing) throw new Failure('conflict', NONE_PLAYED);
    paused = next;
    pace();
  }

  /** A drill begins and ends at the pace of the machine's clock, and running. */
  function resetPace(): void {
    chosen = 1;
    watching = false;
    paused = false;
    pace();
  }

  async function start(name: string, seed: number): Promise<Incident> {
    if (starting !== null) throw new Failure('conflict', BEING_PLAYED);
    if (playing) await endIfOver(playing);
    const scenario = loadScenario(ports.scenariosDir, name);
    starting = 'world';
    try {
      closeLeftOpen();
      resetPace();
      await reach('world');
      const sandbox = await openSandbox({ scenario, seed, clock: time.clock, logger });
      playing = { sandbox, incident: null };
      await connect(sandbox);
      const incident = realm().incidents.openOnes().at(-1);
      if (!incident) throw new Error(`No alert fires in ${name} with seed ${seed}`);
      playing.incident = incident;
      return incident;
    } catch (error) {
      await disconnect();
      throw error;
    } finally {
      starting = null;
      ports.onStatus();
    }
  }

  /** Tells how far the start is, before the work of the step leaves nobody a turn. */
  async function reach(step: DrillStep): Promise<void> {
    starting = step;
    ports.onStatus();
    await setImmediate();
  }

  async function end(person: string): Promise<void> {
    if (!playing) throw new Failure('conflict', NONE_PLAYED);
    const { incident, sandbox } = playing;
    realm().analyst.stopAll();
    realm().proposals.voidAllOpen('The drill has ended');
    if (incident && realm().incidents.find(incident.id).status !== 'closed') {
      realm().incidents.close(incident.id, person, 'The drill has ended');
    }
    try {
      if (incident) debrief(sandbox, incident);
    } finally {
      await disconnect();
    }
  }

  /** From here on the answer may be told. */
  function debrief(sandbox: Sandbox, { id, commander }: Incident): void {
    const { name, title, difficulty } = sandbox.scenario;
    ports.debriefs.make({
      incident: id,
      person: commander,
      scenario: { name, title, difficulty },
      seed: sandbox.seed,
      answer: sandbox.answer,
    });
    realm().memory.confirm(id, reviewBy(sandbox.answer, realm().timeline.ofIncident(id)), DRILLS_ANSWER);
  }

  /** A drill whose trouble is over makes room for the next; one that is still worked is nobody's to end in passing. */
  async function endIfOver({ incident }: Playing): Promise<void> {
    if (!incident || realm().incidents.find(incident.id).status === 'open')
      throw new Failure('conflict', BEING_PLAYED);
    await end(incident.commander);
  }

  /**
   * Another one in each drill: the same drill played again fires the same alerts, and an alert of one source that was
   * seen before opens nothing.
   */
  function metricsId(): string {
    attachedMetrics = `drill-prometheus-${realm().incidents.all().length + 1}`;
    return attachedMetrics;
  }

  /** What changes first: when the alert opens the incident, its changes can be read already. */
  async function connect(sandbox: Sandbox): Promise<void> {
    const { kubernetes: cluster, prometheus: metrics, loki: logs, unleash: flags } = sandbox;
    const { sources, reads } = realm();
    await reach('cluster');
    await sources.attach(
      kubernetes({
        id: CLUSTER,
        name: 'Drill cluster',
        clock: time.clock,
        access: { server: cluster.url, token: cluster.token, caData: cluster.caData },
        mayRead: reads.namespace,
      }),
    );
    await reach('other-systems');
    await sources.attach(
      loki({
        id: LOGS,
        name: 'Drill logs',
        clock: time.clock,
        url: logs.url,
        authorization: `Bearer ${logs.token}`,
        logScope: reads.logs,
        mayRead: reads.namespace,
      }),
    );
    await sources.attach(
      unleash({
        id: FLAGS,
        name: 'Drill flags',
        clock: time.clock,
        url: flags.url,
        authorization: flags.token,
      }),
    );
    const token = randomBytes(24).toString('base64url');
    const events = receiver({
      id: EVENTS,
      name: 'Drill pipelines',
      place: { host: LOOPBACK, port: 0, takes: ['events'] },
      senders: [oneSecretForAll(token, ['events'])],
      clock: time.clock,
      logger,
    });
    await sources.attach(events);
    const [url = ''] = (await events.open()).urls;
    await sandbox.feedTo({ url, token });
    await reach('alert');
    await sources.attach(
      prometheus({
        id: metricsId(),
        name: 'Drill Prometheus',
        url: metrics.url,
        authorization: `Bearer ${metrics.token}`,
        timeoutMs: METRICS_TIMEOUT_MS * time.patience,
        metricScope: reads.metrics,
      }),
    );
  }

  /** A drill that Countersign did not live to see the end of cannot go on: its environment is gone. */
  function closeLeftOpen(): void {
    for (const incident of realm().incidents.openOnes()) {
      realm().incidents.close(incident.id, incident.commander, 'The drill was left: its environment is gone');
    }
  }

  async function disconnect(): Promise<void> {
    const ended = playing;
    playing = null;
    realm().sources.detach(CLUSTER);
    realm().sources.detach(EVENTS);
    realm().sources.detach(FLAGS);
    realm().sources.detach(LOGS);
    if (attachedMetrics) realm().sources.detach(attachedMetrics);
    attachedMetrics = undefined;
    resetPace();
    await ended?.sandbox.close();
    ports.onStatus();
  }

  return {
    list: (): ScenarioSummary[] => listScenarios(ports.scenariosDir),
    start,
    end,
    setSpeed(next: number): void {
      if (!playing) throw new Failure('conflict', NONE_PLAYED);
      chosen = next;
      pace();
    },
    pause: () => setPaused(true),
    resume: () => setPaused(false),
    /** Drill time runs fast while the effect of an action is watched, and at its own pace otherwise. */
    paceFor(effectIsWatched: boolean): void {
      if (!playing) return;
      watching = effectIsWatched;
      pace();
    },
    /** What the incidents that open now belong to. */
    current: (): Incident['drill'] =>
      playing ? { scenario: playing.sandbox.scenario.name, seed: playing.sandbox.seed } : null,
    truth: (): Sandbox['answer'] | null => playing?.sandbox.answer ?? null,
    status: (): DrillStatus | null =>
      playing?.incident
        ? {
            incident: playing.incident.id,
            scenario: playing.sandbox.scenario.name,
            title: playing.sandbox.scenario.title,
            speed: speed(),
            paused,
          }
        : null,
    starting: (): { drillStarting?: DrillStep } => (starting === null ? {} : { drillStarting: starting }),
    close: disconnect,
  };
}

/** Who confirms the cause of a drill: its answer, whatever a person took it for. */
const DRILLS_ANSWER = { kind: 'host', name: 'the answer of the drill' } as const;

function reviewBy({ changes, conclusion, helps }: Sandbox['answer'], events: readonly Event[]): Review {
  const seen = changes.filter((key) => events.some((event) => event.key === key));
  const helped = helps
    .map(({ sentence }) => sentence)
    .join('; ')
    .slice(0, 1_000);
  const cause: ConfirmedCause =
    seen.length > 0 ? { as: 'change', changes: seen } : { as: 'outside', what: conclusion.slice(0, 500) };
  return { cause, helped, didNotHelp: '' };
}

const NONE_PLAYED = 'No drill is being played';
const BEING_PLAYED = 'A drill is being played: end it before another begins';
const CLUSTER = 'drill-cluster';
const EVENTS = 'drill-events';
const FLAGS = 'drill-flags';
const LOGS = 'drill-logs';
