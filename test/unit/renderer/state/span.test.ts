import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  drawn,
  type Extent,
  LEAST_MS,
  moved,
  type Span,
  spanOf,
  zoomed,
} from '../../../../renderer/state/span.ts';

const extent: Extent = { fromMs: 1_000_000, toMs: 5_000_000 };
const anyMs = fc.integer({ min: 0, max: 8_000_000 });
const anySpan = fc.tuple(anyMs, anyMs).map(([one, other]) => spanOf(one, other, extent));
const lengthOf = (span: Span | null) => drawn(span, extent).toMs - drawn(span, extent).fromMs;

it('holds a span inside the window, at least a second long, whichever way it was drawn', () => {
  fc.assert(
    fc.property(anyMs, anyMs, (one, other) => {
      const { fromMs, toMs } = drawn(spanOf(one, other, extent), extent);
      expect(fromMs).toBeGreaterThanOrEqual(extent.fromMs);
      expect(toMs).toBeLessThanOrEqual(extent.toMs);
      expect(toMs - fromMs).toBeGreaterThanOrEqual(LEAST_MS);
      expect(spanOf(one, other, extent)).toEqual(spanOf(other, one, extent));
    }),
  );
});

it('is none where it is all of the window, and has no end where it reaches the end', () => {
  expect(spanOf(0, 9_000_000, extent)).toBeNull();
  expect(spanOf(2_000_000, 9_000_000, extent)).toEqual({ fromMs: 2_000_000, toMs: null });
});

it('moves without growing or shrinking', () => {
  fc.assert(
    fc.property(anySpan, fc.integer({ min: -9_000_000, max: 9_000_000 }), (span, byMs) => {
      expect(lengthOf(moved(span, extent, byMs))).toBe(lengthOf(span));
    }),
  );
});

it('zooms around what lies under the pointer, and back out to the whole window', () => {
  const near = zoomed(null, extent, 2_000_000, 0.5);
  expect(near).toEqual({ fromMs: 1_500_000, toMs: 3_500_000 });
  expect(zoomed(near, extent, 2_000_000, 2)).toBeNull();
});

it('never grows when it is zoomed in, nor shrinks when it is zoomed out', () => {
  fc.assert(
    fc.property(anySpan, anyMs, fc.double({ min: 0.1, max: 10, noNaN: true }), (span, around, factor) => {
      const change = lengthOf(zoomed(span, extent, around, factor)) - lengthOf(span);
      if (factor < 1) expect(change).toBeLessThanOrEqual(1);
      else expect(change).toBeGreaterThanOrEqual(-1);
    }),
  );
});
