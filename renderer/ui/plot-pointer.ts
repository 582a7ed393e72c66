import { badgeAt, type Plot } from './draw-plot.ts';
import {
  nearestTo,
  type PlotFrame,
  STRIP_HEIGHT,
  type Stretch,
  timeAt,
  type Values,
  xOf,
  yOf,
} from './plot-frame.ts';

/** Where somebody points, shared by everything with a time axis. Told without drawing anything anew. */
export type SharedCursor = {
  read(): number | null;
  subscribe(listener: () => void): () => void;
  move(atMs: number | null): void;
};

type Ports = {
  /** What is drawn now; null before it is. */
  plot(): Plot | null;
  cursor: SharedCursor | undefined;
  /** Absent where nothing can be zoomed. */
  onZoom: ((stretch: Stretch) => void) | undefined;
  /** The place of a badge among those of the plot. */
  onBadge(at: number): void;
};

const LEAST_DRAG = 4;

/** Answers the pointer over a chart: the shared cursor, a stretch that is drawn over, and the badges above. */
export function followPointer(box: HTMLElement, { plot, cursor, onZoom, onBadge }: Ports): () => void {
  let drag: { from: number; to: number; seen: HTMLElement | null } | null = null;

  const placeOf = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = box.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const badgeUnder = (event: MouseEvent) => {
    const drawn = plot();
    const { x, y } = placeOf(event);
    return drawn && drawn.badges.length > 0 && y < STRIP_HEIGHT ? badgeAt(drawn, x) : undefined;
  };

  const onMove = (event: PointerEvent) => {
    const drawn = plot();
    if (!drawn) return;
    const { x, y } = placeOf(event);
    const { frame } = drawn;
    if (drag) {
      drag.to = within(frame, x);
      showDrag(box, frame, drag);
    }
    const badge = drag ? undefined : badgeUnder(event);
    box.title = badge?.title ?? '';
    box.style.cursor = badge ? 'pointer' : '';
    cursor?.move(isOver(frame, x, y) ? Math.round(timeAt(frame, x)) : null);
  };
  const onLeave = () => cursor?.move(null);
  const onDown = (event: PointerEvent) => {
    const frame = plot()?.frame;
    const { x, y } = placeOf(event);
    if (!frame || !onZoom || event.button !== 0 || !isOver(frame, x, y)) return;
    drag = { from: x, to: x, seen: null };
    box.setPointerCapture(event.pointerId);
  };
  const end = () => {
    const ended = drag;
    drag = null;
    ended?.seen?.remove();
    return ended;
  };
  const onUp = () => {
    const ended = end();
    const frame = plot()?.frame;
    if (!ended || !frame || Math.abs(ended.to - ended.from) < LEAST_DRAG) return;
    const [left, right] = [Math.min(ended.from, ended.to), Math.max(ended.from, ended.to)];
    onZoom?.({ fromMs: timeAt(frame, left), toMs: timeAt(frame, right) });
  };
  const onClick = (event: MouseEvent) => {
    const badge = badgeUnder(event);
    if (badge) onBadge(plot()?.badges.indexOf(badge) ?? -1);
  };

  box.addEventListener('pointermove', onMove);
  box.addEventListener('pointerleave', onLeave);
  box.addEventListener('pointerdown', onDown);
  box.addEventListener('pointerup', onUp);
  box.addEventListener('pointercancel', end);
  box.addEventListener('click', onClick);
  return () => {
    end();
    box.removeEventListener('pointermove', onMove);
    box.removeEventListener('pointerleave', onLeave);
    box.removeEventListener('pointerdown', onDown);
    box.removeEventListener('pointerup', onUp);
    box.removeEventListener('pointercancel', end);
    box.removeEventListener('click', onClick);
  };
}

/**
 * Shows the shared cursor over a chart, and which samples it is nearest to. What that takes stands in the page only while
 * it is seen: fifty charts have none of it most of the time.
 */
export function cursorLayer(box: HTMLElement, color: (name: string) => string) {
  let shown: { line: HTMLElement; dots: HTMLElement[] } | null = null;

  function hide(): void {
    shown?.line.remove();
    for (const dot of shown?.dots ?? []) dot.remove();
    shown = null;
  }

  return {
    hide,
    show(atMs: number | null, plot: Plot | null): void {
      if (!plot || atMs === null || atMs < plot.frame.fromMs || atMs > plot.frame.toMs) {
        hide();
        return;
      }
      const { frame, timesMs, values, ghost, off } = plot;
      shown ??= { line: added(box, 'plot-cursor'), dots: [added(box, 'plot-dot'), added(box, 'plot-dot')] };
      const { line, dots } = shown;
      line.style.top = `${frame.top}px`;
      line.style.height = `${frame.height}px`;
      line.style.transform = `translateX(${xOf(frame, atMs)}px)`;
      const nearest = nearestTo(timesMs, atMs);
      const sample = (samples: Values | undefined, dot: HTMLElement | undefined, fill: string) => {
        const value = samples?.[nearest];
        const x = xOf(frame, timesMs[nearest] ?? Number.NaN);
        if (!dot) return;
        dot.hidden = value === null || value === undefined || x < frame.left || x > frame.left + frame.width;
        if (dot.hidden) return;
        dot.style.background = color(fill);
        dot.style.transform = `translate(${x}px, ${yOf(frame, value as number)}px)`;
      };
      sample(values, dots[0], off ? '--warn' : '--accent');
      sample(ghost, dots[1], '--faint');
    },
  };
}

function showDrag(
  box: HTMLElement,
  frame: PlotFrame,
  drag: { from: number; to: number; seen: HTMLElement | null },
): void {
  drag.seen ??= added(box, 'plot-drag');
  const { style } = drag.seen;
  style.top = `${frame.top}px`;
  style.height = `${frame.height}px`;
  style.left = `${Math.min(drag.from, drag.to)}px`;
  style.width = `${Math.abs(drag.to - drag.from)}px`;
}

function added(box: HTMLElement, className: string): HTMLElement {
  const element = document.createElement('div');
  element.className = className;
  box.append(element);
  return element;
}

const within = ({ left, width }: PlotFrame, x: number): number => Math.min(left + width, Math.max(left, x));

const isOver = ({ left, top, width, height }: PlotFrame, x: number, y: number): boolean =>
  x >= left && x <= left + width && y >= top && y <= top + height;
