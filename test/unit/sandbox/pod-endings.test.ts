import { describe, expect, it } from 'vitest';
import { clusterControllers } from '../../../electron/sandbox/cluster/controllers.ts';
import { createCluster } from '../../../electron/sandbox/cluster/create-cluster.ts';
import { type LoggedChange, objectStore } from '../../../electron/sandbox/cluster/object-store.ts';
import type { Pod } from '../../../electron/sandbox/cluster/objects.ts';
import { isReady, isTerminating, readySinceMs } from '../../../electron/sandbox/cluster/pods.ts';
import { terminate } from '../../../electron/sandbox/cluster/terminate.ts';
import { aDatabase, aService, aTopology } from '../../fixtures/sandbox-world.ts';

const startMs = Date.parse('2026-03-01T12:00:00Z');

/** A Deployment `web` of three pods, a StatefulSet `shop-db` of three and a DaemonSet, on two nodes. */
function cluster() {
  const store = objectStore(1);
  const service = aService('web', { replicas: 3 });
  const controllers = clusterControllers({ store, seed: 1, hasImage: () => true });
  createCluster({
    store,
    controller: controllers,
    topology: aTopology([service, aDatabase()], { nodes: 2 }),
    releases: new Map([['web', { version: '1.1.0', previousVersion: '1.0.0', revision: 12 }]]),
    seed: 1,
    startMs,
  });
  let nowMs = startMs;
  const podsOf = (app: string) =>
    store.list('Pod').filter(({ metadata }) => metadata.labels?.['app'] === app);
  const [first] = podsOf('web');
  if (!first) throw new Error('web has no pod');
  const { name } = first.metadata;
  return {
    store,
    podsOf,
    name,
    now: () => nowMs,
    pod(): Pod {
      const pod = store.get('Pod', 'shop', name);
      if (!pod) throw new Error(`${name} is gone`);
      return pod;
    },
    container: () => store.get('Pod', 'shop', name)?.status.containerStatuses[0],
    deployment: () => store.get('Deployment', 'shop', 'web'),
    isSettled: () => {
      const web = store.get('Deployment', 'shop', 'web');
      return web !== undefined && controllers.isSettled(web);
    },
    end: (reason: 'OOMKilled' | 'Error' = 'OOMKilled', pod = name) => {
      const exitCode = reason === 'OOMKilled' ? 137 : 1;
      return controllers.restartContainer({ namespace: 'shop', pod, reason, exitCode, atMs: nowMs });
    },
    events: (reason: string) => store.list('Event').filter((event) => event.reason === reason),
    run(seconds: number, check = () => {}) {
      for (const endMs = nowMs + seconds * 1_000; nowMs < endMs; ) {
        nowMs += 5_000;
        controllers.step(nowMs);
        check();
      }
    },
  };
}

describe('a container that ends', () => {
  it('takes its pod out of service at once, and is back under one restart more', () => {
    const { end, pod, container, run, isSettled, deployment, now } = cluster();
    run(5);
    expect(isSettled()).toBe(true);
    expect(end()).toBe(true);
    expect(isReady(pod())).toBe(false);
    expect(isSettled()).toBe(false);
    expect(container()).toMatchObject({
      ready: false,
      restartCount: 0,
      state: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-03-01T12:00:05Z' } },
    });
    run(5);
    expect(deployment()?.status).toMatchObject({ replicas: 3, readyReplicas: 2, unavailableReplicas: 1 });
    expect(container()).toMatchObject({
      ready: false,
      restartCount: 1,
      state: { running: { startedAt: '2026-03-01T12:00:10Z' } },
      lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
    });
    run(10);
    expect(isReady(pod())).toBe(true);
    expect(readySinceMs(pod())).toBeGreaterThan(now() - 10_000);
    expect(deployment()?.status).toMatchObject({ readyReplicas: 3 });
    run(5);
    expect(isSettled()).toBe(true);
  });

  it('waits longer each time it ends again, up to five minutes, and not at all once it has run for long', () => {
    const { end, container, run, now } = cluster();
    const waits: number[] = [];
    const endAndWait = () => {
      const restarts = container()?.restartCount ?? 0;
      expect(end('Error')).toBe(true);
      const endedMs = now();
      for (let steps = 0; container()?.restartCount === restarts && steps < 100; steps++) run(5);
      waits.push((now() - endedMs) / 1_000);
    };
    for (let times = 0; times < 8; times++) endAndWait();
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
    run(605);
    endAndWait();
    expect(waits.at(-1)).toBe(5);
  });

  it('is in CrashLoopBackOff meanwhile, which the kubelet says once and then counts', () => {
    const { end, container, run, events, name } = cluster();
    for (let times = 0; times < 3; times++) {
      end('Error');
      run(5);
      if (times === 0) continue;
      const message = expect.stringMatching(
        new RegExp(`^back-off ${times * 10}s restarting failed container=web pod=${name}_shop\\(`),
      );
      expect(container()?.state).toEqual({ waiting: { reason: 'CrashLoopBackOff', message } });
      expect(container()?.lastState['terminated']).toMatchObject({ reason: 'Error', exitCode: 1 });
      run(40);
    }
    const said = events('BackOff');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ type: 'Warning', count: 2, source: { component: 'kubelet' } });
    expect(said[0]?.message).toMatch(/^Back-off restarting failed container web in pod web-\S+_shop\(/);
    expect(events('OOMKilling')).toEqual([]);
  });

  it('for want of memory is told of its node by the kernel monitor', () => {
    const { end, events, pod } = cluster();
    end();
    const [event, ...more] = events('OOMKilling');
    expect(more).toEqual([]);
    const node = pod().spec.nodeName;
    expect(event).toMatchObject({
      type: 'Warning',
      involvedObject: { kind: 'Node', name: node, uid: node },
      source: { component: 'kernel-monitor', host: node },
      message: expect.stringMatching(
        /^Memory cgroup out of memory: Killed process \d+ \(web\) total-vm:\d+kB, anon-rss:20\d{4}kB, file-rss:0kB/,
      ),
    });
  });

  it('is none where nothing runs', () => {
    const { end, store, pod, now } = cluster();
    expect(end('Error', 'nobody')).toBe(false);
    end();
    expect(end()).toBe(false);
    terminate(store, pod(), now());
    expect(end()).toBe(false);
  });
});

describe('a pod that is deleted', () => {
  it('serves no more, is replaced at once, and is gone within its grace', () => {
    const { store, pod, name, run, podsOf, now, deployment } = cluster();
    const told: LoggedChange[] = [];
    store.subscribe((change) => {
      if (change.object.metadata.name === name) told.push(change);
    });
    terminate(store, pod(), now());
    expect(isReady(pod())).toBe(false);
    expect(pod().metadata).toMatchObject({
      deletionTimestamp: '2026-03-01T12:00:30Z',
      deletionGracePeriodSeconds: 30,
    });
    run(5);
    expect(podsOf('web').filter((each) => !isTerminating(each))).toHaveLength(3);
    expect(deployment()?.status).toMatchObject({ replicas: 3, readyReplicas: 2 });
    run(25);
    expect(store.get('Pod', 'shop', name)).toBeUndefined();
    expect(told.map(({ type }) => type)).toEqual(['MODIFIED', 'DELETED']);
    expect(deployment()?.status).toMatchObject({ replicas: 3, readyReplicas: 3 });
  });

  it('takes from two seconds to thirty, each its own time, and never over the grace it is given', () => {
    const { store, podsOf, run, now } = cluster();
    const startedMs = now();
    const names = podsOf('shop-db')
      .concat(podsOf('web'))
      .map(({ metadata }) => metadata.name);
    const [given = ''] = names;
    for (const name of names) {
      const pod = store.get('Pod', 'shop', name);
      if (pod) terminate(store, pod, now(), name === given ? 1 : undefined);
    }
    const goneAfter = new Map<string, number>();
    store.subscribe(({ type, object }) => {
      if (type === 'DELETED') goneAfter.set(object.metadata.name, (now() - startedMs) / 1_000);
    });
    run(60);
    expect(goneAfter.get(given)).toBe(5);
    expect(new Set(goneAfter.values()).size).toBeGreaterThan(2);
    expect(Math.max(...goneAfter.values())).toBeLessThanOrEqual(35);
  });

  it('without grace is gone at once, and asked twice is gone the sooner of the two', () => {
    const { store, pod, now } = cluster();
    terminate(store, pod(), now(), 60);
    terminate(store, pod(), now(), 10);
    expect(pod().metadata).toMatchObject({ deletionGracePeriodSeconds: 10 });
    terminate(store, pod(), now(), 60);
    expect(pod().metadata).toMatchObject({ deletionGracePeriodSeconds: 10 });
    terminate(store, pod(), now(), 0);
    expect(() => pod()).toThrow(/is gone/);
  });

  it('of a StatefulSet has its successor when it is gone, and not before', () => {
    const { store, run, now } = cluster();
    const database = () => store.get('Pod', 'shop', 'shop-db-1');
    const before = database();
    if (!before) throw new Error('no database');
    terminate(store, before, now());
    let seen = 0;
    run(90, () => {
      seen += database()?.metadata.uid === before.metadata.uid ? 1 : 0;
    });
    expect(seen).toBeGreaterThan(0);
    expect(database()?.metadata.uid).not.toBe(before.metadata.uid);
    expect(store.get('StatefulSet', 'shop', 'shop-db')?.status).toMatchObject({ readyReplicas: 3 });
  });

  it('of a DaemonSet leaves its node alone with one pod at a time', () => {
    const { store, podsOf, run, now } = cluster();
    const [before] = podsOf('node-exporter');
    if (!before) throw new Error('no exporter');
    terminate(store, before, now());
    run(90, () => {
      const nodes = podsOf('node-exporter').map(({ spec }) => spec.nodeName);
      expect(new Set(nodes).size).toBe(nodes.length);
    });
    expect(podsOf('node-exporter').every(isReady)).toBe(true);
    expect(podsOf('node-exporter')).toHaveLength(2);
  });

  it('is counted by no disruption budget as healthy', () => {
    const { store, pod, run, now } = cluster();
    terminate(store, pod(), now());
    run(5);
    expect(store.get('PodDisruptionBudget', 'shop', 'web')?.status).toMatchObject({
      currentHealthy: 2,
      expectedPods: 3,
      disruptionsAllowed: 0,
    });
  });
});
