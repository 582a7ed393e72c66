/**
 * Stated confidence against what a person confirmed. One point an incident: the first hypothesis that stood when it was
 * closed, and whether the confirmed cause was its cause. Incidents whose cause nobody confirmed say nothing.
 */
import type { Calibration, ReliabilityBin, RememberedIncident } from '../../shared/vocabulary/memory.ts';

export type Point = { stated: number; confirmed: boolean };

const BINS = 5;
/** z of a 90 % interval. */
const Z = 1.645;
/** As many incidents stand on the side of good calibration before the first: a few bad ones change little. */
const PRIOR_INCIDENTS = 20;
const PRIOR_SHARE = 0.5;
/** Below this many confirmed incidents the ceiling does not move at all. */
export const NEEDED = 5;
const LEAST_FACTOR = 0.5;

/** The point of a remembered incident; null where nothing was stated or nothing was confirmed. */
export function pointOf({
  stated: [first],
  confirmed,
}: Pick<RememberedIncident, 'stated' | 'confirmed'>): Point | null {
  if (!first || !confirmed) return null;
  const { cause } = confirmed;
  switch (cause.as) {
    case 'change':
      return { stated: first.confidence, confirmed: cause.changes.some((key) => key === first.cause) };
    case 'outside':
    case 'none':
      return { stated: first.confidence, confirmed: first.cause === null };
    case 'unknown':
      return null;
    default:
      return cause satisfies never;
  }
}

/**
 * What the ceiling of the analyst's confidence is multiplied with. The ratio of what was confirmed to what was stated,
 * shrunk towards 1 by a prior of twenty well calibrated incidents, never above 1 (who was too modest is not made bolder)
 * and never below 0.5:
 *
 *     factor = clamp((confirmed + 20 × 0.5) / (sum of stated + 20 × 0.5), 0.5, 1)
 *
 * Twenty incidents stated at 80 % of which half were right give 0.77; five of which none was right 0.71.
 */
export function ceilingFactor(points: readonly Point[]): number {
  if (points.length < NEEDED) return 1;
  const prior = PRIOR_INCIDENTS * PRIOR_SHARE;
  const ratio = (confirmedOf(points) + prior) / (statedOf(points) + prior);
  return Math.min(1, Math.max(LEAST_FACTOR, ratio));
}

export function calibrationOf(points: readonly Point[]): Calibration {
  const share = (sum: number) => (points.length === 0 ? null : sum / points.length);
  return {
    incidents: points.length,
    stated: share(statedOf(points)),
    confirmed: share(confirmedOf(points)),
    bins: reliability(points),
    ceilingFactor: ceilingFactor(points),
    needed: NEEDED,
  };
}

/** Points by their stated confidence, in bins of equal width; the last one holds its upper end too. */
function reliability(points: readonly Point[]): ReliabilityBin[] {
  return Array.from({ length: BINS }, (_, index) => {
    const mine = points.filter(({ stated }) => Math.min(BINS - 1, Math.floor(stated * BINS)) === index);
    const count = mine.length;
    const confirmed = confirmedOf(mine);
    return {
      from: index / BINS,
      to: (index + 1) / BINS,
      count,
      stated: count === 0 ? null : statedOf(mine) / count,
      confirmed,
      between: count === 0 ? null : wilson(confirmed, count),
    };
  });
}

/** Wilson's score interval: honest about small counts, where the plain share is not. */
function wilson(hits: number, count: number): [number, number] {
  const share = hits / count;
  const middle = share + Z ** 2 / (2 * count);
  const half = Z * Math.sqrt((share * (1 - share)) / count + Z ** 2 / (4 * count ** 2));
  const scale = 1 + Z ** 2 / count;
  return [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)];
}

const statedOf = (points: readonly Point[]) => points.reduce((sum, { stated }) => sum + stated, 0);
const confirmedOf = (points: readonly Point[]) => points.filter(({ confirmed }) => confirmed).length;
