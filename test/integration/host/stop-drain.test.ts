import { afterEach, expect, it } from 'vitest';
import { createHost } from '../../../electron/host/create-host.ts';
import type { Host } from '../../../electron/host/host.ts';
import { stopFromOutside } from '../../../electron/host/stop-from-outside.ts';
import { closer } from '../../../electron/platform/closer.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { takeDataDir } from '../../../electron/platform/take-data-dir.ts';
import { digestOfShown } from '../../../electron/proposals/decide.ts';
import type { IdentityId } from '../../../shared/vocabulary/identity.ts';
import type { Proposal } from '../../../shared/vocabulary/proposal.ts';
import { callerOf } from '../../fixtures/call-host.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';

/** Its pods can all be put elsewhere, which for some nodes of this drill they cannot. */
const NODE = 'node-a3';
type Call = ReturnType<typeof callerOf>;
const ending = closer();
let host: Host | undefined;
afterEach(async () => {
  await host?.close();
  await ending.closeAll();
  host = undefined;
});

/** A drill in which two people approve that a node be drained; `stop` comes as soon as the first pod has gone. */
async function stoppedDrain(stop: (at: { call: Call; dataDir: string }) => Promise<unknown>) {
  const dataDir = newDataDir();
  await takeDataDir(dataDir, ending);
  host = await createHost({
    dataDir,
    shell: 'web',
    version: 'test',
    resourcesDir: 'resources',
    logger: silentLogger,
    passphrase: 'the first passphrase',
  });
  const call = callerOf(host);
  const incident = await call('drills.start', { scenario: 'bad-deploy', seed: 7 });
  const room = () => call('incidents.room', { incident: incident.id });
  const { target, expectedEffect } = await eventually(
    'the analyst’s own proposal',
    async () => (await room()).proposals[0],
  );
  const { identities } = await call('identity.create', { name: 'Bob', passphrase: 'his own passphrase' });
  const [first, second] = identities.map(({ id }) => id) as [IdentityId, IdentityId];
  const drain = await call('proposals.propose', {
    incident: incident.id,
    action: 'drain-node',
    input: { cluster: target.cluster, name: NODE },
    expectedEffect: {
      service: expectedEffect.service,
      metric: expectedEffect.metric,
      comparison: 'below',
      threshold: 0.05,
      withinMinutes: 10,
    },
    rationale: 'Its disk is failing',
  });
  expect(drain.verdict).toMatchObject({ kind: 'offer', tier: 'two-person' });
  const answer = { proposal: drain.id, shownDigest: digestOfShown(drain), typedTarget: NODE };
  await call('proposals.approve', { ...answer, by: first });
  await call('identity.use', { identity: second, passphrase: 'his own passphrase' });
  const stopping = Promise.withResolvers<unknown>();
  let hasBegun = false;
  host.subscribe((event) => {
    if (hasBegun || event.name !== 'proposal.changed' || evictionsIn(event.proposal).length === 0) return;
    hasBegun = true;
    stop({ call, dataDir }).then(stopping.resolve, stopping.reject);
  });
  const { progress } = await call('proposals.approve', { ...answer, by: second });
  await stopping.promise;
  const now = async () => (await room()).proposals.find(({ id }) => id === drain.id);
  return { call, progress, now };
}

/** The steps that tell of a pod which was moved, "1 of 17 …". */
const evictionsIn = ({ progress }: Proposal): string[] =>
  'execution' in progress
    ? progress.execution.steps.map(({ sentence }) => sentence).filter((step) => /^\d+ of \d+/.test(step))
    : [];

it.each<[string, Parameters<typeof stoppedDrain>[0]]>([
  ['on the screen', ({ call }) => call('stop.engage', { reason: 'the wrong node' })],
  // What `countersign stop` does; that it is typed in another process has a test of its own.
  ['on the command line', ({ dataDir }) => stopFromOutside(dataDir, 'the wrong node')],
])('a stop %s halts a drain between two pods, and what was done is on record', async (_how, stop) => {
  const { call, progress, now } = await stoppedDrain(stop);
  expect(JSON.stringify(progress)).toMatch(/left where they are: .*it was stopped/);
  const [entry] = await call('ledger.entries', { realm: 'drill', kind: 'result', limit: 1 });
  expect(JSON.stringify(entry?.body)).toMatch(/left where they are: .*it was stopped/);
  const after = await now();
  const moved = after ? evictionsIn(after) : [];
  const pods = Number(/^\d+ of (\d+)/.exec(moved[0] ?? '')?.[1]);
  expect(moved.length).toBeGreaterThan(0);
  expect(moved.length).toBeLessThan(pods);
  expect((await call('host.status', {})).stop).toMatchObject({ stopped: true });
});
