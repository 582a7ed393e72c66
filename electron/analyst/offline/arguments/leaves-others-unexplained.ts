import { asMembers, evidence } from '../evidence.ts';
import { jumpOf } from '../jump.ts';
import type { ArgumentOf } from './argument.ts';

const TIMES = 0.2;

/**
 * Where somebody went bad from one sample to the next who does not depend on the changed service, and that service did not,
 * the trouble of the one is not put down to the other, however much out of its usual the changed one is.
 */
export const leavesOthersUnexplained: ArgumentOf = (change, read) => {
  const own = read.metrics.get(change.service);
  const around = read.neighbours.get(change.service);
  if (!own || !around || around.omitted > 0 || change.kind === 'infrastructure') return null;
  if (jumpOf(own)?.isSharp) return null;
  const callers = new Set(
    around.neighbours.flatMap(({ side, service }) => (side === 'caller' ? [service] : [])),
  );
  for (const [service, metrics] of read.metrics) {
    const jump = service === change.service || callers.has(service) ? null : jumpOf(metrics);
    if (!jump?.isSharp || read.unplaced.has(service)) continue;
    const [cited] = evidence(
      `${service}, which does not depend on ${change.service}, went bad at once at ${jump.point[0].slice(11, 19)}, and ${change.service} did not`,
      metrics,
      [JSON.stringify(jump.point), asMembers({ name: jump.series.name })],
      [change.id],
    );
    if (cited) return { times: TIMES, evidence: cited };
  }
  return null;
};
