import { useEffect, useMemo, useRef, useState } from 'react';
import type { EventLine } from '../state/event-line.ts';
import { drawn, type Extent, moved, type Span, spanOf, zoomed } from '../state/span.ts';
import { useTimeView } from '../state/time-view.ts';
import { Group } from '../ui/group.tsx';
import { countOf, dayAndTime, utc } from '../ui/words.ts';
import { barsOf, density, LANES, type Lane, ticksOf } from './density.ts';
import './time-window.css';

const BINS = 240;
const LANE_HEIGHT = 9;
const MOST_TICKS = 5;
/** Of the window, with each press of a key. */
const STEP = 0.01;
const BIG_STEP = 0.1;
const ZOOM = 0.8;

type TimeWindowProps = {
  events: readonly EventLine[];
  extent: Extent;
  span: Span | null;
  /** When the trouble began, as far as it is known. */
  onsetMs: number | null;
  onSpan(span: Span | null): void;
};

/**
 * The whole window at a glance: a lane for each kind of event on one time axis, with a brush that says which part the list
 * below shows. Drag to choose a part, drag the part to move it, turn the wheel to zoom; every bit of it by keys as well.
 */
export function TimeWindow({ events, extent, span, onsetMs, onSpan }: TimeWindowProps) {
  const box = useRef<HTMLDivElement>(null);
  const drag = useDrag(box, extent, span, onSpan);
  const lanes = useMemo(() => density(events, extent, BINS), [events, extent]);
  const most = useMemo(() => Math.max(...LANES.map((lane) => Math.max(0, ...lanes[lane]))), [lanes]);
  const shown = drawn(span, extent);
  const share = (atMs: number) => ((atMs - extent.fromMs) / Math.max(1, extent.toMs - extent.fromMs)) * 100;
  useWheel(
    box,
    (aroundMs, factor) => onSpan(zoomed(span, extent, aroundMs, factor)),
    (byMs) => onSpan(moved(span, extent, byMs)),
    extent,
  );

  return (
    <Group className="time-window" label="Time window">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the pointer's way to what the two sliders do by keys. */}
      <div
        ref={box}
        className="time-window-lanes"
        data-brushed={span !== null}
        onPointerDown={drag.onPointerDown}
        onDoubleClick={() => onSpan(null)}
      >
        {LANES.map((lane) => (
          <svg
            key={lane}
            className={`time-lane time-lane-${lane}`}
            viewBox={`0 0 ${BINS} ${LANE_HEIGHT}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={laneWords(lane, lanes[lane])}
          >
            <path d={barsOf(lanes[lane], most, LANE_HEIGHT)} />
          </svg>
        ))}
        {onsetMs !== null && onsetMs >= extent.fromMs && onsetMs <= extent.toMs && (
          <span
            className="time-onset"
            style={{ left: `${share(onsetMs)}%` }}
            title={`Onset ${dayAndTime(onsetMs)}`}
          />
        )}
        <PointedLine extent={extent} />
        <span
          className="time-brush"
          data-part="body"
          style={{ left: `${share(shown.fromMs)}%`, right: `${100 - share(shown.toMs)}%` }}
        />
        <Handle
          end="from"
          label="Shown from"
          atMs={shown.fromMs}
          share={share(shown.fromMs)}
          extent={extent}
          onMove={(atMs) => onSpan(spanOf(Math.min(atMs, shown.toMs), shown.toMs, extent))}
          onZoom={(factor) => onSpan(zoomed(span, extent, (shown.fromMs + shown.toMs) / 2, factor))}
        />
        <Handle
          end="to"
          label="Shown to"
          atMs={shown.toMs}
          share={share(shown.toMs)}
          extent={extent}
          onMove={(atMs) => onSpan(spanOf(shown.fromMs, Math.max(atMs, shown.fromMs), extent))}
          onZoom={(factor) => onSpan(zoomed(span, extent, (shown.fromMs + shown.toMs) / 2, factor))}
        />
      </div>
      <div className="time-axis" aria-hidden>
        {ticksOf(extent, MOST_TICKS).map(({ atMs, stepMs }) => (
          <span
            key={atMs}
            className="time-tick"
            style={{ left: `${share(atMs)}%` }}
            title={`${utc(atMs)} (UTC)`}
          >
            {tickWord(atMs, stepMs)}
          </span>
        ))}
      </div>
    </Group>
  );
}

/** Where somebody points in a chart or in the list; apart, so that nothing else is drawn anew as it moves. */
function PointedLine({ extent }: { extent: Extent }) {
  const atMs = useTimeView(({ pointed }) => pointed?.atMs ?? null);
  if (atMs === null || atMs < extent.fromMs || atMs > extent.toMs) return null;
  const share = ((atMs - extent.fromMs) / Math.max(1, extent.toMs - extent.fromMs)) * 100;
  return <span className="time-pointed" style={{ left: `${share}%` }} />;
}

type HandleProps = {
  end: 'from' | 'to';
  label: string;
  atMs: number;
  share: number;
  extent: Extent;
  onMove(atMs: number): void;
  onZoom(factor: number): void;
};

function Handle({ end, label, atMs, share, extent, onMove, onZoom }: HandleProps) {
  const whole = extent.toMs - extent.fromMs;
  const onKey = (key: string, big: boolean): boolean => {
    const step = whole * (big ? BIG_STEP : STEP);
    if (key === 'ArrowLeft' || key === 'ArrowDown') onMove(atMs - step);
    else if (key === 'ArrowRight' || key === 'ArrowUp') onMove(atMs + step);
    else if (key === 'PageDown') onMove(atMs - whole * BIG_STEP);
    else if (key === 'PageUp') onMove(atMs + whole * BIG_STEP);
    else if (key === 'Home') onMove(extent.fromMs);
    else if (key === 'End') onMove(extent.toMs);
    else if (key === '+' || key === '=') onZoom(ZOOM);
    else if (key === '-') onZoom(1 / ZOOM);
    else return false;
    return true;
  };
  return (
    <span
      className="time-handle"
      data-part={end}
      style={{ left: `${share}%` }}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={extent.fromMs}
      aria-valuemax={extent.toMs}
      aria-valuenow={atMs}
      aria-valuetext={dayAndTime(atMs)}
      onKeyDown={(press) => {
        if (press.ctrlKey || press.metaKey || press.altKey) return;
        if (!onKey(press.key, press.shiftKey)) return;
        press.preventDefault();
        press.stopPropagation();
      }}
    />
  );
}

/** Drawing a new span on the empty strip, moving the one that is there, or one of its ends. */
function useDrag(
  box: React.RefObject<HTMLDivElement | null>,
  extent: Extent,
  span: Span | null,
  onSpan: (span: Span | null) => void,
) {
  const [end, setEnd] = useState<(() => void) | null>(null);
  useEffect(() => () => end?.(), [end]);

  const onPointerDown = (press: React.PointerEvent<HTMLDivElement>) => {
    const strip = box.current;
    if (press.button !== 0 || !strip) return;
    const { left, width } = strip.getBoundingClientRect();
    const timeAt = (x: number) =>
      extent.fromMs + ((x - left) / Math.max(1, width)) * (extent.toMs - extent.fromMs);
    const part = press.target instanceof HTMLElement ? press.target.dataset['part'] : undefined;
    const shown = drawn(span, extent);
    const startX = press.clientX;
    const onMove = (move: PointerEvent) => {
      // A click that trembles is a click.
      if (Math.abs(move.clientX - startX) < LEAST_DRAG) return;
      const atMs = timeAt(move.clientX);
      if (part === 'from') onSpan(spanOf(atMs, shown.toMs, extent));
      else if (part === 'to') onSpan(spanOf(shown.fromMs, atMs, extent));
      else if (part === 'body' && span !== null) onSpan(moved(span, extent, atMs - timeAt(startX)));
      else onSpan(spanOf(timeAt(startX), atMs, extent));
    };
    const stop = () => {
      removeEventListener('pointermove', onMove);
      removeEventListener('pointerup', stop);
      removeEventListener('pointercancel', stop);
      setEnd(null);
    };
    addEventListener('pointermove', onMove);
    addEventListener('pointerup', stop);
    addEventListener('pointercancel', stop);
    setEnd(() => stop);
  };
  return { onPointerDown };
}

const LEAST_DRAG = 3;

/** The wheel zooms around the pointer; sideways, or with Shift, it moves the span. A page behind it must not scroll. */
function useWheel(
  box: React.RefObject<HTMLDivElement | null>,
  onZoom: (aroundMs: number, factor: number) => void,
  onMove: (byMs: number) => void,
  extent: Extent,
): void {
  const wanted = useRef({ onZoom, onMove, extent });
  wanted.current = { onZoom, onMove, extent };
  useEffect(() => {
    const strip = box.current;
    if (!strip) return;
    const onWheel = (turn: WheelEvent) => {
      turn.preventDefault();
      const { left, width } = strip.getBoundingClientRect();
      const { onZoom: zoom, onMove: move, extent: whole } = wanted.current;
      const perPixel = (whole.toMs - whole.fromMs) / Math.max(1, width);
      const sideways = turn.shiftKey ? turn.deltaY || turn.deltaX : turn.deltaX;
      if (turn.shiftKey || Math.abs(turn.deltaX) > Math.abs(turn.deltaY)) move(sideways * perPixel);
      else zoom(whole.fromMs + (turn.clientX - left) * perPixel, Math.exp(turn.deltaY * WHEEL));
    };
    // React listens passively, and what is passive cannot keep the page from scrolling.
    strip.addEventListener('wheel', onWheel, { passive: false });
    return () => strip.removeEventListener('wheel', onWheel);
  }, [box]);
}

/** One notch of a common wheel is 100 pixels: about a fifth more or less. */
const WHEEL = 0.002;

const laneWords = (lane: Lane, counts: Uint32Array) =>
  `${countOf(counts.reduce((sum, count) => sum + count, 0))} ${lane}s over time`;

const DAY_MS = 86_400_000;
const hourAndMinute = new Intl.DateTimeFormat(undefined, { timeStyle: 'short', hourCycle: 'h23' });
const withSeconds = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const dayOnly = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

const tickWord = (atMs: number, stepMs: number): string =>
  (stepMs >= DAY_MS ? dayOnly : stepMs < 60_000 ? withSeconds : hourAndMinute).format(atMs);
