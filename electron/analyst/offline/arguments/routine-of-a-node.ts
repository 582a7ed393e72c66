import { asText, evidence } from '../evidence.ts';
import type { ArgumentOf } from './argument.ts';

/** As kubelet and node controller write it of a node that joins or comes back. */
const JOINS = /\b(NodeReady|Registered Node|Updated Node Allocatable)\b/;
const TIMES = 0.15;

/** A node that joins adds room: it seldom breaks what ran elsewhere. */
export const routineOfANode: ArgumentOf = (change, { candidates }) => {
  if (!candidates || change.kind !== 'infrastructure' || !JOINS.test(change.title)) return null;
  const [cited] = evidence(
    'It is what every node says as it joins, and adds room',
    candidates,
    [asText(change.title)],
    [change.id],
  );
  return cited ? { times: TIMES, evidence: cited } : null;
};
