import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { alertmanagerApi, refusals as alertmanagerRefusals } from './alertmanager/api.ts';
import { type Feed, openFeed } from './feed/open-feed.ts';
import { type Answer, type LoopbackServer, type Request, serveOnLoopback } from './http/loopback.ts';
import { selfSigned } from './http/self-signed.ts';
import { kubernetesApi } from './kubernetes/api.ts';
import { accessLog, type PodLog } from './kubernetes/pod-log.ts';
import { refusals as kubernetesRefusals } from './kubernetes/status.ts';
import { accountOf, type TokenBook, tokenBook } from './kubernetes/tokens.ts';
import { watches } from './kubernetes/watch.ts';
import { lokiApi, refusals as lokiRefusals } from './loki/api.ts';
import { podLogs } from './loki/pod-logs.ts';
import { tails } from './loki/tail.ts';
import { drillInPieces } from './open-drill.ts';
import { prometheusApi, refusals as prometheusRefusals } from './prometheus/api.ts';
import type { DrillAnswer } from './scenario/answer.ts';
import type { Scenario } from './scenario/scenario.ts';
import { stepMs } from './simulation.ts';
import { unleashApi, refusals as unleashRefusals } from './unleash/api.ts';

export { loadScenarios } from './scenario/load-scenarios.ts';
export type { Scenario } from './scenario/scenario.ts';

export type Sandbox = {
  scenario: Scenario;
  seed: number;
  /** What really happened: for scoring a drill, never for working it. */
  answer: DrillAnswer;
  /** `caData` is the certificate of the server, base64 of PEM as in a kubeconfig. */
  kubernetes: {
    url: string;
    /** Of the account that Countersign works with; the others read only, or are somebody else's. */
    token: string;
    readerToken: string;
    colleagueToken: string;
    caData: string;
  };
  prometheus: { url: string; token: string };
  alertmanager: { url: string; token: string };
  loki: { url: string; token: string };
  unleash: { url: string; token: string };
  /** Tells a receiver of CloudEvents what was deployed and configured, from the history on, until the sandbox closes. */
  feedTo(receiver: { url: string; token: string }): Promise<Feed>;
  close(): Promise<void>;
};

/**
 * A production environment that is not there: a cluster and its metrics with trouble in them, behind the wire protocols
 * of the real systems on 127.0.0.1. The world moves with the clock; the same scenario, seed, start and writes give the
 * same world. Only tokens and certificate are fresh each time.
 */
export async function openSandbox(options: {
  scenario: Scenario;
  seed: number;
  clock: Clock;
  logger: Logger;
}): Promise<Sandbox> {
  const { scenario, seed, clock, logger } = options;
  const { drill, simulation, answer } = await withPauses(drillInPieces(scenario, seed, clock.now()));
  const { store } = simulation;
  const advance = (): number => {
    const nowMs = clock.now();
    simulation.advanceTo(nowMs);
    return nowMs;
  };
  const watching = watches(store);

  // Clients hold a certificate against the machine's clock, whatever the time is in the drill.
  const certificate = selfSigned(Date.now());
  const source = podLogs({
    series: simulation.series,
    store,
    topology: scenario.topology,
    seed: drill.seed,
    poison: scenario.poison,
  });
  const log: PodLog = (pod, container, afterMs, untilMs) => {
    const { name, namespace = '' } = pod.metadata;
    const told = source.ofPod({ namespace, name, container }, afterMs, untilMs);
    return told ?? accessLog(pod, container, afterMs, untilMs);
  };
  const servers: LoopbackServer[] = [];
  const feeds: Feed[] = [];
  const closeServers = () => Promise.all(servers.map((server) => server.close()));
  type Served = Omit<Parameters<typeof serveOnLoopback>[0], 'token' | 'logger'>;
  async function listen(options: Served, token: string | TokenBook['identify']): Promise<string> {
    try {
      const server = await serveOnLoopback({ ...options, token, logger });
      servers.push(server);
      return server.url;
    } catch (error) {
      await closeServers();
      throw error;
    }
  }
  async function serve(options: Served): Promise<{ url: string; token: string }> {
    const token = newToken();
    return { url: await listen(options, token), token };
  }
  const tokens = tokenBook(clock.now);
  const cluster: Served = {
    handler: noticing(
      kubernetesApi({ store, watches: watching, advance, settle: simulation.settle, log, tokens }),
      (workload) => simulation.lookedAt(workload, clock.now()),
    ),
    refusals: kubernetesRefusals,
    tls: certificate,
  };
  const kubernetes = {
    url: await listen(cluster, tokens.identify),
    token: tokens.mint(accountOf(store, 'operator')),
    readerToken: tokens.mint(accountOf(store, 'reader')),
    colleagueToken: tokens.mint(accountOf(store, 'colleague')),
  };
  const prometheus = await serve({
    handler: prometheusApi({ store: simulation.series, rules: simulation.rules, now: clock.now, advance }),
    refusals: prometheusRefusals,
  });
  const startedMs = simulation.series.times()[0] ?? clock.now();
  const alertmanager = await serve({
    handler: alertmanagerApi({ rules: simulation.rules, seed: drill.seed, startedMs, advance }),
    refusals: alertmanagerRefusals,
  });
  const tailing = tails({ source, advance });
  const loki = await serve({
    handler: lokiApi({ source, advance }),
    refusals: lokiRefusals,
    upgrade: tailing.open,
  });

  const unleash = await serve({
    handler: unleashApi({ flags: simulation.flags, advance }),
    refusals: unleashRefusals,
    bareToken: true,
  });

  // Requests bring the world to now by themselves; watchers send none, so for them it must move on its own.
  const stopMoving = clock.every(stepMs, async () => {
    advance();
    watching.bookmark();
    tailing.deliver();
  });
  logger.info({ scenario: scenario.name, seed }, 'a sandbox is open');

  return {
    scenario,
    seed,
    get answer() {
      return answer();
    },
    kubernetes: { ...kubernetes, caData: Buffer.from(certificate.cert).toString('base64') },
    prometheus,
    alertmanager,
    loki,
    unleash,
    async feedTo(receiver) {
      const feed = await openFeed({ ...receiver, world: simulation, seed: drill.seed, clock, logger });
      feeds.push(feed);
      return feed;
    },
    async close() {
      stopMoving();
      await Promise.all(feeds.map((feed) => feed.close()));
      watching.closeAll();
      tailing.closeAll();
      await closeServers();
    },
  };
}

/** Tells of each workload that a request names: that is how somebody looks at it. */
const noticing =
  (handler: (request: Request) => Answer, notice: (workload: string) => void) =>
  (request: Request): Answer => {
    const named = /^\/apis\/apps\/v1\/namespaces\/[^/]+\/(?:deployments|statefulsets)\/([^/]+)/.exec(
      request.path,
    );
    if (named?.[1]) notice(named[1]);
    return handler(request);
  };

const newToken = () => randomBytes(32).toString('base64url');

/** Runs to the end, and lets everybody else have a turn after each piece: a stop must not wait for a drill. */
async function withPauses<Result>(pieces: Generator<void, Result, void>): Promise<Result> {
  for (;;) {
    const piece = pieces.next();
    if (piece.done) return piece.value;
    await setImmediate();
  }
}
