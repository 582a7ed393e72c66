import { asText, evidence } from '../evidence.ts';
import { hurtTogether, isApart, isOutOfOrder, ownExcessOf } from '../shared-trouble.ts';
import type { Candidate } from '../what-was-read.ts';
import type { ArgumentOf } from './argument.ts';
import { DELAY, timesOfDelay } from './timed-by-its-samples.ts';

const TIMES = 5;
/** By itself it must be this much out of order. */
const CLEARLY = 0.9;
/** What it gains beside that when several services went bad at once, right after it. */
const AT_ONCE = 8;
/** How likely it is that those who depend on something feel it so soon. */
const FELT_SO_SOON = 0.85;

/**
 * What a mesh does not see calls to (a database, a disk) has no callers in the call graph, so nothing is put down to it; all
 * who depend on it look guilty by themselves. When it is out of order itself, what was done to it deserves more than the
 * ranking gives; and when several went bad together right after, they date it better than its own slow load does.
 */
export const sharedResource: ArgumentOf = (change, read) => {
  const { candidates } = read;
  const excess = ownExcessOf(change);
  if (!candidates || !excess || !isOutOfOrder(change) || !isApart(change, read)) return null;
  const unseen = `calls to ${change.service} are not seen: whoever depends on it looks guilty by itself`;
  const hurt = hurtTogether(change, read);
  const [first] = hurt;
  const [together] = first
    ? evidence(
        `${hurt.map(({ service }) => service).join(', ')} went bad together at ${first.at.slice(11, 19)}, right after it, and ${unseen}`,
        first.cited,
        first.words,
        [change.id],
      )
    : [];
  if (together) return { times: TIMES * AT_ONCE * delayTold(change), evidence: together };
  if (excess.value < CLEARLY) return null;
  const [cited] = evidence(
    `${excess.sentence}, and ${unseen}`,
    candidates,
    [asText(excess.sentence)],
    [change.id],
  );
  return cited ? { times: TIMES, evidence: cited } : null;
};

/** The ranking dated it by its own slow load, and so would its samples: both give way to those who felt it. */
function delayTold({ factors }: Candidate): number {
  const told = factors.find(({ name }) => name === DELAY);
  return told ? Math.max(1, timesOfDelay(FELT_SO_SOON, told.value)) : 1;
}
