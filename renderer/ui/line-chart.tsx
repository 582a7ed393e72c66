import { useLayoutEffect, useRef } from 'react';
import UPlot from 'uplot';
import { type Badge, followBadges } from './plot-badges.ts';
import { type Drawn, type Mark, plotOptions, type Stretch } from './plot-options.ts';
import { colorsOf } from './theme-colors.ts';
import { useThemeKey } from './use-theme-key.ts';
import './line-chart.css';

/** Where somebody points, shared by everything with a time axis. Told without drawing anything anew. */
export type SharedCursor = {
  read(): number | null;
  subscribe(listener: () => void): () => void;
  move(atMs: number | null): void;
};

type LineChartProps = {
  /** What it shows in words, for whoever cannot see it; left out where that stands beside it. */
  label?: string;
  /** With the strip of badges, where it has one. */
  height: number;
  /** How wide it is, for whoever knows: many charts at once need not be measured one by one. */
  width?: number;
  /** Milliseconds since the epoch, rising. */
  timesMs: readonly number[];
  /** Null is a gap; undefined is no sample of this line where the other one has one. */
  values: readonly (number | null | undefined)[];
  /** The same at another time, drawn faintly; as many as `values`. */
  ghost?: readonly (number | null | undefined)[] | undefined;
  unit: string;
  range?: Stretch;
  marks?: readonly Mark[];
  /** Makes room for them above the chart, also where there are none. */
  badges?: readonly Badge[];
  band?: Drawn['band'];
  shade?: Stretch | null;
  began?: Stretch | null;
  threshold?: number;
  /** Draws in the colour of what is off. */
  off?: boolean;
  /** Less of everything around the line; names of marks stand elsewhere. */
  isSmall?: boolean;
  cursor?: SharedCursor;
  onZoom?(stretch: Stretch): void;
  /** The place of a badge among those that are shown. */
  onBadge?(at: number): void;
};

const NONE: readonly never[] = [];

/** One series over time with its unit, what is normal, what it was, marks and an optional threshold. */
export function LineChart(props: LineChartProps) {
  const { label, height, timesMs, values, ghost, unit, marks = NONE, badges = NONE, band = null } = props;
  const { range, shade = null, began = null, threshold, off = false, isSmall = false, cursor } = props;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const theme = useThemeKey();
  const scaled = unit === 'ratio' ? 100 : 1;
  const shownUnit = unit === 'ratio' ? '%' : unit;
  const hasGhost = ghost !== undefined;
  const hasThreshold = threshold !== undefined;
  const canZoom = props.onZoom !== undefined;
  const hasStrip = props.badges !== undefined;
  const knowsWidth = props.width !== undefined;
  const limit = threshold === undefined ? undefined : threshold * scaled;

  const drawn = useRef<Drawn>(null as never);
  drawn.current = {
    range,
    marks,
    badges,
    namesMarks: !isSmall,
    band: band && { low: band.low * scaled, high: band.high * scaled },
    shade,
    began,
    threshold: limit,
  };
  const data = useRef<UPlot.AlignedData>([[], []]);
  data.current = dataOf(timesMs, [values, ...(ghost ? [ghost] : [])], scaled, limit);
  /** The data that the plot has. */
  const shown = useRef<UPlot.AlignedData | null>(null);
  const newest = useRef(props);
  newest.current = props;

  // Before the page is painted: many charts that come at once are then laid out once, not first without their plots.
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when its look changes; the theme is such a change.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const options = plotOptions({
      width: props.width ?? element.clientWidth,
      height,
      unit: shownUnit,
      off,
      hasGhost,
      hasThreshold,
      isSmall,
      canZoom,
      hasStrip,
      color: colorsOf(element, theme),
      drawn: () => drawn.current,
      onZoom: (stretch) => newest.current.onZoom?.(stretch),
    });
    // Drawn before it stands in the page, all at once: there each font that is set would style the page anew.
    const plot = new UPlot(options, data.current, ({ batch }, init) => batch(init));
    element.append(plot.root);
    chart.current = plot;
    shown.current = data.current;
    const stopMeasuring = knowsWidth ? null : followWidth(plot, element);
    const leave = cursor && follow(plot, cursor);
    const leaveBadges = followBadges(plot, element, {
      badges: () => drawn.current.badges,
      onBadge: (at) => newest.current.onBadge?.(at),
    });
    return () => {
      leave?.();
      leaveBadges();
      stopMeasuring?.();
      plot.destroy();
      chart.current = null;
    };
  }, [height, shownUnit, off, hasGhost, hasThreshold, isSmall, canZoom, hasStrip, theme, cursor, knowsWidth]);

  useLayoutEffect(() => {
    const plot = chart.current;
    if (plot && props.width !== undefined && props.width !== plot.width)
      plot.setSize({ width: props.width, height });
  }, [props.width, height]);

  const drawnKey = JSON.stringify(drawn.current);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn besides the lines is told by its key.
  useLayoutEffect(() => {
    if (shown.current === data.current) return;
    shown.current = data.current;
    chart.current?.setData(data.current);
  }, [timesMs, values, ghost, scaled, drawnKey]);

  return (
    <div
      ref={box}
      className="line-chart"
      {...(label === undefined ? {} : { role: 'img', 'aria-label': label })}
      style={{ height }}
    />
  );
}

function dataOf(
  timesMs: readonly number[],
  lines: readonly (readonly (number | null | undefined)[])[],
  scaled: number,
  threshold: number | undefined,
): UPlot.AlignedData {
  const scale = (value: number | null | undefined) => (value == null ? value : value * scaled);
  return [
    timesMs.map((ms) => ms / 1000),
    ...lines.map((line) => (scaled === 1 ? [...line] : line.map(scale))),
    ...(threshold === undefined ? [] : [timesMs.map(() => threshold)]),
  ];
}

/** As wide as the element that it stands in, also once that changes. */
function followWidth(plot: UPlot, element: HTMLElement): () => void {
  const observer = new ResizeObserver(() => {
    const { clientWidth } = element;
    if (clientWidth > 0 && clientWidth !== plot.width)
      plot.setSize({ width: clientWidth, height: plot.height });
  });
  observer.observe(element);
  return () => observer.disconnect();
}

/** Shows the shared cursor in a plot, and tells where the pointer is in it. */
function follow(plot: UPlot, cursor: SharedCursor): () => void {
  const show = () => {
    const atMs = cursor.read();
    const left = atMs === null ? -10 : plot.valToPos(atMs / 1000, 'x');
    const isWithin = left >= 0 && left <= plot.bbox.width / devicePixelRatio;
    plot.setCursor({ left: isWithin ? left : -10, top: isWithin ? 0 : -10 }, false);
  };
  const onMove = ({ offsetX }: MouseEvent) => cursor.move(Math.round(plot.posToVal(offsetX, 'x') * 1000));
  const onLeave = () => cursor.move(null);
  plot.over.addEventListener('mousemove', onMove);
  plot.over.addEventListener('mouseleave', onLeave);
  const unsubscribe = cursor.subscribe(show);
  if (cursor.read() !== null) show();
  return () => {
    unsubscribe();
    plot.over.removeEventListener('mousemove', onMove);
    plot.over.removeEventListener('mouseleave', onLeave);
  };
}
