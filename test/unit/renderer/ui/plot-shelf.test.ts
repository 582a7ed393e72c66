import { array, assert, constantFrom, integer, oneof, property, record } from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { plotShelf } from '../../../../renderer/ui/plot-shelf.ts';

type Plot = { name: string; destroyed: number; destroy(): void };

const plotOf = (name: string): Plot => ({
  name,
  destroyed: 0,
  destroy() {
    this.destroyed += 1;
  },
});

const KEPT_MS = 60_000;
const shelfOf = (most: number) => plotShelf<Plot>({ most, keptMs: KEPT_MS });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('gives what was put there to whoever takes it, once', () => {
  const shelf = shelfOf(2);
  const plot = plotOf('a');
  shelf.put('a', plot);
  expect(shelf.take('b')).toBeUndefined();
  expect(shelf.take('a')).toBe(plot);
  expect(shelf.take('a')).toBeUndefined();
  expect(plot.destroyed).toBe(0);
});

it('destroys the one that was put there first when there are more than it may hold', () => {
  const shelf = shelfOf(2);
  const [a, b, c] = ['a', 'b', 'c'].map(plotOf) as [Plot, Plot, Plot];
  shelf.put('a', a);
  shelf.put('b', b);
  // Looked at again: it is the newest from then on.
  shelf.put('a', shelf.take('a') ?? a);
  shelf.put('c', c);
  expect([a, b, c].map(({ destroyed }) => destroyed)).toEqual([0, 1, 0]);
  expect(shelf.take('b')).toBeUndefined();
  expect(shelf.take('a')).toBe(a);
});

it('destroys what is in the way of another one that shows the same', () => {
  const shelf = shelfOf(2);
  const [before, now] = [plotOf('a'), plotOf('a')];
  shelf.put('a', before);
  shelf.put('a', now);
  shelf.put('a', now);
  expect([before.destroyed, now.destroyed]).toEqual([1, 0]);
  expect(shelf.take('a')).toBe(now);
});

it('destroys what nobody looked at for long, and keeps what was put there since', () => {
  const shelf = shelfOf(9);
  const [old, young] = [plotOf('old'), plotOf('young')];
  shelf.put('old', old);
  vi.advanceTimersByTime(KEPT_MS - 1);
  shelf.put('young', young);
  expect(old.destroyed).toBe(0);
  vi.advanceTimersByTime(KEPT_MS / 2 + 1);
  expect([old.destroyed, young.destroyed]).toEqual([1, 0]);
  vi.advanceTimersByTime(2 * KEPT_MS);
  expect(young.destroyed).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

it('destroys all that it holds when it is closed, and whatever comes after that', () => {
  const shelf = shelfOf(9);
  const [held, taken, late] = [plotOf('held'), plotOf('taken'), plotOf('late')];
  shelf.put('held', held);
  shelf.put('taken', taken);
  shelf.take('taken');
  shelf.close();
  shelf.put('late', late);
  expect([held.destroyed, taken.destroyed, late.destroyed]).toEqual([1, 0, 1]);
  shelf.put('taken', taken);
  expect(taken.destroyed).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

it('holds, has given away, or has destroyed exactly once each plot that was ever put there', () => {
  const key = constantFrom('a', 'b', 'c', 'd', 'e');
  const step = oneof(
    record({ does: constantFrom('put' as const), key }),
    record({ does: constantFrom('take' as const), key }),
    record({ does: constantFrom('wait' as const), ms: integer({ min: 0, max: KEPT_MS }) }),
  );
  assert(
    property(integer({ min: 0, max: 3 }), array(step, { maxLength: 60 }), (most, steps) => {
      const shelf = shelfOf(most);
      const put: Plot[] = [];
      const taken = new Set<Plot>();
      for (const one of steps) {
        if (one.does === 'wait') vi.advanceTimersByTime(one.ms);
        else if (one.does === 'put') {
          const plot = plotOf(one.key);
          put.push(plot);
          shelf.put(one.key, plot);
        } else {
          const plot = shelf.take(one.key);
          if (plot) taken.add(plot);
        }
        const held = put.filter((plot) => plot.destroyed === 0 && !taken.has(plot));
        expect(held.length).toBeLessThanOrEqual(most);
        expect(put.every((plot) => plot.destroyed === (held.includes(plot) || taken.has(plot) ? 0 : 1))).toBe(
          true,
        );
      }
      shelf.close();
      expect(put.every((plot) => plot.destroyed === (taken.has(plot) ? 0 : 1))).toBe(true);
    }),
  );
});
