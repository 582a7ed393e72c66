import { expect, it } from 'vitest';
import { ServiceSpec } from '../../../electron/sandbox/scenario/scenario.ts';
import {
  type ServiceState,
  tailAbove,
  trafficModel,
  type VersionEffect,
} from '../../../electron/sandbox/world/traffic.ts';

const service = (name: string, more: object) =>
  ServiceSpec.parse({
    name,
    namespace: 'shop',
    tier: 1,
    replicas: 4,
    cpu: 1,
    workMs: 10,
    latencyMs: 20,
    errorShare: 0,
    memoryMb: 100,
    ...more,
  });

const call = (to: string, more: object = {}) => ({ to, perRequest: 1, criticality: 0.5, ...more });

/** web calls api, api calls store; nobody calls idle. */
const services = [
  service('web', { entryRps: 100, calls: [call('api')] }),
  service('api', { calls: [call('store', { serial: 0.5 })] }),
  service('store', {}),
];

const bad: VersionEffect = { latencyFactor: 3, errorShare: 0.4, workFactor: 1, incubationMs: 30_000 };

/** The state of each service after one step, a minute after every pod started. */
function after(
  options: { podCount?: (name: string) => number; badShare?: number; ageMs?: number; entryRps?: number } = {},
): Record<string, ServiceState> {
  const { podCount = () => 4, badShare = 0, ageMs = 60_000, entryRps = 100 } = options;
  const model = trafficModel({
    topology: {
      name: 'line',
      nodes: 1,
      services: services.map((one) => (one.name === 'web' ? { ...one, entryRps } : one)),
      alerts: [],
    },
    seed: 1,
    startMs: 0,
    effectOf: (name, version) => (name === 'store' && version === 'bad' ? bad : undefined),
  });
  const states = model.advance(0, 100_000, ({ name }) =>
    Array.from({ length: podCount(name) }, (_, index) => ({
      name: `${name}-${index}`,
      version: name === 'store' && index < podCount(name) * badShare ? 'bad' : 'good',
      startedMs: 100_000 - ageMs,
    })),
  );
  return Object.fromEntries(states.map((state) => [state.service.name, state]));
}

it('carries load down every call', () => {
  const { web, api, store } = after();
  expect(web?.rps).toBeGreaterThan(80);
  expect(api?.rps).toBe(web?.rps);
  expect(store?.rpsByCaller).toEqual(new Map([['api', api?.rps]]));
});

it('carries failures up, weaker at each call', () => {
  const { web, api, store } = after({ badShare: 1 });
  expect(store?.errorShare).toBeCloseTo(0.4, 5);
  expect(api?.errorShare).toBeCloseTo(0.2, 2);
  expect(web?.errorShare).toBeCloseTo(0.1, 2);
});

it('carries delay up, by the share that is waited for', () => {
  const quiet = after();
  const slow = after({ badShare: 1 });
  const more = (name: string) => (slow[name]?.latencyMs ?? 0) - (quiet[name]?.latencyMs ?? 0);
  expect(more('store')).toBeGreaterThan(35);
  expect(more('api')).toBeCloseTo(more('store') * 0.5, 6);
  expect(more('web')).toBeCloseTo(more('api'), 6);
});

it('keeps the fault to the pods of the bad version', () => {
  const groups = after({ badShare: 0.5 })['store']?.groups ?? [];
  const errors = Object.fromEntries(groups.map(({ version, ownErrors }) => [version, ownErrors]));
  expect(errors['bad']).toBeCloseTo(0.4, 5);
  expect(errors['good']).toBeLessThan(0.001);
});

it('lets a bad pod behave until it has incubated', () => {
  expect(after({ badShare: 1, ageMs: 29_000 })['store']?.errorShare).toBeLessThan(0.001);
  expect(after({ badShare: 1, ageMs: 30_000 })['store']?.errorShare).toBeGreaterThan(0.39);
});

it('queues: the fewer pods, the slower, and beyond their capacity they fail', () => {
  const latency = [4, 3, 2].map((count) => after({ podCount: () => count })['store']?.latencyMs ?? 0);
  expect(latency).toEqual(latency.toSorted((one, other) => one - other));
  expect(after({ podCount: () => 1, entryRps: 60 })['store']?.errorShare).toBeLessThan(0.001);
  expect(after({ podCount: () => 1, entryRps: 140 })['store']?.errorShare).toBeGreaterThan(0.2);
});

it('fails callers when nobody is left to answer', () => {
  const { api, store } = after({ podCount: (name) => (name === 'store' ? 0 : 4) });
  expect(store).toMatchObject({ errorShare: 1, groups: [] });
  expect(api?.errorShare).toBeCloseTo(0.5, 2);
});

it.each([
  // At the median of a log-normal distribution half is above; the median lies below the mean.
  [100 * Math.exp(-(0.55 ** 2) / 2), 0.5],
  [100 * Math.exp(-(0.55 ** 2) / 2 + 0.55 * 1.959964), 0.025],
  [1e9, 0],
  [1e-9, 1],
])('puts above %d ms of a mean of 100 ms the share %d', (limitMs, share) => {
  expect(tailAbove(limitMs, 100)).toBeCloseTo(share, 6);
});
