import { expect, it } from 'vitest';
import { clusterControllers } from '../../../electron/sandbox/cluster/controllers.ts';
import { configMapOf, createCluster, templateOf } from '../../../electron/sandbox/cluster/create-cluster.ts';
import { weightAnnotation } from '../../../electron/sandbox/cluster/create-surroundings.ts';
import { objectStore } from '../../../electron/sandbox/cluster/object-store.ts';
import { type Drill, drawDrill } from '../../../electron/sandbox/scenario/draw-drill.ts';
import { conditionsOf } from '../../../electron/sandbox/world/conditions.ts';
import { noEffect } from '../../../electron/sandbox/world/effect.ts';
import { aService, aTopology } from '../../fixtures/sandbox-world.ts';
import { shippedScenario } from '../../fixtures/shipped-scenarios.ts';

const startMs = Date.parse('2026-03-01T12:00:00Z');
const failing = { ...noEffect, errorShare: 0.4 };

/** A small cluster whose traffic is read from it, with nothing going on but what is given. */
function world(more: Partial<Drill> = {}) {
  const web = aService('web', { entryRps: 100, replicas: 3 });
  const db = aService('shop-db', { kind: 'database', replicas: 2 });
  const topology = aTopology([web, db]);
  const store = objectStore(1);
  const controller = clusterControllers({ store, seed: 1, hasImage: () => true });
  const releases = new Map([['web', { version: '1.1.0', previousVersion: '1.0.0', revision: 12 }]]);
  createCluster({ store, controller, topology, releases, seed: 1, startMs });
  const shares = new Map<string, number>();
  const drill: Drill = {
    ...drawDrill(shippedScenario('bad-deploy'), 1),
    influences: [],
    surges: [],
    ...more,
  };
  const conditions = conditionsOf({
    store,
    topology,
    drill,
    startMs,
    flags: { shareOn: (flag) => shares.get(flag) ?? 0, setRollout: () => 0 },
  });
  conditions.update(startMs);
  let nowMs = startMs;
  const setting = (name: string, value: string) => {
    const map = store.get('ConfigMap', 'shop', configMapOf('web'));
    if (!map) throw new Error('the service has settings');
    store.put<'ConfigMap'>({ ...map, data: { ...map.data, [name]: value } }, nowMs);
  };
  return {
    web,
    db,
    store,
    shares,
    conditions,
    setting,
    run(seconds: number) {
      for (const endMs = nowMs + seconds * 1_000; nowMs < endMs; ) {
        nowMs += 5_000;
        controller.step(nowMs);
        conditions.update(nowMs);
      }
    },
    change(spec: object) {
      const now = store.get('Deployment', 'shop', 'web');
      if (!now) throw new Error('the Deployment is there');
      store.put<'Deployment'>({ ...now, spec: { ...now.spec, ...spec } }, nowMs);
    },
  };
}

it('finds the pods that serve, of Deployments and StatefulSets, and follows every write', () => {
  const { conditions, web, db, run, change } = world();
  expect(conditions.podsOf(web)).toHaveLength(3);
  expect(conditions.podsOf(db).map(({ name }) => name)).toEqual(['shop-db-0', 'shop-db-1']);
  for (const pod of conditions.podsOf(web)) expect(pod).toMatchObject({ version: '1.1.0', leakedMb: 0 });
  change({ replicas: 5 });
  run(60);
  expect(conditions.podsOf(web)).toHaveLength(5);
  change({ replicas: 1, template: templateOf(web, '1.2.0', 1) });
  run(90);
  expect(conditions.podsOf(web).map(({ version }) => version)).toEqual(['1.2.0']);
});

it('remembers what leaked as long as a container lives', () => {
  const { conditions, web, run, change } = world();
  const [pod] = conditions.podsOf(web);
  if (!pod) throw new Error('a pod serves');
  pod.leakedMb = 7;
  change({ replicas: 4 });
  run(60);
  expect(
    conditions
      .podsOf(web)
      .map(({ leakedMb }) => leakedMb)
      .toSorted(),
  ).toEqual([0, 0, 0, 7]);
});

it('reads pool and cache from the settings, and the ordinary where they say nothing of sense', () => {
  const { conditions, web, db, setting } = world();
  expect(conditions.poolSize(web)).toBe(40);
  setting('pool.max-connections', '2');
  expect(conditions.poolSize(web)).toBe(2);
  setting('pool.max-connections', 'many');
  expect(conditions.poolSize(web)).toBe(40);
  expect(conditions.poolSize(db)).toBe(40);

  expect(conditions.cacheFactor(web)).toBeCloseTo(1, 9);
  setting('cache.ttl-seconds', '15');
  expect(conditions.cacheFactor(web)).toBeLessThan(0.5);
  setting('cache.ttl-seconds', '3600');
  expect(conditions.cacheFactor(web)).toBeGreaterThan(1);
});

it('takes the share of the traffic that the record of an entry says, and the surges of the drill', () => {
  const surge = { service: 'web', fromMs: 60_000, untilMs: 120_000, factor: 2, rampMs: 0 };
  const { conditions, web, db, store, run } = world({ surges: [surge] });
  const usual = conditions.loadFactor(web);
  expect(conditions.loadFactor(db)).toBe(1);
  const ingress = store.get('Ingress', 'shop', 'web');
  if (!ingress) throw new Error('an entry has an Ingress');
  const annotations = { ...ingress.metadata.annotations, [weightAnnotation]: '250' };
  store.put<'Ingress'>({ ...ingress, metadata: { ...ingress.metadata, annotations } }, startMs);
  expect(conditions.loadFactor(web) / usual).toBeCloseTo(2.5, 9);
  run(60);
  expect(conditions.loadFactor(web) / usual).toBeCloseTo(5, 1);
  run(60);
  expect(conditions.loadFactor(web) / usual).toBeCloseTo(2.5, 1);
});

it('lets effects be felt by flags, settings and images as they are in the world', () => {
  const { conditions, web, shares, setting, run, change } = world({
    influences: [
      { service: 'web', effect: failing, delayMs: 0, while: { kind: 'flag', flag: 'web.prefetch' } },
      {
        service: 'web',
        effect: { ...noEffect, latencyFactor: 3 },
        delayMs: 0,
        while: { kind: 'setting', service: 'web', setting: 'wire.format', value: 'v2' },
      },
      {
        service: 'web',
        effect: { ...noEffect, workFactor: 2 },
        delayMs: 0,
        while: { kind: 'always' },
        image: 'registry.shop.example/web:1.2.0',
      },
    ],
  });
  const felt = () => conditions.podsOf(web).map((pod) => conditions.effectOn('web', pod));
  expect(felt()).toEqual([noEffect, noEffect, noEffect]);
  shares.set('web.prefetch', 0.5);
  setting('wire.format', 'v2');
  run(5);
  for (const effect of felt())
    expect(effect).toMatchObject({ errorShare: expect.closeTo(0.2, 9), latencyFactor: 3, workFactor: 1 });
  shares.set('web.prefetch', 0);
  setting('wire.format', 'v1');
  change({ template: templateOf(web, '1.2.0', 1) });
  run(120);
  for (const effect of felt()) expect(effect).toEqual({ ...noEffect, workFactor: 2 });
});
