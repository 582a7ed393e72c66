import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clusterControllers } from '../../../electron/sandbox/cluster/controllers.ts';
import { createCluster, templateOf } from '../../../electron/sandbox/cluster/create-cluster.ts';
import { revisionOf } from '../../../electron/sandbox/cluster/deployment-controller.ts';
import { objectStore } from '../../../electron/sandbox/cluster/object-store.ts';
import type { Deployment } from '../../../electron/sandbox/cluster/objects.ts';
import { isReady, isTerminating } from '../../../electron/sandbox/cluster/pods.ts';
import { aDatabase, aService, aTopology } from '../../fixtures/sandbox-world.ts';

const startMs = Date.parse('2026-03-01T12:00:00Z');

function cluster(replicas: number) {
  const store = objectStore(1);
  const service = aService('web', { replicas });
  const controller = clusterControllers({ store, seed: 1, hasImage: (image) => !image.endsWith(':0.0.0') });
  createCluster({
    store,
    controller,
    topology: aTopology([service, aDatabase()]),
    releases: new Map([['web', { version: '1.1.0', previousVersion: '1.0.0', revision: 12 }]]),
    seed: 1,
    startMs,
  });
  let nowMs = startMs;
  const deployment = (): Deployment => {
    const found = store.get('Deployment', 'shop', 'web');
    if (!found) throw new Error('the Deployment is gone');
    return found;
  };
  const allPods = () => store.list('Pod').filter(({ metadata }) => metadata.labels?.['app'] === 'web');
  return {
    store,
    deployment,
    sets: () => store.list('ReplicaSet'),
    /** All there are, and those that nobody has told to stop. */
    allPods,
    pods: () => allPods().filter((pod) => !isTerminating(pod)),
    change(spec: Partial<Deployment['spec']>) {
      store.put<'Deployment'>({ ...deployment(), spec: { ...deployment().spec, ...spec } }, nowMs);
      controller.step(nowMs);
    },
    release: (version: string) => templateOf(service, version, 1),
    run(seconds: number, check = () => {}) {
      for (const endMs = nowMs + seconds * 1_000; nowMs < endMs; ) {
        nowMs += 5_000;
        controller.step(nowMs);
        check();
      }
    },
  };
}

const versions = (pods: ReturnType<ReturnType<typeof cluster>['pods']>) =>
  pods.map((pod) => pod.metadata.labels?.['version']).sort();

it('begins with a revision that runs and one to go back to', () => {
  const { sets, pods, deployment } = cluster(3);
  expect(sets().map(revisionOf).sort()).toEqual([11, 12]);
  expect(revisionOf(deployment())).toBe(12);
  expect(pods().every(isReady)).toBe(true);
  expect(deployment().status).toMatchObject({
    replicas: 3,
    readyReplicas: 3,
    updatedReplicas: 3,
    availableReplicas: 3,
  });
});

it('rolls a new template out pod by pod, as a new ReplicaSet with the next revision', () => {
  const { change, release, run, sets, pods, deployment } = cluster(3);
  change({ template: release('1.2.0') });
  expect(sets().map(revisionOf).sort()).toEqual([11, 12, 13]);
  run(20);
  expect(new Set(versions(pods()))).toEqual(new Set(['1.1.0', '1.2.0']));
  run(60);
  expect(versions(pods())).toEqual(['1.2.0', '1.2.0', '1.2.0']);
  expect(deployment().status.unavailableReplicas).toBeUndefined();
});

it('takes the old ReplicaSet back, under a new revision, when a rollout is undone', () => {
  const { change, release, run, sets, pods, store } = cluster(3);
  const before = sets().find((set) => revisionOf(set) === 12);
  change({ template: release('1.2.0') });
  run(60);
  change({ template: release('1.1.0') });
  run(60);
  expect(versions(pods())).toEqual(['1.1.0', '1.1.0', '1.1.0']);
  expect(sets()).toHaveLength(3);
  const again = store.get('ReplicaSet', 'shop', before?.metadata.name ?? '');
  expect(again?.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('14');
  expect(again?.metadata.creationTimestamp).toBe(before?.metadata.creationTimestamp);
});

it('never starts an image that nobody built, and keeps the old pods', () => {
  const { change, release, run, pods, deployment } = cluster(3);
  change({ template: release('0.0.0') });
  run(120);
  expect(versions(pods())).toEqual(['0.0.0', '1.1.0', '1.1.0', '1.1.0']);
  expect(deployment().status).toMatchObject({ readyReplicas: 3, updatedReplicas: 1, unavailableReplicas: 1 });
  const states = pods().flatMap((pod) =>
    pod.status.containerStatuses.map(({ state }) => state['waiting']?.['reason']),
  );
  expect(states).toContain('ImagePullBackOff');
});

it('starts no rollout while paused, and scales all the same', () => {
  const { change, release, run, pods } = cluster(2);
  change({ paused: true, template: release('1.2.0'), replicas: 4 });
  run(60);
  expect(versions(pods())).toEqual(['1.1.0', '1.1.0', '1.1.0', '1.1.0']);
  change({ paused: false });
  run(90);
  expect(versions(pods())).toEqual(['1.2.0', '1.2.0', '1.2.0', '1.2.0']);
});

it('stops all pods before the first new one when it recreates', () => {
  const { change, release, run, allPods } = cluster(2);
  change({ strategy: { type: 'Recreate' }, template: release('1.2.0') });
  run(60, () => expect(new Set(versions(allPods())).size).toBeLessThan(2));
  expect(versions(allPods())).toEqual(['1.2.0', '1.2.0']);
});

it('stays within surge and availability, whatever is asked of it in whatever order, and arrives', () => {
  const step = fc.record({
    version: fc.constantFrom('1.0.0', '1.1.0', '1.2.0', '1.3.0'),
    waitSeconds: fc.integer({ min: 0, max: 40 }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.array(step, { minLength: 1, maxLength: 5 }),
      (replicas, steps) => {
        const { change, release, run, pods, deployment } = cluster(replicas);
        const check = () => {
          expect(pods().length).toBeLessThanOrEqual(replicas + 1);
          expect(pods().filter(isReady).length).toBeGreaterThanOrEqual(replicas);
        };
        for (const { version, waitSeconds } of steps) {
          change({ template: release(version) });
          check();
          run(waitSeconds, check);
        }
        run(replicas * 25 + 30, check);
        const last = steps.at(-1)?.version;
        expect(versions(pods())).toEqual(Array.from({ length: replicas }, () => last));
        expect(deployment().status.observedGeneration).toBe(deployment().metadata.generation);
      },
    ),
    { numRuns: 40 },
  );
});
