import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawTopology, ordinaryUse } from '../../../electron/sandbox/generate/draw-topology.ts';
import { ordinaryLatency, ordinaryLoad, p99OfMean } from '../../../electron/sandbox/generate/ordinary-day.ts';
import { Topology } from '../../../electron/sandbox/scenario/topology.ts';

const worlds = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  services: fc.oneof(fc.integer({ min: 10, max: 60 }), fc.constantFrom(100, 119, 121, 250, 500)),
});
const drawn = (check: (topology: Topology) => void, numRuns = 40) =>
  fc.assert(
    fc.property(worlds, (world) => {
      check(drawTopology(world));
    }),
    { numRuns },
  );

describe('a drawn topology', () => {
  it('is read again by its own schema, circles and unknown callees included, as it was', () =>
    drawn((topology) => expect(Topology.parse(structuredClone(topology))).toEqual(topology)));

  it('has as many services as were asked for, each with a name of its own', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { services, meshByPod } = drawTopology(world);
        expect(new Set(services.map(({ name }) => name)).size).toBe(world.services);
        expect(meshByPod).toBe(world.services <= 120);
      }),
      { numRuns: 40 },
    );
  });

  it('has entries, databases and a provider, and nobody whom no request reaches', () =>
    drawn(({ services }) => {
      const called = new Set(services.flatMap(({ calls }) => calls.map(({ to }) => to)));
      expect(services.some(({ kind }) => kind === 'database')).toBe(true);
      expect(services.some(({ kind }) => kind === 'provider')).toBe(true);
      expect(services.filter(({ entryRps }) => entryRps !== undefined).length).toBeGreaterThan(0);
      for (const { name, entryRps } of services)
        expect(entryRps !== undefined || called.has(name)).toBe(true);
      for (const { kind, calls } of services) if (kind !== 'service') expect(calls).toEqual([]);
    }));

  it('is between a third and three fifths busy on an ordinary day, with nobody idle', () =>
    drawn((topology) => {
      for (const [name, use] of ordinaryUse(topology)) {
        expect(use, name).toBeGreaterThan(0.34);
        expect(use, name).toBeLessThan(0.6);
      }
      for (const rps of ordinaryLoad(topology.services).values()) expect(rps).toBeGreaterThan(3.9);
    }));

  it('gives every call far more time than nearly all answers take', () =>
    drawn(({ services }) => {
      const latency = ordinaryLatency(services, ordinaryLoad(services));
      for (const { calls } of services)
        for (const { to, timeoutMs } of calls)
          expect(timeoutMs).toBeGreaterThan(2 * p99OfMean * (latency.get(to) ?? 0));
    }));

  it('is the same for the same seed, and another one for another', () => {
    fc.assert(
      fc.property(worlds, ({ seed, services }) => {
        const text = JSON.stringify(drawTopology({ seed, services }));
        expect(JSON.stringify(drawTopology({ seed, services }))).toBe(text);
        expect(JSON.stringify(drawTopology({ seed: seed + 1, services }))).not.toBe(text);
      }),
      { numRuns: 10 },
    );
  });

  it.each([9, 501, 20.5, Number.NaN])('is refused for %s services', (services) => {
    expect(() => drawTopology({ seed: 1, services })).toThrow(
      /services must be a whole number from 10 to 500/,
    );
  });
});
