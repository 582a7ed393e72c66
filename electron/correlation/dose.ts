import type { CaseChange } from '../../shared/formats/case.ts';
import { type Grid, placeOf } from './grid.ts';
import { weights } from './weights.ts';

/** Whether the trouble grew with a change's share of requests: log-odds, and the shares in the order they came. */
export type Dose = { logOdds: number; shares: readonly number[] };

type Stage = { atMs: number; share: number };

/**
 * How much better the trouble of a service is explained by the stages of a rollout than by any one step: what a change
 * brings comes with its share of requests, and what comes by itself does not wait for the next stage. Null for what was not
 * rolled out in stages, or shows nothing.
 */
export function doseOf(
  change: CaseChange,
  changes: readonly CaseChange[],
  trouble: { residual: Float64Array; from: number } | null,
  grid: Grid,
): Dose | null {
  const stages = stagesOf(change, changes);
  if (!trouble || stages.length < 2) return null;
  const { residual, from } = trouble;
  const shape = shapeOf(stages, grid);
  // Stages that nothing was measured between are one.
  const levels = new Set(shape.subarray(from));
  levels.delete(0);
  if (levels.size < 2) return null;
  const single = Math.max(...stepGains(residual, from));
  const { least, most } = weights.dose;
  const logOdds = Math.max(least, Math.min(most, gainOf(residual, shape, from) - single));
  return { logOdds, shares: stages.map(({ share }) => share) };
}

/** What the change's flag or version was opened to, with the changes before and after it. */
function stagesOf({ service, kind, labels }: CaseChange, changes: readonly CaseChange[]): Stage[] {
  const name = kind === 'flag' ? 'flag' : 'version';
  const value = labels?.[name];
  if (value === undefined) return [];
  return changes
    .filter((one) => one.service === service && one.kind === kind && one.labels?.[name] === value)
    .flatMap((one) => {
      const share = shareOf(one);
      return share === null ? [] : [{ atMs: Date.parse(one.at), share }];
    })
    .sort((a, b) => a.atMs - b.atMs || a.share - b.share);
}

/** The share of requests that a change was opened to, 0..1; null where it does not say. */
export function shareOf({ labels }: CaseChange): number | null {
  const told = labels?.['rollout']?.trim();
  const percent = told ? Number(told) : Number.NaN;
  return percent >= 0 && percent <= 100 ? percent / 100 : null;
}

function shapeOf(stages: readonly Stage[], grid: Grid): Float64Array {
  const shape = new Float64Array(grid.length);
  for (const { atMs, share } of stages)
    shape.fill(share, Math.min(grid.length, Math.max(0, Math.ceil(placeOf(grid, atMs)))));
  return shape;
}

/** Half of the squares that a shape explains, tempered: samples are not independent. */
function gainOf(residual: Float64Array, shape: Float64Array, from: number): number {
  let product = 0;
  let square = 0;
  for (let at = from; at < residual.length; at += 1) {
    product += (shape[at] ?? 0) * (residual[at] ?? 0);
    square += (shape[at] ?? 0) ** 2;
  }
  return product > 0 ? (weights.onsetProfile.temper * product ** 2) / (2 * square) : 0;
}

/** The same of a single step at each place. */
function stepGains(residual: Float64Array, from: number): Float64Array {
  const gains = new Float64Array(Math.max(1, residual.length - from));
  let sum = 0;
  for (let at = residual.length - 1; at >= from; at -= 1) {
    sum += residual[at] ?? 0;
    gains[at - from] = sum > 0 ? (weights.onsetProfile.temper * sum ** 2) / (2 * (residual.length - at)) : 0;
  }
  return gains;
}
