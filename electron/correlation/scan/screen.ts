import type { CaseMetric, Samples } from '../../../shared/formats/case.ts';
import { scanRows } from './scan-rows.ts';
import { type SeriesBlock, seriesBlock } from './series-block.ts';
import { credibleScore, emptyScan, suspects } from './wide-scan.ts';

/** So many series can all be read closely; of more, those of versions and pods are screened first. */
export const SCREENED_FROM = 20_000;
/** The screen looks at the last points of each, and compares the newest of them with the rest. */
const POINTS = 120;
const RECENT = 12;

/**
 * Of very many series those worth a close look: all that stand for a whole service, and the versions and pods of the
 * services where any of these has left its normal, or is too young to have one. Parts only speak by comparison with each
 * other, so of a service all stay or none.
 */
export function screened(
  metrics: readonly CaseMetric[],
  most: number = SCREENED_FROM,
): readonly CaseMetric[] {
  if (metrics.length <= most) return metrics;
  const parts = metrics.filter(isPart);
  const block = seriesBlock(parts.length, POINTS);
  for (const [row, { values }] of parts.entries()) fillNewest(block, row, values);
  const scan = emptyScan(parts.length);
  scanRows(block.values, { points: POINTS, recent: RECENT }, { first: 0, end: parts.length }, scan);
  const kept = new Set<string>();
  for (const row of suspects(scan.scores, credibleScore(parts.length), parts.length))
    kept.add(parts[row]?.service ?? '');
  for (const [row, { service }] of parts.entries()) if (Number.isNaN(scan.scores[row])) kept.add(service);
  return metrics.filter((metric) => !isPart(metric) || kept.has(metric.service));
}

const isPart = ({ labels }: CaseMetric): boolean => labels !== undefined && Object.keys(labels).length > 0;

/** The newest values of a series, up to the end of its row; what is no finite number is a gap. */
function fillNewest({ points, values }: SeriesBlock, row: number, from: Samples): void {
  const skipped = from.length - points;
  for (let at = Math.max(0, -skipped); at < points; at += 1) {
    const value = from[at + skipped];
    if (typeof value === 'number' && Number.isFinite(value)) values[row * points + at] = value;
  }
}
