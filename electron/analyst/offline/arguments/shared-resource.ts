import { asText, evidence } from '../evidence.ts';
import type { ArgumentOf } from './argument.ts';

const OUT_OF_ORDER = 0.9;
const OWN_EXCESS = 'own excess';
const TIMES = 5;

/**
 * What a mesh does not see calls to (a database, a disk) has no callers in the call graph, so nothing is put down to it; all
 * who depend on it look guilty by themselves. When it is out of order itself, what was done to it deserves more than the
 * ranking gives.
 */
export const sharedResource: ArgumentOf = (change, { candidates, neighbours, unplaced }) => {
  if (change.kind !== 'infrastructure' || !candidates) return null;
  const excess = change.factors.find(({ name }) => name === OWN_EXCESS);
  const around = neighbours.get(change.service);
  const isApart = unplaced.has(change.service) || around?.neighbours.length === 0;
  if (!excess || excess.value < OUT_OF_ORDER || !isApart) return null;
  const [cited] = evidence(
    `${excess.sentence}, and calls to ${change.service} are not seen: whoever depends on it looks guilty by itself`,
    candidates,
    [asText(excess.sentence)],
    [change.id],
  );
  return cited ? { times: TIMES, evidence: cited } : null;
};
