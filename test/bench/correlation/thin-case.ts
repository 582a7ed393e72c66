import { streamsOf } from '../../../electron/correlation/generate/chance.ts';
import type { CaseMetric, LabelledCase } from '../../../shared/formats/case.ts';

/**
 * A case as a real system would have it: innocent services that nothing is measured of (in the generator only the guilty
 * one ever is, which would be learnt), and in some systems no utilisation, memory or median at all.
 */
export function thinned(input: LabelledCase, seed: number): LabelledCase {
  const { thin: chance } = streamsOf(seed, ['thin']);
  const guilty = new Set(input.truth.services);
  const share = chance.chance(0.5) ? chance.between(0, 0.12) : 0;
  const names = [...new Set(input.metrics.map(({ service }) => service))].sort();
  const unmeasured = new Set(names.filter((name) => chance.chance(share) && !guilty.has(name)));
  const without: ((metric: CaseMetric) => boolean)[] = [];
  if (chance.chance(0.15)) without.push(({ kind }) => kind === 'saturation');
  if (chance.chance(0.1)) without.push(({ name }) => name.startsWith('memory'));
  if (chance.chance(0.1)) without.push(({ name }) => name === 'latency_p50');
  const isKept = (metric: CaseMetric): boolean =>
    !unmeasured.has(metric.service) && !without.some((isGone) => isGone(metric));
  return { ...input, metrics: input.metrics.filter(isKept) };
}
