import { setTimeout as pause } from 'node:timers/promises';
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  retry,
  TaskCancelledError,
  wrap,
} from 'cockatiel';
import { allowance } from './allowance.ts';
import { Failure } from './failure.ts';
import { Refused } from './http-reply.ts';

/** What stands between Countersign and a system that it reads: it helps where that helps, and spares what is overloaded. */
export type ReadPolicy = {
  /**
   * Asks, at most twice more where a short fault is likely, not at all while the system asked to be left alone or has been
   * failing, and never more than a few at once. What is thrown is a `Failure` that names what is wrong with the system.
   */
  read<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T>;
};

const RETRIES = 2;
const AT_ONCE = 8;
const MOST_WAITING = 500;
const FAILURES_TO_OPEN = 5;
/** Short enough that what has healed is read again within seconds. */
const OPEN_MS = 4_000;

/**
 * For reads alone: INVARIANT: no write goes through here, since a write is never sent twice. `isOurs` marks a system on this
 * machine, which nobody else's load depends on.
 */
export function readPolicy(options: {
  /** What the system is called in sentences. */
  system: string;
  isOurs?: () => boolean;
  nowMs?: () => number;
  /** 0 up to 1, for the jitter of pauses. */
  random?: () => number;
}): ReadPolicy {
  const { system, isOurs = () => false, nowMs = Date.now, random = Math.random } = options;
  const attempts = retry(handleWhen(isShort), {
    maxAttempts: RETRIES,
    backoff: new DelegateBackoff(({ attempt, result }) => {
      const asked = 'error' in result && result.error instanceof Refused ? result.error.retryAfterMs : null;
      return Math.max(asked ?? 0, 150 * 2 ** (attempt - 1) * (0.5 + random() / 2));
    }),
  });
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: OPEN_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  const few = bulkhead(AT_ONCE, MOST_WAITING);
  const policy = wrap(attempts, breaker, few);
  const pace = allowance({ burst: 200, perSecond: 50, now: nowMs });
  /** What the system was last down with, so that a question that is not sent says why. */
  let lastOutage: Failure | null = null;
  let notBefore: { ms: number; because: Failure } | null = null;

  async function once<T>(ask: () => Promise<T>): Promise<T> {
    if (notBefore && nowMs() < notBefore.ms) throw notBefore.because;
    try {
      return await ask();
    } catch (error) {
      if (isOutage(error)) lastOutage = error;
      if (error instanceof Refused && error.retryAfterMs !== null)
        notBefore = { ms: nowMs() + error.retryAfterMs, because: error };
      throw error;
    }
  }

  return {
    async read(ask, signal) {
      while (!isOurs() && !signal.aborted && !pace.take())
        await pause(20, undefined, { signal }).catch(() => undefined);
      try {
        return await policy.execute(() => once(ask), signal);
      } catch (error) {
        if (error instanceof BrokenCircuitError && lastOutage) throw lastOutage;
        if (error instanceof TaskCancelledError) throw unasked(system, signal, error);
        if (error instanceof BulkheadRejectedError) {
          throw new Failure(
            'unreachable',
            `${system} answers too slowly: ${MOST_WAITING} questions wait already, and no more are asked.`,
            error,
          );
        }
        throw error;
      }
    },
  };
}

/** A question that was cancelled before it was its turn. */
const unasked = (system: string, { reason }: AbortSignal, cause: unknown): Failure =>
  reason instanceof DOMException && reason.name === 'TimeoutError'
    ? new Failure('timeout', `${system} did not answer in time. It may be overloaded or out of reach.`, cause)
    : new Failure('cancelled', `The request to ${system} was cancelled.`, cause);

const isOutage = (error: unknown): error is Failure =>
  error instanceof Failure &&
  (error instanceof Refused ? error.status >= 500 : error.code === 'unreachable' || error.code === 'timeout');

const shortFaults = /^(ECONNRESET|EPIPE|ECONNABORTED|ECONNREFUSED|EAI_AGAIN)$/;
/** A wait that the system asks for and that is worth it. */
const WORTH_WAITING_MS = 2_000;

/** Whether the same question is likely answered if it is asked again at once: not after a time-out, which took long enough. */
function isShort(error: unknown): boolean {
  if (error instanceof Refused) {
    if (error.retryAfterMs !== null && error.retryAfterMs > WORTH_WAITING_MS) return false;
    return error.status === 429 ? error.retryAfterMs !== null : error.status >= 502 && error.status <= 504;
  }
  return error instanceof Failure && error.code === 'unreachable' && shortFaults.test(codeOf(error.cause));
}

function codeOf(cause: unknown): string {
  if (cause instanceof AggregateError) return codeOf(cause.errors[0]);
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}
