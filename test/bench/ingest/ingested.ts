import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createHost } from '../../../electron/host/create-host.ts';
import { keepHeapLean } from '../../../electron/platform/lean-heap.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { eventually } from '../../fixtures/eventually.ts';

const sources = 4;
const script = fileURLToPath(new URL('talkative-cluster.ts', import.meta.url));
const tokenName = 'COUNTERSIGN_BENCH_TOKEN';

export type Ingested = {
  sent: number;
  /** Facts that came to the screen's stream, each counted once, and how often one came again. */
  heard: number;
  again: number;
  /** From the moment of sending to the moment at which the stream to the screen has it. */
  delaysMs: number[];
  rssMiB: number;
};

/** A host with an open incident, four clusters in processes of their own, and what comes out at the other end. */
export async function ingested(options: {
  dataDir: string;
  perSecond: number;
  seconds: number;
}): Promise<Ingested> {
  const { dataDir, perSecond, seconds } = options;
  keepHeapLean();
  process.env[tokenName] = 'token-of-the-bench';
  const clusters = await Promise.all(
    Array.from({ length: sources }, (_, seed) => cluster([perSecond / sources, seconds, seed])),
  );
  writeFileSync(
    join(dataDir, 'connections.yaml'),
    JSON.stringify({
      format: 'countersign.connections/1',
      connections: clusters.map(({ url }, index) => ({
        kind: 'kubernetes',
        name: `cluster-${index}`,
        url,
        auth: { bearer: { env: tokenName } },
      })),
    }),
  );
  const host = await createHost({
    dataDir,
    shell: 'web',
    version: 'bench',
    resourcesDir: 'resources',
    logger: silentLogger,
    passphrase: 'correct horse battery',
  });
  const keys = new Set<string>();
  const delaysMs: number[] = [];
  let again = 0;
  host.subscribe((event) => {
    if (event.name !== 'timeline.added') return;
    const nowMs = Date.now();
    for (const { key, title } of event.events) {
      const sentMs = Number(/sent at (\d+)/.exec(title)?.[1]);
      if (Number.isNaN(sentMs)) continue;
      if (keys.has(key)) again += 1;
      else delaysMs.push(nowMs - sentMs);
      keys.add(key);
    }
  });
  let rssMiB = 0;
  const measuring = setInterval(() => {
    rssMiB = Math.max(rssMiB, process.memoryUsage.rss() / 1_048_576);
  }, 500);
  const call = callerOf(host);
  try {
    await call('incidents.open', { title: 'the bench', severity: 'sev3' });
    await eventually('every source', async () => {
      const { sources: all } = await call('host.status', {});
      return all.length === sources && all.every(({ state }) => state === 'up');
    });
    await Promise.all(clusters.map(({ run }) => run()));
    const sent = perSecond * seconds;
    await eventually('the last of all', () => keys.size >= sent, 10_000).catch(() => undefined);
    return { sent, heard: keys.size, again, delaysMs, rssMiB };
  } finally {
    clearInterval(measuring);
    await host.close();
    for (const { child } of clusters) child.kill();
    delete process.env[tokenName];
  }
}

async function cluster(args: number[]): Promise<{ url: string; run(): Promise<void>; child: ChildProcess }> {
  const child = spawn(process.execPath, [script, ...args.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => String((await lines.next()).value);
  const url = await next();
  return {
    url,
    child,
    async run() {
      child.stdin.write('go\n');
      await next();
    },
  };
}
