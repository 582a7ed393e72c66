import { useLayoutEffect, useRef } from 'react';
import type UPlot from 'uplot';
import { drawInTurn } from './draw-in-turn.ts';
import { type KeptPlot, type LivePlot, livePlot, standingPlot } from './live-plot.ts';
import { followBadges } from './plot-badges.ts';
import type { Stretch } from './plot-options.ts';
import { lookKey, plotWish, type Shown } from './plot-wish.ts';
import { useThemeKey } from './use-theme-key.ts';
import './line-chart.css';

/** Where somebody points, shared by everything with a time axis. Told without drawing anything anew. */
export type SharedCursor = {
  read(): number | null;
  subscribe(listener: () => void): () => void;
  move(atMs: number | null): void;
};

type LineChartProps = Shown & {
  /** What it shows in words, for whoever cannot see it; left out where that stands beside it. */
  label?: string;
  /** How wide it is, for whoever knows: many charts at once need not be measured one by one. */
  width?: number;
  kept?: KeptPlot;
  cursor?: SharedCursor;
  onZoom?(stretch: Stretch): void;
  /** The place of a badge among those that are shown. */
  onBadge?(at: number): void;
};

/** One series over time with its unit, what is normal, what it was, marks and an optional threshold. */
export function LineChart(props: LineChartProps) {
  const { label, height, width, cursor, kept } = props;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<LivePlot | null>(null);
  const theme = useThemeKey();
  const wish = plotWish(props, props.onZoom !== undefined);
  const look = lookKey(wish.look);
  const knowsWidth = width !== undefined;
  const newest = useRef({ props, wish });
  newest.current = { props, wish };

  // Before the page is painted: many charts that come at once are then laid out once, not first without their plots.
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when its look changes; the theme is such a change.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const place = { element, theme };
    const wide = newest.current.props.width ?? element.clientWidth;
    const first = newest.current.wish;
    const plot = kept ? standingPlot(kept, first, wide, place) : livePlot(first, wide, place);
    plot.onZoom((stretch) => newest.current.props.onZoom?.(stretch));
    element.append(plot.uplot.root);
    chart.current = plot;
    const stopMeasuring = knowsWidth ? null : followWidth(plot.uplot, element);
    const leave = cursor && follow(plot.uplot, cursor);
    const leaveBadges = followBadges(plot.uplot, element, {
      badges: () => newest.current.wish.drawn.badges,
      onBadge: (at) => newest.current.props.onBadge?.(at),
    });
    return () => {
      leave?.();
      leaveBadges();
      stopMeasuring?.();
      chart.current = null;
      if (!kept) return plot.destroy();
      plot.uplot.root.remove();
      plot.rest();
      kept.shelf.put(kept.key, plot);
    };
  }, [look, theme, cursor, knowsWidth, kept?.shelf, kept?.key]);

  // Fifty plots that change at once would hold up a press of a key for as long as all of them take.
  useLayoutEffect(() => {
    const plot = chart.current;
    if (!plot || plot.isShowing(wish, width ?? plot.uplot.width)) return;
    drawInTurn(box, () => {
      const { props, wish } = newest.current;
      chart.current?.show(wish, props.width ?? chart.current.uplot.width);
    });
  });

  return (
    <div
      ref={box}
      className="line-chart"
      {...(label === undefined ? {} : { role: 'img', 'aria-label': label })}
      style={{ height }}
    />
  );
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
