import { asMembers, evidence } from '../evidence.ts';
import { jumpOf } from '../jump.ts';
import type { ArgumentOf } from './argument.ts';

const TIMES = 0.4;

/**
 * A service whose callee went bad in the same sample or before, and calls nobody itself, passes on what it gets: what was
 * done to the service is the less likely cause.
 */
export const calleeWentBad: ArgumentOf = (change, { metrics, neighbours, candidates }) => {
  const read = metrics.get(change.service);
  const own = read ? jumpOf(read) : null;
  const around = neighbours.get(change.service);
  if (!own || !around || change.kind === 'infrastructure') return null;
  for (const { service, side, steps } of around.neighbours) {
    const theirs = side === 'callee' && steps === 1 ? metrics.get(service) : undefined;
    const jump = theirs ? jumpOf(theirs) : null;
    if (!theirs || !jump?.isSharp || jump.series.kind !== 'error_rate' || jump.atMs > own.atMs) continue;
    const callsNobody = neighbours.get(service)?.neighbours.every((one) => one.side === 'caller') === true;
    if (!callsNobody || candidates?.changes.some((other) => other.service === service)) continue;
    const [cited] = evidence(
      `${service}, which ${change.service} calls and which calls nobody, fails since ${jump.point[0].slice(11, 19)} already`,
      theirs,
      [JSON.stringify(jump.point), asMembers({ name: jump.series.name })],
      [change.id],
    );
    if (cited) return { times: TIMES, evidence: cited };
  }
  return null;
};
