import { asMembers, evidence } from '../evidence.ts';
import type { ArgumentOf } from './argument.ts';

const MEMORY = 'memory_saturation';
/** From this share of its limit on, a collector works hard to free the rest; whatever filled it began long before. */
const FULL = 0.88;
const LONG_MS = 60 * 60_000;
/** What fills memory over hours is code: a release of long ago, not a setting of today. */
const LONG_AGO = 8;
const LATELY = 0.1;

/** Trouble of a service whose memory was full before it began is not of a change that came lately. */
export const memoryWasFull: ArgumentOf = (change, { metrics, candidates }) => {
  const read = metrics.get(change.service);
  const memory = read?.series.find(({ name, version }) => name === MEMORY && version === null);
  if (!read || !candidates?.onset || !memory || memory.before === null || memory.before < FULL) return null;
  const leadMs = Date.parse(candidates.onset) - Date.parse(change.at);
  const isLongAgo = change.kind === 'deploy' && leadMs >= LONG_MS;
  const { name, kind, unit, version, before } = memory;
  const [cited] = evidence(
    `Memory of ${change.service} was at ${Math.round(before * 100)} % of its limit before the trouble${isLongAgo ? ', and this is old enough to have filled it' : ', and this came too late to fill it'}`,
    read,
    [asMembers({ name, kind, unit, version, before }), asMembers({ before })],
    [change.id],
  );
  return cited ? { times: isLongAgo ? LONG_AGO : LATELY, evidence: cited } : null;
};
