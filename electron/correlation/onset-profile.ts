import { weights } from './weights.ts';

/** How likely the trouble began at each place of the grid, from `first` on; they add up to 1. */
export type OnsetProfile = { first: number; likely: Float64Array };

/**
 * When a departure began, with its uncertainty: for each place and for some ramps the least-squares height of a step or
 * ramp from there on, and how much of the residuals it explains. Likelihoods of several residuals of one service multiply.
 */
export function onsetProfile(
  residuals: readonly Float64Array[],
  first: number,
  stepMs: number,
): OnsetProfile | null {
  const length = residuals[0]?.length ?? 0;
  const places = length - weights.onsetProfile.leastAfter - first;
  if (residuals.length === 0 || places <= 0) return null;
  const likely = new Float64Array(places).fill(0);
  const gains = new Float64Array(places);
  const ramps = weights.onsetProfile.rampsMs.map((ms) => Math.round(ms / stepMs));
  for (const residual of residuals) {
    const kept = limited(residual, first);
    const evidence = new Float64Array(places);
    let most = Number.NEGATIVE_INFINITY;
    const byRamp = [...new Set(ramps)].map((ramp) => gainsOf(kept, first, places, ramp));
    for (let at = 0; at < places; at += 1) {
      const best = Math.max(...byRamp.map((gain) => gain[at] ?? 0));
      evidence[at] =
        best +
        Math.log(byRamp.reduce((sum, gain) => sum + Math.exp((gain[at] ?? 0) - best), 0) / byRamp.length);
      most = Math.max(most, evidence[at] ?? 0);
    }
    for (let at = 0; at < places; at += 1) gains[at] = (gains[at] ?? 0) + (evidence[at] ?? 0) - most;
  }
  const best = gains.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let total = 0;
  for (let at = 0; at < places; at += 1) {
    likely[at] = Math.exp((gains[at] ?? 0) - best);
    total += likely[at] ?? 0;
  }
  return { first, likely: likely.map((one) => one / total) };
}

/** A spike must not outweigh what lasts. */
function limited(residual: Float64Array, first: number): Float64Array {
  const high = quantile(residual.subarray(first), 0.9);
  const { lately, mostLately } = weights.onsetProfile;
  const last = Math.min(mostLately, quantile(residual.subarray(-lately), 0.5));
  const most = Math.max(high, last, 0) + 3;
  return residual.map((one) => Math.max(-4, Math.min(most, one)));
}

const quantile = (values: Float64Array, share: number): number =>
  values.toSorted()[Math.floor(values.length * share)] ?? 0;

/** Half of what a ramp from each place on explains of the sum of squares, tempered: samples are not independent. */
function gainsOf(residual: Float64Array, first: number, places: number, ramp: number): Float64Array {
  const gains = new Float64Array(places);
  const end = residual.length;
  for (let at = 0; at < places; at += 1) {
    let product = 0;
    let square = 0;
    for (let t = first + at; t < end; t += 1) {
      const shape = ramp === 0 ? 1 : Math.min(1, (t - first - at + 0.5) / ramp);
      product += shape * (residual[t] ?? 0);
      square += shape * shape;
    }
    gains[at] = product > 0 ? (weights.onsetProfile.temper * product * product) / (2 * square) : 0;
  }
  return gains;
}

/** The middle of a profile, as a place on the grid. */
export const medianPlace = (profile: OnsetProfile): number => quantilePlace(profile, 0.5);

/** The place on the grid by which it had begun with so high a probability. */
export function quantilePlace({ first, likely }: OnsetProfile, share: number): number {
  let sum = 0;
  for (let at = 0; at < likely.length; at += 1) {
    sum += likely[at] ?? 0;
    if (sum >= share) return first + at;
  }
  return first + likely.length;
}
