import type { ClusterReader, WrittenRef } from '../../connectors/source.ts';
import type { Trace } from '../action.ts';

/** Clocks of a cluster and of this machine may differ by so much. */
const SKEW_MS = 10_000;

/** What the write was to change, in words that can be compared. */
export type Change = { before: string; after: string };

/**
 * Looks for the write of an intent on the object it was for. The name of the intent among its field managers proves the
 * write; that it did not happen is said only where the object is as before and nobody has written to it since.
 */
export async function traceOf(
  cluster: ClusterReader,
  target: { ref: WrittenRef; uid: string },
  lost: { intent: string; atMs: number },
  change: Change & { now(): Promise<string> },
  signal: AbortSignal,
): Promise<Trace> {
  const { ref, uid } = target;
  const what = `${ref.kind} ${ref.namespace === '' ? '' : `${ref.namespace}/`}${ref.name}`;
  const found = await cluster.markOf(lost.intent, ref, signal);
  if (!found) return { kind: 'cannot-tell', evidence: `${what} is no longer there` };
  if (found.uid !== uid) return { kind: 'cannot-tell', evidence: `${what} was deleted and made again` };
  if (found.mark) {
    const at = found.mark.at === null ? '' : ` at ${found.mark.at}`;
    return { kind: 'was', evidence: `${what} names ${lost.intent} among those who wrote to it${at}` };
  }
  const now = await change.now();
  if (now === change.after) {
    return {
      kind: 'cannot-tell',
      evidence: `${what} is ${now}, as was asked, and does not name ${lost.intent}: somebody else may have done it, or it only took something away, which leaves no name`,
    };
  }
  if (now !== change.before) {
    return {
      kind: 'cannot-tell',
      evidence: `${what} is ${now}, was ${change.before}: somebody changed it since`,
    };
  }
  const { writtenAt } = found;
  if (writtenAt !== null && Date.parse(writtenAt) >= lost.atMs - SKEW_MS) {
    return {
      kind: 'cannot-tell',
      evidence: `${what} is ${now} as before, but was written to at ${writtenAt}: it may have been changed and changed back`,
    };
  }
  return {
    kind: 'was-not',
    evidence: `${what} is still ${now}, and nothing that wrote to it is named ${lost.intent}`,
  };
}
