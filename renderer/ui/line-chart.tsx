import { useLayoutEffect, useRef, useState } from 'react';
import { type Badge, drawPlot, type Mark, type Plot } from './draw-plot.ts';
import { plotFrame, type Stretch, type Values } from './plot-frame.ts';
import { cursorLayer, followPointer, type SharedCursor } from './plot-pointer.ts';
import { colorsOf } from './theme-colors.ts';
import { usePixelRatio } from './use-pixel-ratio.ts';
import { useThemeKey } from './use-theme-key.ts';
import './line-chart.css';

type LineChartProps = {
  /** What it shows in words, for whoever cannot see it; left out where that stands beside it. */
  label?: string;
  /** With the strip of badges, where it has one. */
  height: number;
  /** How wide it is, for whoever knows: many charts at once need not be measured one by one. */
  width?: number;
  /** Milliseconds since the epoch, rising. */
  timesMs: readonly number[];
  values: Values;
  /** The same at another time, drawn faintly; as many as `values`. */
  ghost?: Values | undefined;
  unit: string;
  range?: Stretch;
  marks?: readonly Mark[];
  /** Makes room for them above the chart, also where there are none. */
  badges?: readonly Badge[];
  band?: Plot['band'];
  shade?: Stretch | null;
  began?: Stretch | null;
  threshold?: number;
  /** Draws in the colour of what is off. */
  off?: boolean;
  /** Less of everything around the line; names of marks stand elsewhere. */
  isSmall?: boolean;
  cursor?: SharedCursor;
  onZoom?(stretch: Stretch): void;
  onBadge?(at: number): void;
};

const NONE: readonly never[] = [];

/**
 * One series over time with its unit, what is normal, what it was, marks and an optional threshold. One canvas and nothing
 * else stands in the page for it, and it is drawn before it stands there: fifty charts that come at once are styled and
 * laid out once, not once each.
 */
export function LineChart(props: LineChartProps) {
  const { label, height, cursor } = props;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement | null>(null);
  const drawn = useRef<Plot | null>(null);
  const showCursor = useRef<(() => void) | null>(null);
  const [measured, setMeasured] = useState(0);
  const theme = useThemeKey();
  const ratio = usePixelRatio();
  const knowsWidth = props.width !== undefined;
  const width = props.width ?? measured;
  const newest = useRef(props);
  newest.current = props;

  useLayoutEffect(
    () => (knowsWidth || !box.current ? undefined : followWidth(box.current, setMeasured)),
    [knowsWidth],
  );

  // Whoever has many charts draws only those anew that show something else.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || width <= 0) return;
    drawn.current = plotOf(props, width);
    const surface = canvas.current ?? document.createElement('canvas');
    const context = emptied(surface, { width, height, ratio });
    if (context) drawPlot({ context, ratio, color: colorsOf(element, theme) }, drawn.current);
    if (canvas.current === null) element.prepend(surface);
    canvas.current = surface;
    showCursor.current?.();
  });

  const canZoom = props.onZoom !== undefined;
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const layer = cursorLayer(element, colorsOf(element, theme));
    const show = () => layer.show(cursor?.read() ?? null, drawn.current);
    showCursor.current = show;
    const leave = followPointer(element, {
      plot: () => drawn.current,
      cursor,
      onZoom: canZoom ? (stretch) => newest.current.onZoom?.(stretch) : undefined,
      onBadge: (at) => newest.current.onBadge?.(at),
    });
    const unsubscribe = cursor?.subscribe(show);
    show();
    return () => {
      unsubscribe?.();
      leave();
      layer.hide();
      showCursor.current = null;
    };
  }, [cursor, canZoom, theme]);

  return (
    <div
      ref={box}
      className="line-chart"
      {...(label === undefined ? {} : { role: 'img', 'aria-label': label })}
      style={{ height }}
    />
  );
}

/** In the unit that is shown: a ratio is told in percent. */
function plotOf(props: LineChartProps, width: number): Plot {
  const { height, timesMs, ghost, unit, range, badges, band = null, threshold, isSmall = false } = props;
  const isRatio = unit === 'ratio';
  const scale = (value: number) => (isRatio ? value * 100 : value);
  const scaled = (values: Values) =>
    isRatio ? values.map((value) => (value === null || value === undefined ? value : value * 100)) : values;
  const shownBand = band && { low: scale(band.low), high: scale(band.high) };
  const limit = threshold === undefined ? undefined : scale(threshold);
  const values = scaled(props.values);
  const shownGhost = ghost && scaled(ghost);
  return {
    frame: plotFrame({
      width,
      height,
      isSmall,
      hasStrip: badges !== undefined,
      range,
      timesMs,
      lines: shownGhost ? [values, shownGhost] : [values],
      also: [...(limit === undefined ? [] : [limit]), ...(shownBand ? [shownBand.low, shownBand.high] : [])],
    }),
    unit: isRatio ? '%' : unit,
    off: props.off ?? false,
    isSmall,
    timesMs,
    values,
    ghost: shownGhost,
    threshold: limit,
    marks: props.marks ?? NONE,
    badges: badges ?? NONE,
    band: shownBand,
    shade: props.shade ?? null,
    began: props.began ?? null,
  };
}

/** A canvas of that size with nothing on it. */
function emptied(
  canvas: HTMLCanvasElement,
  { width, height, ratio }: { width: number; height: number; ratio: number },
): CanvasRenderingContext2D | null {
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  const context = canvas.getContext('2d');
  if (canvas.width === across && canvas.height === down) {
    context?.reset();
    return context;
  }
  canvas.width = across;
  canvas.height = down;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  return context;
}

/** As wide as the element is, also once that changes. */
function followWidth(element: HTMLElement, tell: (width: number) => void): () => void {
  const observer = new ResizeObserver(() => tell(element.clientWidth));
  observer.observe(element);
  tell(element.clientWidth);
  return () => observer.disconnect();
}
