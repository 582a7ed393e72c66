import { silentLogger } from '../../../electron/platform/logger.ts';
import { clusterControllers } from '../../../electron/sandbox/cluster/controllers.ts';
import { createCluster } from '../../../electron/sandbox/cluster/create-cluster.ts';
import { objectStore } from '../../../electron/sandbox/cluster/object-store.ts';
import { serveOnLoopback } from '../../../electron/sandbox/http/loopback.ts';
import { selfSigned } from '../../../electron/sandbox/http/self-signed.ts';
import { kubernetesApi } from '../../../electron/sandbox/kubernetes/api.ts';
import { refusals } from '../../../electron/sandbox/kubernetes/status.ts';
import { accountOf, tokenBook } from '../../../electron/sandbox/kubernetes/tokens.ts';
import { watches } from '../../../electron/sandbox/kubernetes/watch.ts';
import { aDatabase, aService, aTopology } from '../../fixtures/sandbox-world.ts';

const startMs = Date.parse('2026-03-01T12:00:00Z');

export type OnNetwork = Awaited<ReturnType<typeof kubernetesOnNetwork>>;

/**
 * A cluster of one service of four pods behind a server, with a token for each account; its pods use what the test says. A
 * server that remembers little tells a watch that comes back late that it is gone (410).
 */
export async function kubernetesOnNetwork(options: { remembers?: number } = {}) {
  const store = objectStore(1, options.remembers);
  const service = aService('web', { autoscaled: true });
  let use: number | null = null;
  const controller = clusterControllers({
    store,
    seed: 1,
    hasImage: () => true,
    utilisationOf: (_namespace, name) => (name === 'web' ? use : null),
  });
  createCluster({
    store,
    controller,
    topology: aTopology([service, aDatabase()], { nodes: 3 }),
    releases: new Map([['web', { version: '1.1.0', previousVersion: '1.0.0', revision: 12 }]]),
    seed: 1,
    startMs,
  });
  let nowMs = startMs;
  const tokens = tokenBook(() => nowMs);
  const certificate = selfSigned(Date.now());
  const caData = Buffer.from(certificate.cert).toString('base64');
  const watching = watches(store);
  const { url, close } = await serveOnLoopback({
    token: tokens.identify,
    tls: certificate,
    refusals,
    logger: silentLogger,
    handler: kubernetesApi({
      store,
      watches: watching,
      advance: () => nowMs,
      settle: controller.step,
      tokens,
    }),
  });
  return {
    store,
    /** How a client reaches the server as one of the accounts, or with a token of its own. */
    access: (as: Parameters<typeof accountOf>[1] | { token: string }) => {
      const token = typeof as === 'string' ? tokens.mint(accountOf(store, as)) : as.token;
      return { kubernetes: { url, token, caData } };
    },
    pod: (): string => {
      const pods = store.list('Pod').filter(({ metadata }) => metadata.labels?.['app'] === 'web');
      return pods[0]?.metadata.name ?? '';
    },
    end(reason: 'OOMKilled' | 'Error', pod: string) {
      const exitCode = reason === 'OOMKilled' ? 137 : 1;
      return controller.restartContainer({ namespace: 'shop', pod, reason, exitCode, atMs: nowMs });
    },
    setUse(percent: number) {
      use = percent;
    },
    run(seconds: number) {
      for (const endMs = nowMs + seconds * 1_000; nowMs < endMs; ) {
        nowMs += 5_000;
        controller.step(nowMs);
      }
    },
    async close() {
      watching.closeAll();
      await close();
    },
  };
}
