import { bounded, type Recommendation, replicasForUse, stabilised } from './replica-calculation.ts';
import type { HorizontalPodAutoscaler } from './surroundings.ts';

export type Said = { status: 'True' | 'False'; reason: string; message: string };

/** What an autoscaler makes of its target, and what it says about that in its conditions. */
export type Decision = {
  replicas: number;
  /** The reason that is given where the target is scaled. */
  why: string;
  conditions: { AbleToScale: Said; ScalingActive?: Said; ScalingLimited?: Said };
  /** What was seen and recommended, where anything was. */
  utilisation: number | null;
  wanted: number | null;
};

/** What is remembered of an autoscaler: its recommendations, and by how much it has scaled its target when. */
export type Memory = { recommendations: Recommendation[]; gains: { atMs: number; by: number }[] };

const metricName = 'cpu resource utilization (percentage of request)';

/** One round of the real controller (pkg/controller/podautoscaler of Kubernetes 1.32), in its words. */
export function decide(seen: {
  spec: HorizontalPodAutoscaler['spec'];
  current: number;
  ready: number;
  unready: number;
  utilisation: number | null;
  memory: Memory;
}): Decision {
  const { spec, current, ready, unready, memory } = seen;
  const { minReplicas: min, maxReplicas: max } = spec;
  const unseen = (replicas: number, why: string, inactive?: Omit<Said, 'status'>): Decision => ({
    replicas,
    why,
    conditions: {
      AbleToScale: {
        status: 'True',
        reason: 'SucceededGetScale',
        message: "the HPA controller was able to get the target's current scale",
      },
      ...(inactive ? { ScalingActive: { status: 'False', ...inactive } } : {}),
    },
    utilisation: null,
    wanted: null,
  });
  if (current === 0) {
    const message = 'scaling is disabled since the replica count of the target is zero';
    return unseen(0, '', { reason: 'ScalingDisabled', message });
  }
  if (current > max) return unseen(max, 'Current number of replicas above Spec.MaxReplicas');
  if (current < min) return unseen(min, 'Current number of replicas below Spec.MinReplicas');
  if (seen.utilisation === null || ready === 0) {
    const error =
      seen.utilisation === null
        ? 'unable to get metrics for resource cpu: no metrics returned from resource metrics API'
        : 'did not receive metrics for targeted pods (pods might be unready)';
    const message = `the HPA was unable to compute the replica count: failed to get cpu utilization: ${error}`;
    return unseen(current, '', { reason: 'FailedGetResourceMetric', message });
  }

  // The real one counts in whole per cent too.
  const utilisation = Math.floor(seen.utilisation);
  const wanted = replicasForUse({ current, utilisation, target: targetOf(spec), ready, unready });
  const calm = stabilised(current, wanted, memory.recommendations);
  const gained = memory.gains.reduce((sum, { by }) => sum + by, 0);
  const { replicas, limit } = bounded({ current, wanted: calm, min, max, gained });
  return {
    replicas,
    why: replicas > current ? `${metricName} above target` : 'All metrics below target',
    conditions: {
      AbleToScale: calm === wanted ? readyForNewScale : downStabilised,
      ScalingActive: {
        status: 'True',
        reason: 'ValidMetricFound',
        message: `the HPA was able to successfully calculate a replica count from ${metricName}`,
      },
      ScalingLimited: limit ? { status: 'True', ...limit } : withinRange,
    },
    utilisation,
    wanted,
  };
}

/** The same, once the target has been scaled. */
export const rescaled = (decision: Decision): Decision => ({
  ...decision,
  conditions: {
    ...decision.conditions,
    AbleToScale: {
      status: 'True',
      reason: 'SucceededRescale',
      message: `the HPA controller was able to update the target scale to ${decision.replicas}`,
    },
  },
});

const readyForNewScale: Said = {
  status: 'True',
  reason: 'ReadyForNewScale',
  message: 'recommended size matches current size',
};
const downStabilised: Said = {
  status: 'True',
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
};
const withinRange: Said = {
  status: 'False',
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
};

const targetOf = ({ metrics = [] }: HorizontalPodAutoscaler['spec']): number =>
  metrics.find(({ resource }) => resource.name === 'cpu')?.resource.target.averageUtilization ?? 80;
