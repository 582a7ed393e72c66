import { Failure } from '../platform/failure.ts';
import { Refused } from '../platform/http-reply.ts';

/** The system answers, but not this question: what is asked besides may still be worth having. */
export const isNotTold = (error: unknown): boolean =>
  error instanceof Refused ? error.status < 500 : error instanceof Failure && error.code === 'bad_reply';
