import { type Course, rowOf } from './dynamics.ts';
import type { Levers } from './levers.ts';
import type { World } from './load.ts';
import { middleOf } from './middle-of.ts';

export type Alert = { service: number; metric: 'latency_p99' | 'error_rate'; step: number };

const ABOVE_NORMAL = 1.3;
const POINT = 0.01;
const LASTING_MINUTES = 2;

/**
 * The first alert: an entry's p99 a third above its normal, or its errors a point above theirs, for two minutes that would
 * have been calm without the cause. Normal is the median of the steps before `quietUntil`; what is judged is what goes on,
 * not its noisy measurement.
 */
export function firstAlert(
  world: World,
  levers: Levers,
  { troubled, calm }: { troubled: Course; calm: Course },
  quietUntil: number,
): Alert | null {
  const { from, width } = troubled;
  const quiet = quietUntil - from;
  const lasting = Math.max(1, Math.round(LASTING_MINUTES / world.grid.stepMinutes));
  let first: Alert | null = null;
  for (const service of world.topology.entries) {
    const tail = levers.at(service, 'tail');
    const slow = rowOf(troubled.latency, width, service).map(
      (value, step) => value * (tail?.[from + step] ?? 1),
    );
    for (const [metric, row, usual] of [
      ['latency_p99', slow, rowOf(calm.latency, width, service)],
      ['error_rate', rowOf(troubled.errors, width, service), rowOf(calm.errors, width, service)],
    ] as const) {
      const normal = middleOf(row.subarray(0, quiet));
      const bar = metric === 'latency_p99' ? ABOVE_NORMAL * normal : POINT + normal;
      const isBad = (step: number) => (row[step] ?? 0) > bar && (usual[step] ?? 0) <= bar;
      const step = firstLasting(isBad, quiet, lasting, first === null ? width : first.step - from);
      if (step !== null) first = { service, metric, step: step + from };
    }
  }
  return first;
}

/** The step at which it has lasted, before `until`. */
function firstLasting(
  isBad: (step: number) => boolean,
  from: number,
  lasting: number,
  until: number,
): number | null {
  let lasted = 0;
  for (let step = from; step < until; step += 1) {
    lasted = isBad(step) ? lasted + 1 : 0;
    if (lasted === lasting) return step;
  }
  return null;
}
