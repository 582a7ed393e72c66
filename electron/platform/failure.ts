import type { Reply } from '../../shared/bridge/contract.ts';

/** Codes a person or a script can act on; the sentence beside it says how. */
export type FailureCode =
  | 'bad_input'
  | 'not_found'
  | 'conflict'
  | 'unauthorized'
  | 'locked'
  | 'stopped'
  | 'unreachable'
  | 'timeout'
  | 'bad_reply'
  | 'refused'
  | 'storage'
  | 'cancelled';

/**
 * Something outside the code went wrong: a dependency is down, or the input is bad. It is thrown, carries a sentence
 * for the person (what happened, what it means, what to do) and becomes a value at dispatcher, tool gateway and worker.
 * A defect is a plain `Error`.
 */
export class Failure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Failure';
    this.code = code;
  }

  /** A defect crosses as `defect` with a plain sentence; its stack stays in the log. */
  static toReply(error: unknown): Reply {
    if (error instanceof Failure) return { ok: false, code: error.code, message: error.message };
    return {
      ok: false,
      code: 'defect',
      message: 'Something in Countersign itself failed; the log has the details.',
    };
  }
}

/** The sentence of anything thrown, for a log line or a wrapped failure. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
