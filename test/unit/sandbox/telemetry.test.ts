import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seriesStore } from '../../../electron/sandbox/prometheus/series-store.ts';
import type { ServiceSpec } from '../../../electron/sandbox/scenario/topology.ts';
import { poissonAt } from '../../../electron/sandbox/world/counters.ts';
import { meshMetrics } from '../../../electron/sandbox/world/mesh-metrics.ts';
import { podMetrics } from '../../../electron/sandbox/world/pod-metrics.ts';
import type { PodLoad, ServiceState } from '../../../electron/sandbox/world/traffic.ts';
import { aService } from '../../fixtures/sandbox-world.ts';

const seconds = 5;
const stepsPerScrape = 3;
const nobodyMissed = () => false;

const loadOf = (name: string, more: Partial<PodLoad> & { version?: string } = {}): PodLoad => {
  const { version = '1', ...load } = more;
  return {
    pod: { name, node: 'node-0', image: `cart:${version}`, version, startedMs: 0, leakedMb: 0 },
    rps: 20,
    latencyMs: 80,
    ownErrors: 0,
    passedErrors: 0,
    cores: 0.4,
    memoryMb: 100,
    poolUsed: 0,
    poolWaiting: 0,
    poolSize: 0,
    ...load,
  };
};

const stateOf = (
  service: ServiceSpec,
  pods: PodLoad[],
  callers: ServiceState['callers'] = [],
): ServiceState => {
  const rps = pods.reduce((total, pod) => total + pod.rps, 0);
  return {
    service,
    rps,
    callers: callers.length > 0 ? callers : [{ name: 'web', rps }],
    latencyMs: 80,
    errorShare: 0,
    pods,
  };
};

const cart = aService('cart');

/** Mesh and pod metrics of what a test says was served, scraped every three steps. */
function recorder(
  options: { byPod?: boolean; isMeasured?: (service: string) => boolean; seed?: number } = {},
) {
  const { byPod = true, isMeasured = () => true, seed = 1 } = options;
  const series = seriesStore();
  const mesh = meshMetrics({ series, seed, byPod, isMeasured, namespaceOf: () => 'shop' });
  const pods = podMetrics({ series, seed, noise: 1, restartsOf: () => 2 });
  let step = 0;
  return {
    during(states: ServiceState[], scrapes: number, isMissed: (pod: string) => boolean = nobodyMissed) {
      for (let scrape = 0; scrape < scrapes; scrape++) {
        for (let count = 0; count < stepsPerScrape; count++) {
          mesh.observe(seconds, states);
          pods.observe({ number: step, atMs: step * seconds * 1_000, seconds }, states);
          step += 1;
        }
        series.beginScrape(step * seconds * 1_000);
        mesh.scrape(series.scrapes(), isMissed);
        pods.scrape(series.scrapes(), isMissed);
      }
    },
    /** Values of every series of this name with these labels, one at each scrape. */
    read(name: string, labels: Record<string, string> = {}): number[][] {
      return series
        .named(name)
        .filter((one) => Object.entries(labels).every(([label, value]) => one.labels[label] === value))
        .map(({ values }) => [...values.subarray(0, series.scrapes())]);
    },
    labelled: (name: string) => series.named(name).map(({ labels }) => labels),
    counters: () =>
      series
        .all()
        .filter(({ labels }) => /_total$|_bucket$|_count$|_sum$/.test(labels['__name__'] ?? ''))
        .filter(({ labels }) => !labels['__name__']?.startsWith('kube_'))
        .map(({ values }) => [...values.subarray(0, series.scrapes())]),
  };
}

const last = (all: number[][]) => all.reduce((total, values) => total + (values.at(-1) ?? 0), 0);

describe('a counter', () => {
  it('never falls while its pod lives, and its series ends with the pod', () => {
    const rates = fc.array(fc.double({ min: 0, max: 60, noNaN: true }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(rates, fc.integer(), (perScrape, seed) => {
        const { during, counters, read } = recorder({ seed });
        for (const rps of perScrape) during([stateOf(cart, [loadOf('cart-a', { rps, ownErrors: 0.2 })])], 1);
        for (const values of counters()) expect(values).toEqual(values.toSorted((one, other) => one - other));
        during([stateOf(cart, [loadOf('cart-b')])], 2);
        for (const name of ['istio_requests_total', 'container_cpu_usage_seconds_total', 'up'])
          for (const values of read(name, { pod: 'cart-a' })) {
            expect(values.slice(0, perScrape.length)).not.toContain(Number.NaN);
            expect(values.slice(-2)).toEqual([Number.NaN, Number.NaN]);
          }
        // The next pod begins at nothing, before the first scrape of it.
        for (const values of read('istio_requests_total', { pod: 'cart-b' }))
          expect(values.slice(0, -2).every(Number.isNaN)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('begins anew when a pod of the same name comes back', () => {
    const { during, read } = recorder();
    const busy = [stateOf(cart, [loadOf('cart-a', { rps: 200 })])];
    during(busy, 10);
    const before = last(read('istio_requests_total'));
    during([stateOf(cart, [loadOf('other')])], 1);
    during(busy, 1);
    const after = last(read('istio_requests_total', { pod: 'cart-a' }));
    expect(after).toBeGreaterThan(2_000);
    expect(after).toBeLessThan(before / 2);
  });

  it('has one series for each label set, however often its pod comes back', () => {
    const { during, labelled } = recorder();
    for (const name of ['cart-a', 'other', 'cart-a', 'other', 'cart-a'])
      during([stateOf(cart, [loadOf(name)])], 1);
    for (const metric of ['istio_requests_total', 'container_cpu_usage_seconds_total', 'up']) {
      const sets = labelled(metric).map((labels) => JSON.stringify(labels));
      expect(sets.length).toBeGreaterThan(1);
      expect(new Set(sets).size).toBe(sets.length);
    }
  });

  it('counts what was served, within noise, over all pods, callers and answers', () => {
    const { during, read } = recorder();
    const pods = ['a', 'b', 'c'].map((name) =>
      loadOf(`cart-${name}`, { rps: 30, ownErrors: 0.1, passedErrors: 0.2 }),
    );
    const callers = [
      { name: null, rps: 30 },
      { name: 'web', rps: 60 },
    ];
    const scrapes = 80;
    during([stateOf(cart, pods, callers)], scrapes);
    const served = 90 * scrapes * stepsPerScrape * seconds;
    const ratio = (labels: Record<string, string>) => last(read('istio_requests_total', labels)) / served;
    expect(ratio({})).toBeCloseTo(1, 1.5);
    expect(Math.abs(ratio({}) - 1)).toBeLessThan(4 / Math.sqrt(served));
    expect(ratio({ response_code: '500' })).toBeCloseTo(0.1, 2);
    expect(ratio({ response_code: '503' })).toBeCloseTo(0.9 * 0.2, 2);
    expect(ratio({ source_workload: 'unknown' })).toBeCloseTo(1 / 3, 1.5);
    expect(ratio({ source_workload: 'web' })).toBeCloseTo(2 / 3, 1.5);
    // The histogram has counted the same requests, and its mean is their latency.
    const count = last(read('istio_request_duration_milliseconds_count'));
    expect(count).toBe(last(read('istio_requests_total')));
    expect(last(read('istio_request_duration_milliseconds_bucket', { le: '+Inf' }))).toBe(count);
    expect(last(read('istio_request_duration_milliseconds_sum')) / count).toBeCloseTo(80, 1);
  });

  it('has buckets that hold more the higher their bound', () => {
    const { during, read, labelled } = recorder();
    during([stateOf(cart, [loadOf('cart-a', { latencyMs: 300, rps: 100 })])], 20);
    const name = 'istio_request_duration_milliseconds_bucket';
    const bounds = labelled(name).map(({ le }) => le ?? '');
    expect(bounds.at(-1)).toBe('+Inf');
    const held = bounds.map((le) => last(read(name, { le })));
    expect(held).toEqual(held.toSorted((one, other) => one - other));
    const total = held.at(-1) ?? 0;
    expect(last(read(name, { le: '100' })) / total).toBeLessThan(0.1);
    expect(last(read(name, { le: '1000' })) / total).toBeGreaterThan(0.95);
  });

  it('draws as many events as are expected, and never less than none', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 500, noNaN: true }), fc.integer(), (mean, base) => {
        const draws = Array.from({ length: 400 }, (_, step) => poissonAt(mean, base, step));
        for (const count of draws) expect(Number.isInteger(count) && count >= 0).toBe(true);
        const average = draws.reduce((total, count) => total + count, 0) / draws.length;
        expect(Math.abs(average - mean)).toBeLessThanOrEqual(5.5 * Math.sqrt(mean / draws.length) + 0.1);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a scrape that fails', () => {
  it('leaves a gap and loses no count', () => {
    const [whole, gappy] = [recorder(), recorder()];
    const states = [stateOf(cart, [loadOf('cart-a', { rps: 40, ownErrors: 0.3 }), loadOf('cart-b')])];
    for (const one of [whole, gappy]) one.during(states, 4);
    whole.during(states, 3);
    gappy.during(states, 3, (pod) => pod === 'cart-a');
    for (const one of [whole, gappy]) one.during(states, 1);
    for (const name of ['istio_requests_total', 'container_cpu_usage_seconds_total']) {
      const missing = gappy.read(name, { pod: 'cart-a' });
      expect(missing.map((values) => values.slice(4, 7))).toEqual(
        missing.map(() => [Number.NaN, Number.NaN, Number.NaN]),
      );
      expect(missing.map((values) => values.at(-1))).toEqual(
        whole.read(name, { pod: 'cart-a' }).map((values) => values.at(-1)),
      );
      expect(gappy.read(name, { pod: 'cart-b' })).toEqual(whole.read(name, { pod: 'cart-b' }));
    }
    expect(gappy.read('up', { pod: 'cart-a' })[0]?.slice(3)).toEqual([1, 0, 0, 0, 1]);
  });

  it('is one pod of a version that is counted as a whole, not all of them', () => {
    const { during, read } = recorder({ byPod: false });
    const asked = new Set<string>();
    const states = [stateOf(cart, [loadOf('cart-a')]), stateOf(aService('pricing'), [loadOf('pricing-a')])];
    during(states, 1, (target) => {
      asked.add(target);
      return false;
    });
    // Each is asked for by a name of its own, so that they do not all fail at once.
    expect(asked.size).toBe(4);
    expect(read('istio_requests_total')).toHaveLength(6);
  });
});

describe('the mesh', () => {
  it('tells versions apart, and pods of a version where it counts by pod', () => {
    const pods = [
      loadOf('cart-a', { version: '1' }),
      loadOf('cart-b', { version: '1' }),
      loadOf('cart-c', { version: '2', ownErrors: 1 }),
    ];
    const [byPod, byVersion] = [recorder(), recorder({ byPod: false })];
    for (const one of [byPod, byVersion]) one.during([stateOf(cart, pods)], 40);
    for (const one of [byPod, byVersion]) {
      expect(last(one.read('istio_requests_total', { destination_version: '1', response_code: '500' }))).toBe(
        0,
      );
      expect(last(one.read('istio_requests_total', { destination_version: '2', response_code: '200' }))).toBe(
        0,
      );
      const versions = ['1', '2'].map((version) =>
        last(one.read('istio_requests_total', { destination_version: version })),
      );
      expect((versions[0] ?? 0) / (versions[1] ?? 1)).toBeCloseTo(2, 0.5);
    }
    expect(new Set(byPod.labelled('istio_requests_total').map(({ pod }) => pod))).toEqual(
      new Set(['cart-a', 'cart-b', 'cart-c']),
    );
    expect(byVersion.labelled('istio_requests_total').every((labels) => labels['pod'] === undefined)).toBe(
      true,
    );
  });

  it('knows nothing of databases, of providers only what callers see, and of the unmeasured nothing', () => {
    const { during, read, labelled } = recorder({ isMeasured: (service) => service !== 'hidden' });
    during(
      [
        stateOf(aService('shop-db', { kind: 'database' }), [loadOf('shop-db-0')]),
        stateOf(aService('hidden'), [loadOf('hidden-a')]),
        {
          ...stateOf(aService('outside', { kind: 'provider' }), [], [{ name: 'cart', rps: 50 }]),
          rps: 50,
          errorShare: 0.5,
        },
      ],
      40,
    );
    expect(read('istio_requests_total', { destination_workload: 'shop-db' })).toEqual([]);
    expect(read('istio_requests_total', { destination_workload: 'hidden' })).toEqual([]);
    const labels = labelled('istio_requests_total');
    expect(new Set(labels.map(({ reporter }) => reporter))).toEqual(new Set(['source']));
    const outside = { destination_service_name: 'outside.example' };
    const failed = last(read('istio_requests_total', { ...outside, response_code: '503' }));
    expect(failed / last(read('istio_requests_total', outside))).toBeCloseTo(0.5, 1.5);
    // cAdvisor sees every pod that is ours, whoever is in the mesh.
    expect(new Set(labelled('container_cpu_usage_seconds_total').map(({ pod }) => pod))).toEqual(
      new Set(['shop-db-0', 'hidden-a']),
    );
  });
});

describe('a pod', () => {
  it('shows what it uses beside what it may use', () => {
    const { during, read } = recorder();
    const scrapes = 60;
    during([stateOf(cart, [loadOf('cart-a', { cores: 0.4, memoryMb: 150 })])], scrapes);
    const cpu = last(read('container_cpu_usage_seconds_total')) / (scrapes * stepsPerScrape * seconds);
    expect(cpu).toBeGreaterThan(0.39);
    expect(cpu).toBeLessThan(0.43);
    for (const bytes of read('container_memory_working_set_bytes')[0] ?? [])
      expect(Math.abs(bytes / 1_048_576 / 150 - 1)).toBeLessThan(0.06);
    expect(read('kube_pod_container_resource_limits', { resource: 'cpu' })[0]?.at(-1)).toBe(1);
    expect(read('kube_pod_container_resource_limits', { resource: 'memory' })[0]?.at(-1)).toBe(
      200 * 1_048_576,
    );
    expect(read('kube_pod_container_status_restarts_total')[0]?.at(-1)).toBe(2);
  });

  it('shows the connections of its pool where it has one, and no such series otherwise', () => {
    const pooled = aService('orders', {
      calls: [{ to: 'shop-db', perRequest: 1, criticality: 1, pooled: true }],
    });
    const load = loadOf('orders-a', { poolUsed: 7.4, poolWaiting: 2.6, poolSize: 40 });
    const { during, read } = recorder();
    during([stateOf(cart, [loadOf('cart-a')]), stateOf(pooled, [load])], 2);
    const shown = (name: string) => read(`db_client_connections_${name}`).map((values) => values.at(-1));
    expect([shown('usage'), shown('pending_requests'), shown('max')]).toEqual([[7], [3], [40]]);
  });
});
