import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import { Failure, messageOf } from '../../platform/failure.ts';

/** Why Cedar is no longer believed, or null. One engine serves the whole process, so its state is the process's. */
let brokenBy: string | null = null;

/** A trap of WebAssembly, and the stack of JavaScript running over below it. */
const ENGINE_ENDED = new Set(['RuntimeError', 'RangeError']);

/**
 * Asks Cedar. INVARIANT: what is wrong with a question comes back as a value; when the engine itself runs over its stack or
 * its memory, nothing that it says afterwards is believed until Countersign is started again.
 * @throws Failure `refused` then, and ever after.
 */
export function askCedar<Answer>(question: (engine: typeof cedar) => Answer): Answer {
  if (brokenBy !== null) throw broken(brokenBy);
  try {
    return question(cedar);
  } catch (cause) {
    if (!(cause instanceof Error && ENGINE_ENDED.has(cause.name))) throw cause;
    brokenBy = messageOf(cause);
    throw broken(brokenBy, cause);
  }
}

const broken = (why: string, cause?: unknown) =>
  new Failure('refused', `The policy engine broke (${why}): start Countersign again`, cause);
