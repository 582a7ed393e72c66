import type { CaseMetric } from '../../shared/formats/case.ts';
import { weights } from './weights.ts';

/** A series as distances from its normal, in robust standard deviations; `null` where there was no sample. */
export type Deviations = { baseline: number; scores: (number | null)[]; referenceEnd: number };

/**
 * Median and MAD over the first part of the window, with floors so that flat series and shares near 0 or 1 have a
 * scale. Null when there are too few samples to know what is normal.
 */
export function deviations({ values, kind }: Pick<CaseMetric, 'values' | 'kind'>): Deviations | null {
  const referenceEnd = Math.floor(values.length * weights.referenceShare);
  const reference = values.slice(0, referenceEnd).filter((value) => value !== null);
  if (reference.length < weights.leastReference) return null;
  const baseline = median(reference);
  const spread = median(reference.map((value) => Math.abs(value - baseline))) * weights.madToSigma;
  const scale = Math.max(
    spread,
    weights.relativeFloor * Math.abs(baseline) * (kind === 'availability' ? 0 : 1),
    weights.absoluteFloor[kind],
    Number.MIN_VALUE,
  );
  return {
    baseline,
    referenceEnd,
    scores: values.map((value) => (value === null ? null : clamp((value - baseline) / scale))),
  };
}

/** Beyond this everything is equally far, and arithmetic stays finite. */
const FARTHEST = 1e6;
const clamp = (score: number) => Math.max(-FARTHEST, Math.min(FARTHEST, score));

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
