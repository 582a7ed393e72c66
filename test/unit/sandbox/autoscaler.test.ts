import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterControllers } from '../../../electron/sandbox/cluster/controllers.ts';
import { createCluster } from '../../../electron/sandbox/cluster/create-cluster.ts';
import { objectStore } from '../../../electron/sandbox/cluster/object-store.ts';
import type { Deployment } from '../../../electron/sandbox/cluster/objects.ts';
import {
  bounded,
  replicasForUse,
  stabilised,
} from '../../../electron/sandbox/cluster/replica-calculation.ts';
import { aService, aTopology } from '../../fixtures/sandbox-world.ts';

const startMs = Date.parse('2026-03-01T12:00:00Z');

/** Four pods that request half a core each, an autoscaler from two to twelve of them at 80 %, and use as the test says. */
function cluster() {
  const store = objectStore(1);
  let use: number | null = null;
  const service = aService('web', { autoscaled: true });
  const controller = clusterControllers({
    store,
    seed: 1,
    hasImage: () => true,
    utilisationOf: (namespace, name) => (namespace === 'shop' && name === 'web' ? use : null),
  });
  createCluster({
    store,
    controller,
    topology: aTopology([service], { nodes: 2 }),
    releases: new Map([['web', { version: '1.1.0', previousVersion: '1.0.0', revision: 12 }]]),
    seed: 1,
    startMs,
  });
  const scaler = store.get('HorizontalPodAutoscaler', 'shop', 'web');
  if (!scaler) throw new Error('web has no autoscaler');
  const bounded = { ...scaler.spec, minReplicas: 2, maxReplicas: 12 };
  store.put<'HorizontalPodAutoscaler'>({ ...scaler, spec: bounded }, startMs);
  let nowMs = startMs;
  const deployment = (): Deployment => {
    const found = store.get('Deployment', 'shop', 'web');
    if (!found) throw new Error('the Deployment is gone');
    return found;
  };
  return {
    store,
    controller,
    deployment,
    now: () => nowMs,
    replicas: () => deployment().spec.replicas,
    scaler: () => store.get('HorizontalPodAutoscaler', 'shop', 'web'),
    condition: (type: string) =>
      store
        .get('HorizontalPodAutoscaler', 'shop', 'web')
        ?.status.conditions?.find((condition) => condition.type === type),
    rescales: () => store.list('Event').filter(({ reason }) => reason === 'SuccessfulRescale'),
    setUse(percent: number | null) {
      use = percent;
    },
    scale(to: number) {
      store.put<'Deployment'>({ ...deployment(), spec: { ...deployment().spec, replicas: to } }, nowMs);
    },
    run(seconds: number, check = () => {}) {
      for (const endMs = nowMs + seconds * 1_000; nowMs < endMs; ) {
        nowMs += 5_000;
        controller.step(nowMs);
        check();
      }
    },
  };
}

describe('what use asks for', () => {
  const of = (utilisation: number, ready = 4, unready = 0) =>
    replicasForUse({ current: ready + unready, utilisation, target: 80, ready, unready });

  it.each([
    ['the documented example, twice the target', 160, 4, 0, 8],
    ['half of the target', 40, 4, 0, 2],
    ['within a tenth above', 87, 4, 0, 4],
    ['over a tenth above', 89, 4, 0, 5],
    ['within a tenth below', 72, 4, 0, 4],
    ['nothing at all', 0, 4, 0, 0],
    ['much, with half of the pods not ready yet', 160, 2, 2, 4],
    ['very much, with half of the pods not ready yet', 320, 2, 2, 8],
    ['more than the target, less once all pods count', 100, 2, 2, 4],
    ['little, where those not ready are not counted', 40, 2, 2, 1],
  ])('%s', (_case, utilisation, ready, unready, wanted) => {
    expect(of(utilisation, ready, unready)).toBe(wanted);
  });
});

it('never leaves its bounds, never grows faster than it may, and shrinks only to what was recommended', () => {
  const small = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(small, small, small, fc.nat(40), fc.array(small), (current, one, other, wanted, before) => {
      const [min, max] = [Math.min(one, other), Math.max(one, other)];
      fc.pre(current >= min && current <= max);
      const calm = stabilised(
        current,
        wanted,
        before.map((replicas) => ({ atMs: 0, replicas })),
      );
      if (calm < current) expect(before.every((replicas) => replicas <= calm)).toBe(true);
      const { replicas, limit } = bounded({ current, wanted: calm, min, max, gained: 0 });
      expect(replicas).toBeGreaterThanOrEqual(min);
      expect(replicas).toBeLessThanOrEqual(Math.min(max, Math.max(current + 4, current * 2)));
      expect(limit === null).toBe(replicas === calm);
    }),
  );
});

describe('an autoscaler', () => {
  it('scales up as a change that can be seen: by whom, to what and why', () => {
    const { setUse, run, replicas, deployment, scaler, rescales, condition } = cluster();
    const { generation = 1 } = deployment().metadata;
    setUse(121.7);
    run(5);
    expect(replicas()).toBe(7);
    expect(deployment().metadata).toMatchObject({
      generation: generation + 1,
      managedFields: [
        {
          manager: 'kube-controller-manager',
          subresource: 'scale',
          fieldsV1: { 'f:spec': { 'f:replicas': {} } },
        },
      ],
    });
    expect(rescales()).toHaveLength(1);
    expect(rescales()[0]).toMatchObject({
      type: 'Normal',
      message: 'New size: 7; reason: cpu resource utilization (percentage of request) above target',
      involvedObject: { kind: 'HorizontalPodAutoscaler', name: 'web', namespace: 'shop' },
      source: { component: 'horizontal-pod-autoscaler' },
      metadata: {
        namespace: 'shop',
        annotations: {
          'countersign.dev/change': 'scale',
          'countersign.dev/service': 'web',
          'countersign.dev/actor': 'horizontal-pod-autoscaler',
        },
      },
    });
    expect(scaler()?.status).toMatchObject({
      desiredReplicas: 7,
      lastScaleTime: rescales()[0]?.lastTimestamp,
      currentMetrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', current: { averageUtilization: 121, averageValue: '968m' } },
        },
      ],
    });
    expect(condition('AbleToScale')).toMatchObject({
      status: 'True',
      reason: 'SucceededRescale',
      message: 'the HPA controller was able to update the target scale to 7',
    });
    setUse(75);
    run(30);
    expect(deployment().status).toMatchObject({ replicas: 7, readyReplicas: 7 });
    expect(scaler()?.status).toMatchObject({ currentReplicas: 7 });
    expect(condition('AbleToScale')).toMatchObject({ reason: 'ReadyForNewScale' });
  });

  it('grows by its rate up to its maximum, and says that it wants more', () => {
    const { setUse, run, replicas, condition } = cluster();
    const seen: number[] = [];
    setUse(400);
    run(60, () => {
      if (seen.at(-1) !== replicas()) seen.push(replicas());
    });
    expect(seen).toEqual([8, 12]);
    expect(condition('ScalingLimited')).toMatchObject({
      status: 'True',
      reason: 'TooManyReplicas',
      message: 'the desired replica count is more than the maximum replica count',
    });
    expect(condition('ScalingActive')).toMatchObject({ status: 'True', reason: 'ValidMetricFound' });
  });

  it('shrinks only after five quiet minutes, to its minimum', () => {
    const { setUse, run, replicas, condition, rescales } = cluster();
    setUse(150);
    run(15);
    expect(replicas()).toBe(8);
    setUse(10);
    run(270);
    expect(replicas()).toBe(8);
    expect(condition('AbleToScale')).toMatchObject({ status: 'True', reason: 'ScaleDownStabilized' });
    run(60);
    expect(replicas()).toBe(2);
    expect(rescales().map(({ message }) => message)).toContain(
      'New size: 2; reason: All metrics below target',
    );
    expect(condition('ScalingLimited')).toMatchObject({ status: 'True', reason: 'TooFewReplicas' });
  });

  it('holds what it finds for five minutes when it first looks', () => {
    const { setUse, run, replicas } = cluster();
    setUse(10);
    run(285);
    expect(replicas()).toBe(4);
    run(30);
    expect(replicas()).toBe(2);
  });

  it('leaves its target alone while it knows nothing, and says so', () => {
    const { run, replicas, condition, rescales } = cluster();
    run(600);
    expect(replicas()).toBe(4);
    expect(rescales()).toEqual([]);
    expect(condition('ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'FailedGetResourceMetric',
      message:
        'the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API',
    });
  });

  it('is disabled by a target of no replicas', () => {
    const { setUse, scale, run, replicas, condition } = cluster();
    setUse(300);
    scale(0);
    run(60);
    expect(replicas()).toBe(0);
    expect(condition('ScalingActive')).toMatchObject({
      status: 'False',
      reason: 'ScalingDisabled',
      message: 'scaling is disabled since the replica count of the target is zero',
    });
  });

  it.each([
    [20, 12, 'Current number of replicas above Spec.MaxReplicas'],
    [1, 2, 'Current number of replicas below Spec.MinReplicas'],
  ])('brings a target of %i back within its bounds at once', (from, to, reason) => {
    const { setUse, scale, run, replicas, rescales } = cluster();
    setUse(80);
    scale(from);
    run(15);
    expect(replicas()).toBe(to);
    expect(rescales()[0]?.message).toBe(`New size: ${to}; reason: ${reason}`);
  });

  it('counts pods that have just ended as using nothing', () => {
    const { setUse, run, replicas, controller, store, now } = cluster();
    setUse(100);
    const pods = store.list('Pod').filter(({ metadata }) => metadata.labels?.['app'] === 'web');
    for (const { metadata } of pods.slice(0, 2)) {
      const end = { namespace: 'shop', pod: metadata.name, reason: 'Error', exitCode: 1 } as const;
      controller.restartContainer({ ...end, atMs: now() });
    }
    run(5);
    expect(replicas()).toBe(4);
    run(15);
    expect(replicas()).toBe(5);
  });

  it('without any word of use says how things stand, and scales nothing', () => {
    const store = objectStore(1);
    const controller = clusterControllers({ store, seed: 1, hasImage: () => true });
    store.put<'HorizontalPodAutoscaler'>(
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'web', namespace: 'shop' },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
          minReplicas: 1,
          maxReplicas: 3,
        },
        status: { currentReplicas: 0, desiredReplicas: 0 },
      },
      startMs,
    );
    controller.step(startMs);
    expect(store.get('HorizontalPodAutoscaler', 'shop', 'web')?.status.conditions).toBeUndefined();
  });
});
