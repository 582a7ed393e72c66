import type { MetricsOverview } from '../../shared/vocabulary/chart.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { LivePlot } from '../ui/live-plot.ts';
import { type PlotShelf, plotShelf } from '../ui/plot-shelf.ts';
import type { ChartReader } from './chart-reader.ts';
import { readerOf } from './use-charts.ts';

/** An overview, which reading of the incident it was, and when it came. */
export type Reading = { overview: MetricsOverview; version: number; atMs: number };

type Kept = {
  incident: IncidentId;
  reading: Reading | null;
  charts: ChartReader;
  /** Those that are drawn and not on the page, by the key of their series. */
  plots: PlotShelf<LivePlot>;
};

/** What is older is not shown again, not even for the moment until there is something newer. */
const FRESH_MS = 2 * 60_000;

/** As many as stand on a large screen. Each has a canvas: some 160 kB, four times that where pixels are half as wide. */
export const MOST_PLOTS = 60;

/** Of the incident that somebody looked at last; of another one nothing is kept. */
let kept: Kept | null = null;

/** What was read of the metrics of an incident: it outlives a look at another tab, so that the charts are there at once. */
export function keptOf(incident: IncidentId): Kept {
  if (kept?.incident === incident) return kept;
  kept?.plots.close();
  kept = {
    incident,
    reading: null,
    charts: readerOf(incident),
    plots: plotShelf({ most: MOST_PLOTS, keptMs: FRESH_MS }),
  };
  return kept;
}

/** Each reading has a higher version than the one before. */
export function keepOverview(incident: IncidentId, overview: MetricsOverview): Reading {
  const own = keptOf(incident);
  own.reading = { overview, version: (own.reading?.version ?? 0) + 1, atMs: performance.now() };
  return own.reading;
}

/** What was read not long ago and has something to show. */
export function freshReading(incident: IncidentId): Reading | null {
  const { reading } = keptOf(incident);
  if (!reading || reading.overview.signals.length === 0) return null;
  return performance.now() - reading.atMs < FRESH_MS ? reading : null;
}
