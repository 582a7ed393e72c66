/**
 * How much of each callee's quantity goes into its caller's, learnt from the time before the trouble. Bayesian and
 * non-negative: with a prior on every share, since in quiet times the callee often varies by nothing but noise, and then
 * the prior stays. What of a callee's variation is its own measuring noise (told by neighbouring samples) is taken out of
 * the sums: it would otherwise drag the share to 0 and blame the caller for what it inherits.
 */
export type Shares = { share: Float64Array; uncertainty: Float64Array };

export type SharePrior = { mean: number; deviation: number };

const ROUNDS = 12;
const LEAST_VARIANCE = 1e-30;
/** Neighbouring samples are alike: that many count as one. */
const ALIKE = 3;

export function learnShares(
  target: Float64Array,
  parts: readonly Float64Array[],
  until: number,
  prior: SharePrior,
): Shares {
  const count = parts.length;
  const middles = parts.map((part) => meanOf(part, until));
  const targetMiddle = meanOf(target, until);
  const share = new Float64Array(count).fill(prior.mean);
  const uncertainty = new Float64Array(count).fill(prior.deviation);
  if (count === 0 || until < 8) return { share, uncertainty };
  const precision = 1 / prior.deviation ** 2;
  const squares = parts.map((part, k) => product(part, middles[k] ?? 0, part, middles[k] ?? 0, until));
  const signal = parts.map((part, k) => Math.max(0, (squares[k] ?? 0) - until * neighbourNoise(part, until)));
  const withTarget = parts.map((part, k) => product(part, middles[k] ?? 0, target, targetMiddle, until));
  const between = parts.map((one, k) =>
    parts.map((other, l) => (k === l ? 0 : product(one, middles[k] ?? 0, other, middles[l] ?? 0, until))),
  );
  const total = product(target, targetMiddle, target, targetMiddle, until);
  let residual = total / until;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let k = 0; k < count; k += 1) {
      const trust = (squares[k] ?? 0) > 0 ? (signal[k] ?? 0) / (squares[k] ?? 1) : 0;
      let rest = withTarget[k] ?? 0;
      for (let l = 0; l < count; l += 1) rest -= (share[l] ?? 0) * (between[k]?.[l] ?? 0);
      const weight = trust / (ALIKE * Math.max(residual, LEAST_VARIANCE));
      const information = weight * (signal[k] ?? 0) + precision;
      share[k] = Math.max(0, (weight * rest + precision * prior.mean) / information);
      uncertainty[k] = 1 / Math.sqrt(information);
    }
    residual = Math.max(
      explainedResidual(total, share, withTarget, signal, between) / until,
      total / until / 50,
    );
  }
  return { share, uncertainty };
}

function explainedResidual(
  total: number,
  share: Float64Array,
  withTarget: readonly number[],
  signal: readonly number[],
  between: readonly (readonly number[])[],
): number {
  let left = total;
  for (let k = 0; k < share.length; k += 1) {
    const one = share[k] ?? 0;
    left -= 2 * one * (withTarget[k] ?? 0) - one * one * (signal[k] ?? 0);
    for (let l = 0; l < share.length; l += 1) left += one * (share[l] ?? 0) * (between[k]?.[l] ?? 0);
  }
  return left;
}

export function meanOf(values: Float64Array, until: number): number {
  let sum = 0;
  for (let at = 0; at < until; at += 1) sum += values[at] ?? 0;
  return until > 0 ? sum / until : 0;
}

function product(a: Float64Array, aMiddle: number, b: Float64Array, bMiddle: number, until: number): number {
  let sum = 0;
  for (let at = 0; at < until; at += 1) sum += ((a[at] ?? 0) - aMiddle) * ((b[at] ?? 0) - bMiddle);
  return sum;
}

/** Variance of the measuring noise: half the mean square of the difference of neighbours (von Neumann 1941). */
function neighbourNoise(values: Float64Array, until: number): number {
  let sum = 0;
  for (let at = 1; at < until; at += 1) sum += ((values[at] ?? 0) - (values[at - 1] ?? 0)) ** 2;
  return until > 1 ? sum / (2 * (until - 1)) : 0;
}
