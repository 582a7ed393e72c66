import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Topology } from '../../../electron/sandbox/scenario/topology.ts';
import { type Effect, noEffect } from '../../../electron/sandbox/world/effect.ts';
import type { ServiceState } from '../../../electron/sandbox/world/traffic.ts';
import { aService, aTopology } from '../../fixtures/sandbox-world.ts';
import { steppedTraffic } from '../../fixtures/stepped-traffic.ts';

const call = (to: string, more: object = {}) => ({ to, perRequest: 1, criticality: 0.5, ...more });

/** web calls api, api calls store. */
const line = (more: { web?: object; api?: object; store?: object } = {}): Topology =>
  aTopology([
    aService('web', { entryRps: 100, calls: [call('api')], ...more.web }),
    aService('api', { calls: [call('store', { serial: 0.5 })], ...more.api }),
    aService('store', { latencyMs: 20, ...more.store }),
  ]);

const failing: Effect = { ...noEffect, latencyFactor: 3, errorShare: 0.4 };
const on =
  (service: string, effect: Effect) =>
  (name: string): Effect =>
    name === service ? effect : noEffect;

/** After a minute and a half every caller feels what its callees do. */
const settled = 90;
const errorsOf = (state: Record<string, ServiceState>, name: string) => state[name]?.errorShare ?? Number.NaN;
const latencyOf = (state: Record<string, ServiceState>, name: string) => state[name]?.latencyMs ?? Number.NaN;

describe('load', () => {
  it('flows down every call', () => {
    const { web, api, store } = steppedTraffic(line()).run(settled);
    expect(web?.rps).toBeGreaterThan(80);
    expect(web?.callers).toEqual([{ name: null, rps: web?.rps }]);
    expect(api?.rps).toBeCloseTo(web?.rps ?? 0, 9);
    expect(store?.callers).toEqual([{ name: 'api', rps: api?.rps }]);
  });

  it('is the sum of what each caller sends, and shared evenly by the pods', () => {
    const { web, api, store } = steppedTraffic(
      line({ web: { calls: [call('api', { perRequest: 0.5 }), call('store', { perRequest: 2 })] } }),
    ).run(settled);
    expect(api?.rps).toBeCloseTo((web?.rps ?? 0) * 0.5, 6);
    expect(store?.rps).toBeCloseTo((web?.rps ?? 0) * 2.5, 6);
    for (const pod of store?.pods ?? []) expect(pod.rps).toBeCloseTo((store?.rps ?? 0) / 4, 9);
  });

  it('follows the world outside, and what a batch job adds inside', () => {
    const traffic = steppedTraffic(line());
    const before = traffic.run(settled);
    traffic.around.load = (name) => (name === 'store' ? 1.5 : 1);
    const { store, api } = traffic.run(settled);
    expect((store?.rps ?? 0) / (api?.rps ?? 1)).toBeCloseTo(1.5, 6);
    expect(store?.callers.find(({ name }) => name === null)?.rps).toBeCloseTo((api?.rps ?? 0) * 0.5, 6);
    traffic.around.load = () => 2;
    expect((traffic.run(settled)['web']?.rps ?? 0) / (before['web']?.rps ?? 1)).toBeGreaterThan(1.7);
  });

  it('multiplies where a request makes more calls than usual', () => {
    const traffic = steppedTraffic(line());
    traffic.around.effect = on('api', { ...noEffect, fanOutFactor: 4 });
    const { api, store } = traffic.run(settled);
    expect((store?.rps ?? 0) / (api?.rps ?? 1)).toBeCloseTo(4, 6);
  });

  it('is the same from the same seed, and another from another', () => {
    const rates = (seed: number) => steppedTraffic(line(), seed).run(settled)['web'];
    expect(rates(1)).toEqual(rates(1));
    expect(rates(2)?.rps).not.toBe(rates(1)?.rps);
  });
});

describe('failures and delay', () => {
  it('reach callers weaker at each call', () => {
    const traffic = steppedTraffic(line());
    traffic.around.effect = on('store', failing);
    const state = traffic.run(settled);
    expect(errorsOf(state, 'store')).toBeCloseTo(0.4, 5);
    expect(errorsOf(state, 'api')).toBeCloseTo(0.2, 2);
    expect(errorsOf(state, 'web')).toBeCloseTo(0.1, 2);
    // A caller that passes a failure on did not fail itself.
    expect(state['api']?.pods[0]?.ownErrors).toBeLessThan(0.001);
    expect(state['api']?.pods[0]?.passedErrors).toBeCloseTo(0.2, 2);
  });

  it('weaken along the calls for any criticality, and never come from a call that nobody needs', () => {
    const share = fc.double({ min: 0, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(share, share, (first, second) => {
        const traffic = steppedTraffic(
          line({
            web: { calls: [call('api', { criticality: first })] },
            api: { calls: [call('store', { criticality: second, serial: 0.5 })] },
          }),
        );
        traffic.around.effect = on('store', failing);
        const state = traffic.run(settled);
        expect(errorsOf(state, 'api')).toBeCloseTo(0.4 * second, 3);
        expect(errorsOf(state, 'web')).toBeCloseTo(0.4 * second * first, 3);
      }),
      { numRuns: 25 },
    );
  });

  it('arrive later the further away', () => {
    const traffic = steppedTraffic(line());
    traffic.run(settled);
    traffic.around.effect = on('store', failing);
    const arrived: Record<string, number> = {};
    for (let step = 1; step <= 20; step++) {
      const state = traffic.run(5);
      for (const [name, final] of [
        ['store', 0.4],
        ['api', 0.2],
        ['web', 0.1],
      ] as const)
        if (errorsOf(state, name) > 0.9 * final) arrived[name] ??= step;
    }
    expect(arrived['store']).toBe(1);
    expect(arrived['api']).toBeGreaterThan(arrived['store'] ?? Number.NaN);
    expect(arrived['web']).toBeGreaterThan(arrived['api'] ?? Number.NaN);
  });

  it('carry delay up by the share that is waited for', () => {
    const traffic = steppedTraffic(line());
    traffic.around.effect = on('store', { ...noEffect, latencyFactor: 20 });
    const slow = traffic.run(settled);
    // What a caller feels is an average over the last seconds, so it is compared within that noise.
    expect(latencyOf(slow, 'store')).toBeGreaterThan(380);
    expect(latencyOf(slow, 'api') / latencyOf(slow, 'store')).toBeGreaterThan(0.5);
    expect(latencyOf(slow, 'api') / latencyOf(slow, 'store')).toBeLessThan(0.57);
    expect(latencyOf(slow, 'web') - latencyOf(slow, 'api')).toBeGreaterThan(0);
    expect(latencyOf(slow, 'web') - latencyOf(slow, 'api')).toBeLessThan(30);
  });

  it('come from calls that take longer than the caller waits, and cost no more than that', () => {
    const traffic = steppedTraffic(
      line({ api: { calls: [call('store', { timeoutMs: 100, criticality: 1 })] } }),
    );
    expect(errorsOf(traffic.run(settled), 'api')).toBeLessThan(0.01);
    traffic.around.effect = on('store', { ...noEffect, latencyFactor: 50 });
    const slow = traffic.run(settled);
    expect(errorsOf(slow, 'store')).toBeLessThan(0.001);
    expect(errorsOf(slow, 'api')).toBeGreaterThan(0.95);
    expect(latencyOf(slow, 'api')).toBeLessThan(130);
  });

  it('keep to the pods that feel them', () => {
    const traffic = steppedTraffic(line());
    const bad = traffic.around.pods.get('store')?.slice(0, 2) ?? [];
    traffic.around.effect = (_service, pod) => (pod && bad.includes(pod) ? failing : noEffect);
    const { store } = traffic.run(settled);
    for (const { pod, ownErrors } of store?.pods ?? [])
      expect(ownErrors).toBeCloseTo(bad.includes(pod) ? 0.4 : 0, 3);
    expect(store?.errorShare).toBeCloseTo(0.2, 3);
  });

  it('are all there is when nobody is left to answer', () => {
    const traffic = steppedTraffic(line());
    traffic.around.pods.set('store', []);
    const state = traffic.run(settled);
    expect(state['store']).toMatchObject({ errorShare: 1, pods: [] });
    expect(errorsOf(state, 'api')).toBeCloseTo(0.5, 2);
  });
});

describe('retries', () => {
  const retrying = (retries: number) =>
    steppedTraffic(line({ api: { calls: [call('store', { criticality: 1, retries })] } }));

  it('hide failures from the caller and feed them back as load', () => {
    const once = retrying(0);
    const again = retrying(2);
    for (const traffic of [once, again]) traffic.around.effect = on('store', failing);
    const [plain, retried] = [once.run(settled), again.run(settled)];
    expect(errorsOf(plain, 'api')).toBeCloseTo(0.4, 2);
    expect(errorsOf(retried, 'api')).toBeCloseTo(0.4 ** 3, 2);
    expect((retried['store']?.rps ?? 0) / (retried['api']?.rps ?? 1)).toBeCloseTo(1 + 2 * 0.4, 2);
    expect((plain['store']?.rps ?? 0) / (plain['api']?.rps ?? 1)).toBeCloseTo(1, 6);
  });

  it('push a busy service over: the same load holds without them', () => {
    const busy = { workMs: 34, replicas: 4 };
    const errorsWith = (retries: number) => {
      const traffic = steppedTraffic(
        line({ api: { calls: [call('store', { criticality: 1, retries })] }, store: busy }),
      );
      traffic.run(settled);
      traffic.around.effect = on('store', { ...noEffect, errorShare: 0.15 });
      return errorsOf(traffic.run(300), 'store');
    };
    expect(errorsWith(0)).toBeLessThan(0.2);
    expect(errorsWith(3)).toBeGreaterThan(0.3);
  });
});

describe('a server', () => {
  it('queues: the fewer pods, the slower, and beyond their capacity they fail', () => {
    const withPods = (pods: number, entryRps = 100) => {
      const traffic = steppedTraffic(line({ web: { entryRps } }));
      traffic.around.pods.set('store', traffic.around.pods.get('store')?.slice(0, pods) ?? []);
      return traffic.run(settled);
    };
    const latency = [4, 3, 2].map((pods) => latencyOf(withPods(pods), 'store'));
    expect(latency).toEqual(latency.toSorted((one, other) => one - other));
    expect(errorsOf(withPods(1, 60), 'store')).toBeLessThan(0.001);
    expect(errorsOf(withPods(1, 140), 'store')).toBeGreaterThan(0.2);
  });

  it('is slower the more there is to do, for any load', () => {
    const rates = fc.double({ min: 1, max: 380, noNaN: true });
    fc.assert(
      fc.property(rates, rates, (one, other) => {
        const [less, more] = [one, other]
          .toSorted((a, b) => a - b)
          .map((entryRps) => steppedTraffic(line({ web: { entryRps } })).run(settled));
        if (!less || !more) throw new Error('two rates give two states');
        expect(latencyOf(more, 'store')).toBeGreaterThanOrEqual(latencyOf(less, 'store') - 1e-9);
        expect(errorsOf(more, 'store')).toBeGreaterThanOrEqual(errorsOf(less, 'store') - 1e-9);
      }),
      { numRuns: 30 },
    );
  });

  it('turns requests away that it would have to work at beyond its concurrency', () => {
    const slow = { latencyMs: 400, workMs: 1 };
    const errors = (concurrency: number) =>
      errorsOf(steppedTraffic(line({ store: { ...slow, concurrency } })).run(settled), 'store');
    expect(errors(40)).toBeLessThan(0.001);
    // About ten are in flight in each pod.
    expect(errors(5)).toBeGreaterThan(0.4);
    expect(errors(5)).toBeLessThan(0.6);
  });

  it('is slow while it is young', () => {
    const traffic = steppedTraffic(line());
    const old = latencyOf(traffic.run(settled), 'store');
    traffic.restart('store');
    const young = latencyOf(traffic.run(5), 'store');
    expect(young / old).toBeGreaterThan(1.15);
    expect(latencyOf(traffic.run(60), 'store') / old).toBeLessThan(1.15);
  });
});

describe('a cache', () => {
  const cached = () =>
    steppedTraffic(line({ api: { calls: [call('store', { cached: 0.8, criticality: 1 })] } }));
  const calls = (state: Record<string, ServiceState>) =>
    (state['store']?.rps ?? 0) / (state['api']?.rps ?? 1);

  it('saves calls while it is warm; cold after a restart, it fills again within minutes', () => {
    const traffic = cached();
    expect(calls(traffic.run(settled))).toBeCloseTo(0.2, 2);
    traffic.restart('api');
    expect(calls(traffic.run(5))).toBeGreaterThan(0.95);
    expect(calls(traffic.run(120))).toBeLessThan(0.55);
    expect(calls(traffic.run(600))).toBeCloseTo(0.2, 1);
  });

  it('saves less when its entries live shorter', () => {
    const traffic = cached();
    traffic.around.cache = 0.5;
    expect(calls(traffic.run(settled))).toBeCloseTo(0.6, 2);
  });
});

describe('a pool of connections', () => {
  const pooled = () =>
    steppedTraffic(
      line({ api: { calls: [call('store', { pooled: true, criticality: 1 })] }, store: { latencyMs: 80 } }),
    );

  it('is not felt while it has room, and is where requests wait and fail when the setting shrinks', () => {
    const traffic = pooled();
    const before = traffic.run(settled);
    const [roomy] = before['api']?.pods ?? [];
    expect(errorsOf(before, 'api')).toBeLessThan(0.001);
    expect(roomy?.poolSize).toBe(40);
    expect(roomy?.poolUsed).toBeGreaterThan(0.5);
    expect(roomy?.poolUsed).toBeLessThan(20);

    traffic.around.pool = (name) => (name === 'api' ? 1 : null);
    const after = traffic.run(settled);
    const [full] = after['api']?.pods ?? [];
    expect(full?.poolSize).toBe(1);
    expect(full?.poolWaiting).toBeGreaterThan(1);
    expect(latencyOf(after, 'api') - latencyOf(before, 'api')).toBeGreaterThan(500);
    expect(full?.ownErrors).toBeGreaterThan(0.05);
    // The callee is innocent: it is asked as much as before and answers as fast.
    expect(latencyOf(after, 'store') / latencyOf(before, 'store')).toBeLessThan(1.3);

    traffic.around.pool = () => null;
    expect(errorsOf(traffic.run(settled), 'api')).toBeLessThan(0.001);
  });

  it('fills up behind a slow callee', () => {
    const traffic = pooled();
    const usedBefore = traffic.run(settled)['api']?.pods[0]?.poolUsed ?? 0;
    traffic.around.effect = on('store', { ...noEffect, latencyFactor: 8 });
    expect(traffic.run(settled)['api']?.pods[0]?.poolUsed ?? 0).toBeGreaterThan(usedBefore * 3);
  });

  it('is there only for who makes pooled calls', () => {
    const { web, store } = pooled().run(settled);
    for (const state of [web, store])
      expect(state?.pods[0]).toMatchObject({ poolSize: 0, poolUsed: 0, poolWaiting: 0 });
  });
});

describe('memory', () => {
  const leaking = (leakPerHour: number) => {
    const traffic = steppedTraffic(line());
    traffic.around.effect = on('store', { ...noEffect, leakPerHour });
    return traffic;
  };

  it('leaks up to the limit in the time it is said to, and is reported out of memory once a container', () => {
    const traffic = leaking(2);
    const memory = () => traffic.run(300)['store']?.pods[0]?.memoryMb ?? Number.NaN;
    const grown = Array.from({ length: 5 }, memory);
    expect(grown).toEqual(grown.toSorted((a, b) => a - b));
    expect(grown[0]).toBeCloseTo(100 + 2 * 100 * (300 / 3_600), 6);
    expect(traffic.outOfMemory).toEqual([]);
    traffic.run(600);
    const names = (traffic.around.pods.get('store') ?? []).map(({ name }) => name);
    expect(traffic.outOfMemory.toSorted()).toEqual(names.toSorted());
    expect(traffic.run(60)['store']?.pods[0]?.memoryMb).toBe(200);
    expect(traffic.outOfMemory).toHaveLength(4);

    // A container that starts anew has all its memory, and may lose it again.
    traffic.restart('store');
    expect(traffic.run(5)['store']?.pods[0]?.memoryMb).toBeLessThan(101);
    traffic.run(1_900);
    expect(traffic.outOfMemory).toHaveLength(8);
  });

  it('slows a service down only when it is nearly full', () => {
    const traffic = leaking(1);
    const cores = (state: Record<string, ServiceState>) =>
      (state['store']?.pods[0]?.cores ?? 0) / (state['store']?.pods[0]?.rps ?? 1);
    const fresh = cores(traffic.run(5));
    expect(cores(traffic.run(1_800)) / fresh).toBeCloseTo(1, 6);
    expect(cores(traffic.run(1_600)) / fresh).toBeGreaterThan(1.5);
  });
});

describe('a node', () => {
  it('is shared: a pod that burns its cores slows the others on it, and nobody elsewhere', () => {
    const topology = aTopology(
      [
        aService('web', { entryRps: 200, calls: [call('store')] }),
        aService('store', { workMs: 12 }),
        aService('neighbour', { replicas: 2, entryRps: 1 }),
      ],
      { nodes: 2, nodeCores: 8 },
    );
    const traffic = steppedTraffic(topology);
    const before = traffic.run(settled);
    const [noisy] = traffic.around.pods.get('neighbour') ?? [];
    traffic.around.effect = (_service, pod) => (pod === noisy ? { ...noEffect, burnCores: 14 } : noEffect);
    const after = traffic.run(settled);
    const latency = (state: Record<string, ServiceState>, node: string) => {
      const here = state['store']?.pods.filter(({ pod }) => pod.node === node) ?? [];
      return here.reduce((total, { latencyMs }) => total + latencyMs, 0) / here.length;
    };
    expect(latency(after, 'node-0') / latency(before, 'node-0')).toBeGreaterThan(1.5);
    expect(latency(after, 'node-1') / latency(before, 'node-1')).toBeLessThan(1.2);
    const { nodes } = traffic.step();
    expect(nodes.get('node-0')).toBeGreaterThan(14);
    expect(nodes.get('node-1')).toBeLessThan(8);
    // The neighbour's CPU shows it, past its limit.
    expect(after['neighbour']?.pods[0]?.cores).toBeGreaterThan(14);
  });
});

describe('a provider', () => {
  const shop = aTopology([
    aService('web', { entryRps: 100, calls: [call('outside', { criticality: 1 })] }),
    aService('outside', { kind: 'provider', latencyMs: 60, quotaRps: 150 }),
  ]);

  it('takes what its quota allows and refuses the rest', () => {
    const traffic = steppedTraffic(shop);
    expect(errorsOf(traffic.run(settled), 'outside')).toBe(0);
    traffic.around.load = () => 3;
    const { outside, web } = traffic.run(settled);
    expect((outside?.rps ?? 0) * (1 - (outside?.errorShare ?? 1))).toBeCloseTo(150, 6);
    expect(outside?.pods).toEqual([]);
    expect(web?.errorShare).toBeGreaterThan(0.4);
  });

  it('fails its callers when it takes less than usual, and is slow about it', () => {
    const traffic = steppedTraffic(shop);
    const before = traffic.run(settled);
    traffic.around.effect = on('outside', { ...noEffect, capacityFactor: 0.2 });
    const after = traffic.run(settled);
    expect((after['outside']?.rps ?? 0) * (1 - errorsOf(after, 'outside'))).toBeCloseTo(30, 6);
    expect(errorsOf(after, 'web')).toBeGreaterThan(0.6);
    expect(latencyOf(after, 'outside') / latencyOf(before, 'outside')).toBeGreaterThan(2);
  });
});

describe('a queue', () => {
  const queued = () =>
    aTopology([
      aService('web', { entryRps: 100, calls: [call('worker', { queue: 'jobs', criticality: 1 })] }),
      aService('worker', { workMs: 20 }),
    ]);

  it('is empty while its consumer keeps up', () => {
    const traffic = steppedTraffic(queued());
    const { web, worker } = traffic.run(settled);
    expect(traffic.queue('jobs')).toBe(0);
    expect(worker?.rps).toBeCloseTo(web?.rps ?? 0, 9);
  });

  it('grows while its consumer is short of room, drains afterwards, and loses no message', () => {
    const traffic = steppedTraffic(queued());
    let sent = 0;
    let taken = 0;
    const run = (seconds: number) => {
      for (let done = 0; done < seconds; done += 5) {
        const { web, worker } = traffic.run(5);
        sent += (web?.rps ?? 0) * 5;
        taken += (worker?.rps ?? 0) * 5;
        expect(traffic.queue('jobs')).toBeGreaterThanOrEqual(0);
        expect(taken + traffic.queue('jobs')).toBeCloseTo(sent, 4);
      }
    };
    run(60);
    const [one] = traffic.around.pods.get('worker') ?? [];
    const all = traffic.around.pods.get('worker') ?? [];
    traffic.around.pods.set('worker', one ? [one] : []);
    run(120);
    const backlog = traffic.queue('jobs');
    expect(backlog).toBeGreaterThan(4_000);
    run(60);
    expect(traffic.queue('jobs')).toBeGreaterThan(backlog);
    traffic.around.pods.set('worker', []);
    run(30);
    traffic.around.pods.set('worker', all);
    run(300);
    expect(traffic.queue('jobs')).toBe(0);
  });

  it('lets neither failures nor delay back to who sends', () => {
    const traffic = steppedTraffic(queued());
    const before = traffic.run(settled);
    traffic.around.effect = on('worker', { ...noEffect, errorShare: 0.9, latencyFactor: 40 });
    const after = traffic.run(settled);
    expect(errorsOf(after, 'worker')).toBeGreaterThan(0.8);
    expect(errorsOf(after, 'web')).toBeLessThan(1e-6);
    expect(latencyOf(after, 'web') / latencyOf(before, 'web')).toBeLessThan(1.3);
  });

  it('takes each message once, whatever becomes of the consumer', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 12 }), (counts) => {
        const traffic = steppedTraffic(queued());
        const all = traffic.around.pods.get('worker') ?? [];
        let balance = 0;
        for (const count of counts) {
          traffic.around.pods.set('worker', all.slice(0, count));
          for (let step = 0; step < 6; step++) {
            const { web, worker } = traffic.run(5);
            balance += ((web?.rps ?? 0) - (worker?.rps ?? 0)) * 5;
            expect(traffic.queue('jobs')).toBeCloseTo(balance, 4);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});
