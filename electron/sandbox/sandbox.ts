import { randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { alertmanagerApi, refusals as alertmanagerRefusals } from './alertmanager/api.ts';
import { imageOf } from './cluster/create-cluster.ts';
import { revisionOf } from './cluster/deployment-controller.ts';
import type { ObjectStore } from './cluster/object-store.ts';
import { type LoopbackServer, serveOnLoopback } from './http/loopback.ts';
import { selfSigned } from './http/self-signed.ts';
import { kubernetesApi } from './kubernetes/api.ts';
import { accessLog, type PodLog } from './kubernetes/pod-log.ts';
import { refusals as kubernetesRefusals } from './kubernetes/status.ts';
import { watches } from './kubernetes/watch.ts';
import { lokiApi, refusals as lokiRefusals } from './loki/api.ts';
import { podLogs } from './loki/pod-logs.ts';
import { tails } from './loki/tail.ts';
import { openDrill } from './open-drill.ts';
import { prometheusApi, refusals as prometheusRefusals } from './prometheus/api.ts';
import { type Drill, serviceOf } from './scenario/draw-drill.ts';
import type { Scenario } from './scenario/scenario.ts';
import { stepMs } from './simulation.ts';

export { loadScenarios } from './scenario/load-scenarios.ts';
export type { Scenario } from './scenario/scenario.ts';

export type Sandbox = {
  scenario: Scenario;
  seed: number;
  /** What really happened, in the ids under which connectors report: for scoring a drill, never for working it. */
  truth: { changes: string[]; services: string[] };
  /** `caData` is the certificate of the server, base64 of PEM as in a kubeconfig. */
  kubernetes: { url: string; token: string; caData: string };
  prometheus: { url: string; token: string };
  alertmanager: { url: string; token: string };
  loki: { url: string; token: string };
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
  const { drill, simulation } = openDrill(scenario, seed, clock.now());
  const { store } = simulation;
  const truth = truthOf(scenario, drill, store);
  const advance = (): number => {
    const nowMs = clock.now();
    simulation.advanceTo(nowMs);
    return nowMs;
  };
  const watching = watches(store);

  // Clients hold a certificate against the machine's clock, whatever the time is in the drill.
  const certificate = selfSigned(Date.now());
  const source = podLogs({ series: simulation.series, store, topology: scenario.topology, seed: drill.seed });
  const log: PodLog = (pod, container, afterMs, untilMs) => {
    const { name, namespace = '' } = pod.metadata;
    const told = source.ofPod({ namespace, name, container }, afterMs, untilMs);
    return told ?? accessLog(pod, container, afterMs, untilMs);
  };
  const servers: LoopbackServer[] = [];
  const closeServers = () => Promise.all(servers.map((server) => server.close()));
  async function serve(
    options: Omit<Parameters<typeof serveOnLoopback>[0], 'token' | 'logger'>,
  ): Promise<{ url: string; token: string }> {
    const token = newToken();
    try {
      const server = await serveOnLoopback({ ...options, token, logger });
      servers.push(server);
      return { url: server.url, token };
    } catch (error) {
      await closeServers();
      throw error;
    }
  }
  const kubernetes = await serve({
    handler: kubernetesApi({ store, watches: watching, advance, settle: simulation.settle, log }),
    refusals: kubernetesRefusals,
    tls: certificate,
  });
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
    truth,
    kubernetes: { ...kubernetes, caData: Buffer.from(certificate.cert).toString('base64') },
    prometheus,
    alertmanager,
    loki,
    async close() {
      stopMoving();
      watching.closeAll();
      tailing.closeAll();
      await closeServers();
    },
  };
}

const newToken = () => randomBytes(32).toString('base64url');

function truthOf(scenario: Scenario, drill: Drill, store: ObjectStore): Sandbox['truth'] {
  const services = scenario.truth.services.flatMap((role) =>
    role === 'anywhere' ? [] : (drill.roles[role] ?? []),
  );
  return { services, changes: scenario.truth.changes.map(() => faultId(scenario, drill, store)) };
}

/** `deploy:<namespace>/<deployment>@<revision>` of the ReplicaSet that runs the bad version. */
function faultId(scenario: Scenario, drill: Drill, store: ObjectStore): string {
  const { namespace, name } = serviceOf(scenario.topology, drill.roles.culprit ?? '');
  const bad = store.list('ReplicaSet', namespace).find((set) => {
    const image = set.spec.template.spec.containers[0]?.image ?? '';
    return drill.effects.has(image) && image.startsWith(imageOf(name, ''));
  });
  if (!bad) throw new Error(`no ReplicaSet runs the bad version of ${name}`);
  return `deploy:${namespace}/${name}@${revisionOf(bad)}`;
}
