import type { MetricsOverview } from '../../shared/vocabulary/chart.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { ChartReader } from './chart-reader.ts';
import { readerOf } from './use-charts.ts';

/** An overview, which reading of the incident it was, and when it came. */
export type Reading = { overview: MetricsOverview; version: number; atMs: number };

type Kept = { incident: IncidentId; reading: Reading | null; charts: ChartReader };

/** What is older is not shown again, not even for the moment until there is something newer. */
const FRESH_MS = 2 * 60_000;

/** Of the incident that somebody looked at last; of another one nothing is kept. */
let kept: Kept | null = null;

/** What was read of the metrics of an incident: it outlives a look at another tab, so that the charts are there at once. */
export function keptOf(incident: IncidentId): Kept {
  if (kept?.incident !== incident) kept = { incident, reading: null, charts: readerOf(incident) };
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
