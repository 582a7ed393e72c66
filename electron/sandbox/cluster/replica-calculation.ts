/**
 * How many replicas the HorizontalPodAutoscaler asks for: the algorithm of
 * https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details with the default behaviour.
 */

const tolerance = 0.1;
/** In a period of 15 s a target may grow by four pods or to its double, whichever is more. */
export const upPeriodMs = 15_000;
const upPods = 4;
/** A target shrinks to the highest of what was recommended in this time. */
export const downWindowMs = 300_000;

/** What use against target asks for; pods that are not ready count as using nothing once more are wanted. */
export function replicasForUse(seen: {
  current: number;
  /** Mean of the ready pods, in per cent of what they request. */
  utilisation: number;
  target: number;
  ready: number;
  unready: number;
}): number {
  const { current, utilisation, target, ready, unready } = seen;
  const ratio = utilisation / target;
  const isNear = (value: number) => Math.abs(1 - value) <= tolerance;
  if (unready === 0 || ratio <= 1) return isNear(ratio) ? current : Math.ceil(ratio * ready);
  const counted = ready + unready;
  const damped = (ratio * ready) / counted;
  if (isNear(damped) || damped < 1) return current;
  return Math.max(current, Math.ceil(damped * counted));
}

export type Recommendation = { atMs: number; replicas: number };

/** A target does not follow every dip: down it goes only to the highest recommendation of the last minutes. */
export function stabilised(
  current: number,
  wanted: number,
  recommendations: readonly Recommendation[],
): number {
  const highest = Math.max(wanted, ...recommendations.map(({ replicas }) => replicas));
  return Math.max(wanted, Math.min(current, highest));
}

export type Bounded = { replicas: number; limit: { reason: string; message: string } | null };

/** What of a wish is within the bounds of the autoscaler and its rate. */
export function bounded(options: {
  current: number;
  wanted: number;
  min: number;
  max: number;
  /** Replicas this target has gained (or lost) within the period. */
  gained: number;
}): Bounded {
  const { current, wanted, min, max, gained } = options;
  if (wanted > current) {
    const start = current - gained;
    const fastest = Math.max(current, start + upPods, start * 2);
    const limit =
      fastest < max
        ? {
            reason: 'ScaleUpLimit',
            message: 'the desired replica count is increasing faster than the maximum scale rate',
          }
        : {
            reason: 'TooManyReplicas',
            message: 'the desired replica count is more than the maximum replica count',
          };
    const most = Math.min(fastest, max);
    return wanted > most ? { replicas: most, limit } : { replicas: wanted, limit: null };
  }
  if (wanted >= min) return { replicas: wanted, limit: null };
  return {
    replicas: min,
    limit: {
      reason: 'TooFewReplicas',
      message: 'the desired replica count is less than the minimum replica count',
    },
  };
}
