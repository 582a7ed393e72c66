import fc from 'fast-check';
import { expect, it } from 'vitest';
import { overload, poolOf, slowdown } from '../../../electron/sandbox/world/queueing.ts';

const use = fc.double({ min: 0, max: 5, noNaN: true });

it('makes an idle server no slower and spares it every failure', () => {
  expect(slowdown(0)).toBe(1);
  expect(overload(0)).toBeLessThan(1e-12);
  expect(overload(0.85)).toBeLessThan(0.002);
});

it('slows down and fails more the busier a server is, and never by more than all', () => {
  fc.assert(
    fc.property(use, use, (one, other) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      expect(slowdown(more)).toBeGreaterThanOrEqual(slowdown(less));
      expect(overload(more)).toBeGreaterThanOrEqual(overload(less));
      expect(slowdown(less)).toBeGreaterThanOrEqual(1);
      expect(Number.isFinite(slowdown(more))).toBe(true);
      expect(overload(more)).toBeLessThan(1);
    }),
  );
});

it('fails at least what a server has no time for', () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 100, noNaN: true }), (busy) => {
      expect(overload(busy)).toBeGreaterThanOrEqual(1 - 1 / busy - 1e-12);
    }),
  );
});

const size = fc.integer({ min: 1, max: 500 });
const holdMs = fc.double({ min: 0.5, max: 3_000, noNaN: true });
/** Takers a second that keep this share of a pool busy. */
const takers = (size: number, holdMs: number, share: number) => (share * size * 1_000) / holdMs;

it('refuses nobody while a pool has room, and exactly those it cannot serve when it is full', () => {
  fc.assert(
    fc.property(size, holdMs, fc.double({ min: 0, max: 0.999, noNaN: true }), (size, holdMs, share) => {
      const { refused, used } = poolOf(size, takers(size, holdMs, share), holdMs);
      expect(refused).toBe(0);
      expect(used).toBeCloseTo(share * size, 6);
    }),
  );
  fc.assert(
    fc.property(size, holdMs, fc.double({ min: 1.001, max: 50, noNaN: true }), (size, holdMs, share) => {
      const rps = takers(size, holdMs, share);
      const { refused, used, waitMs } = poolOf(size, rps, holdMs);
      // Who is served holds a connection; all connections are held.
      expect((rps * (1 - refused) * holdMs) / 1_000).toBeCloseTo(size, 6);
      expect(used).toBe(size);
      // Nobody waits longer than the time after which takers give up.
      expect(waitMs).toBe(1_000);
    }),
  );
});

it('lets takers wait longer the fuller a pool is, and less the larger it is', () => {
  fc.assert(
    fc.property(size, holdMs, use, use, (size, holdMs, one, other) => {
      const at = (share: number) => poolOf(size, takers(size, holdMs, share), holdMs);
      const [less, more] = [at(Math.min(one, other)), at(Math.max(one, other))];
      expect(more.waitMs).toBeGreaterThanOrEqual(less.waitMs);
      expect(more.waiting).toBeGreaterThanOrEqual(less.waiting);
      expect(more.refused).toBeGreaterThanOrEqual(less.refused);
      expect(more.waitMs).toBeLessThanOrEqual(1_000);
      const rps = takers(size, holdMs, one);
      expect(poolOf(size + 10, rps, holdMs).waitMs).toBeLessThanOrEqual(poolOf(size, rps, holdMs).waitMs);
    }),
  );
});

it('keeps as many waiting as arrive while one waits', () => {
  const { waiting, waitMs } = poolOf(10, 95, 100);
  expect(waitMs).toBeGreaterThan(0);
  expect(waiting).toBeCloseTo((95 * waitMs) / 1_000, 9);
});
