import { drawn, type Extent, type Span, spanOf, zoomed } from '../state/span.ts';

/** What a key does in a chart. */
export type ChartKey =
  | { do: 'point'; atMs: number }
  | { do: 'show'; span: Span | null }
  | { do: 'move'; by: 1 | -1 }
  | { do: 'enlarge' }
  | { do: 'leave' };

type At = {
  key: string;
  shift: boolean;
  /** Where the cursor is; null while it is nowhere. */
  pointedMs: number | null;
  span: Span | null;
  extent: Extent;
  stepMs: number;
  /** Rising. */
  marksMs: readonly number[];
};

const ZOOM = 0.6;
/** Of what is shown, with each press at least. */
const STEP = 0.01;
const BIG_STEP = 10;

/** Pure: null for a key that charts do not know. */
export function chartKey({ key, shift, pointedMs, span, extent, stepMs, marksMs }: At): ChartKey | null {
  const shown = drawn(span, extent);
  const stride = Math.max(stepMs, (shown.toMs - shown.fromMs) * STEP) * (shift ? BIG_STEP : 1);
  const point = (atMs: number): ChartKey => ({
    do: 'point',
    atMs: Math.round(Math.min(shown.toMs, Math.max(shown.fromMs, atMs))),
  });
  const zoom = (factor: number): ChartKey => {
    const around = pointedMs ?? (shown.fromMs + shown.toMs) / 2;
    return { do: 'show', span: zoomed(span, extent, around, factor) };
  };
  switch (key) {
    case 'ArrowLeft':
      return point((pointedMs ?? shown.toMs) - stride);
    case 'ArrowRight':
      return point((pointedMs ?? shown.fromMs) + stride);
    case 'Home':
      return point(shown.fromMs);
    case 'End':
      return point(shown.toMs);
    case 'PageUp':
      return point(marksMs.findLast((atMs) => atMs < (pointedMs ?? shown.toMs)) ?? shown.fromMs);
    case 'PageDown':
      return point(marksMs.find((atMs) => atMs > (pointedMs ?? shown.fromMs)) ?? shown.toMs);
    case 'ArrowUp':
      return { do: 'move', by: -1 };
    case 'ArrowDown':
      return { do: 'move', by: 1 };
    case '+':
    case '=':
      return zoom(ZOOM);
    case '-':
      return zoom(1 / ZOOM);
    case '0':
      return { do: 'show', span: null };
    case 'Enter':
      return { do: 'enlarge' };
    case 'Escape':
      return pointedMs === null ? null : { do: 'leave' };
    default:
      return null;
  }
}

/** The part that was drawn over with the pointer. */
export const spanDragged = ({ fromMs, toMs }: Extent, extent: Extent): Span | null =>
  spanOf(Math.round(fromMs), Math.round(toMs), extent);
