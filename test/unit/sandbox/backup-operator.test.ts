import { expect, it } from 'vitest';
import { backupLabel, servingGate } from '../../../electron/sandbox/cluster/backup-operator.ts';
import { clusterControllers } from '../../../electron/sandbox/cluster/controllers.ts';
import { createCluster } from '../../../electron/sandbox/cluster/create-cluster.ts';
import { objectStore } from '../../../electron/sandbox/cluster/object-store.ts';
import { isReady, started, withGate } from '../../../electron/sandbox/cluster/pods.ts';
import { aDatabase, aService, aTopology } from '../../fixtures/sandbox-world.ts';

const startMs = Date.parse('2026-03-01T12:00:00Z');

it('takes the last replica out of service while a base backup runs, and puts it back when it is done', () => {
  const store = objectStore(1);
  const controller = clusterControllers({ store, seed: 1, hasImage: () => true });
  createCluster({
    store,
    controller,
    topology: aTopology([aService('web'), aDatabase()]),
    releases: new Map([['web', { version: '1.1.0', previousVersion: '1.0.0', revision: 12 }]]),
    seed: 1,
    startMs,
  });
  const ready = () => store.get('StatefulSet', 'shop', 'shop-db')?.status.readyReplicas ?? 0;
  const gateOf = (pod: string) =>
    store.get('Pod', 'shop', pod)?.status.conditions.find(({ type }) => type === 'Ready')?.reason;
  expect(ready()).toBe(3);
  const gates = store.get('StatefulSet', 'shop', 'shop-db')?.spec.template.spec.readinessGates;
  expect(gates).toEqual([{ conditionType: servingGate }]);
  expect(store.get('Pod', 'shop', 'shop-db-0')?.spec.readinessGates).toEqual(gates);

  const labels = { 'job-name': 'copy', [backupLabel]: 'shop-db' };
  const args = ['--size-gb=12', '--rate-mbps=40'];
  const container = { name: 'copy', image: 'registry.shop.example/pg-backup:2.1', args };
  store.put<'Job'>(
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'copy', namespace: 'shop', labels },
      spec: {
        selector: { matchLabels: { 'job-name': 'copy' } },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
      status: {},
    },
    startMs,
  );
  let atMs = startMs;
  const run = (seconds: number) => {
    for (const untilMs = atMs + seconds * 1_000; atMs < untilMs; atMs += 5_000) controller.step(atMs);
  };
  run(60);
  expect(ready()).toBe(2);
  expect([gateOf('shop-db-1'), gateOf('shop-db-2')]).toEqual([undefined, 'ReadinessGatesNotReady']);
  run(180);
  expect(ready()).toBe(2);
  // Twelve gigabytes at forty megabytes a second are five minutes.
  run(120);
  expect(store.get('Job', 'shop', 'copy')?.status.succeeded).toBe(1);
  expect(ready()).toBe(3);
  expect(gateOf('shop-db-2')).toBeUndefined();
});

it('has no pod of a database ready before its gate was opened, nor one that started again behind a closed gate', () => {
  const store = objectStore(1);
  const controller = clusterControllers({ store, seed: 1, hasImage: () => true });
  createCluster({
    store,
    controller,
    topology: aTopology([aDatabase()]),
    releases: new Map(),
    seed: 1,
    startMs,
  });
  const held = store.get('Pod', 'shop', 'shop-db-2');
  if (!held) throw new Error('the last replica is not there');
  const closed = withGate(held, servingGate, false, startMs);
  expect(isReady(closed)).toBe(false);
  expect(isReady(started(closed, startMs))).toBe(false);
  const unasked = { ...held, status: { ...held.status, conditions: [] } };
  expect(started(unasked, startMs).status.conditions.at(-1)).toMatchObject({
    type: 'Ready',
    status: 'False',
    message: `corresponding condition of pod readiness gate "${servingGate}" does not exist.`,
  });
});
