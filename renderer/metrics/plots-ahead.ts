import type { Chart } from '../../shared/vocabulary/chart.ts';
import type { RoomView } from '../state/fold-room.ts';
import type { Span } from '../state/span.ts';
import type { PlotPlace } from '../ui/live-plot.ts';
import { type LivePlot, standingPlot } from '../ui/live-plot.ts';
import type { PlotShelf } from '../ui/plot-shelf.ts';
import { type PlotWish, plotWish } from '../ui/plot-wish.ts';
import { axisOf } from './axis.ts';
import { heightOfAll, linesOf, PLOT_HEIGHT, signalsWithin, spaceIn } from './chart-lines.ts';
import { marksIn, marksOf, worthReadingOf } from './chart-marks.ts';
import { groupsIn, shownOf } from './chart-plot.ts';
import { MOST_PLOTS, type Reading } from './metrics-kept.ts';
import { type SignalFilter, signalsShown } from './signals-shown.ts';

export type Seen = {
  reading: Reading;
  room: RoomView;
  span: Span | null;
  filter: SignalFilter;
  /** In CSS pixels: of the column that holds the list of charts, and of what the list gives up where it scrolls. */
  width: number;
  height: number;
  scrollbar: number;
};

/** A plot as the chart of a series will want it. */
export type PlotAhead = { key: string; wish: PlotWish; width: number };

/** The signals that the first picture of the metrics will show, and how it will show them. */
export function firstPicture({ reading, room, span, filter, width, height, scrollbar }: Seen) {
  const { overview } = reading;
  const { rows } = signalsShown(overview.signals, room.candidates?.anomalies ?? [], filter);
  const whole = spaceIn(width, rows);
  const scrolls = heightOfAll(linesOf(rows, whole.columns)) > height;
  const space = scrolls ? spaceIn(width - scrollbar, rows) : whole;
  const { onsetMs = null, onsetRange = null } = room.candidates ?? {};
  const axis = axisOf({
    incident: room.incident,
    extent: overview.window,
    span,
    onsetMs,
    began: onsetRange,
  });
  return { signals: signalsWithin(linesOf(rows, space.columns), height), space, axis };
}

/** The plots of the first picture as far as their samples were read. */
export function plotsAhead(seen: Seen, chartOf: (key: string) => Chart | undefined): PlotAhead[] {
  const { signals, space, axis } = firstPicture(seen);
  const all = marksIn(seen.room.events);
  const worth = new Set(worthReadingOf(seen.room.candidates));
  return signals.slice(0, MOST_PLOTS).flatMap((signal) => {
    const chart = chartOf(signal.key);
    if (!chart) return [];
    const groups = groupsIn(marksOf(signal.service, all, worth), axis, space.plotWidth);
    const course = { signal, chart, ghost: undefined, axis, groups, height: PLOT_HEIGHT, isSmall: true };
    return [{ key: signal.key, wish: plotWish(shownOf(course), true), width: space.lineWidth }];
  });
}

/** Puts the plot where its chart will look for it, drawn as it is wished. */
export function prepare({ key, wish, width }: PlotAhead, shelf: PlotShelf<LivePlot>, place: PlotPlace): void {
  shelf.put(key, standingPlot({ shelf, key }, wish, width, place));
}
