import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamsOf } from '../../../../electron/correlation/generate/chance.ts';
import { ancestorsOf, drawTopology } from '../../../../electron/correlation/generate/topology.ts';

const drawn = fc
  .record({ seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }), size: fc.integer({ min: 5, max: 120 }) })
  .map(({ seed, size }) => drawTopology(streamsOf(seed, ['topology']).topology, size));

describe('a drawn topology', () => {
  it('calls downwards only, each callee once, never from a store, and leaves no service uncalled', () => {
    fc.assert(
      fc.property(drawn, ({ size, edges, entries, isStore, into, out }) => {
        const pairs = new Set(edges.map(({ from, to }) => `${from} ${to}`));
        expect(pairs.size).toBe(edges.length);
        for (const { from, to } of edges) {
          expect(from).toBeLessThan(to);
          expect(isStore[from]).toBe(false);
          expect(entries).not.toContain(to);
        }
        for (let service = 0; service < size; service += 1) {
          if (!entries.includes(service)) expect(into[service]?.length).toBeGreaterThan(0);
          if (!isStore[service]) expect(out[service]?.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('lets every service be reached from an entry', () => {
    fc.assert(
      fc.property(drawn, (topology) => {
        for (let service = topology.entries.length; service < topology.size; service += 1)
          expect(ancestorsOf(topology, service).some((one) => topology.entries.includes(one))).toBe(true);
      }),
    );
  });
});
