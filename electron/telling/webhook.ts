import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../platform/failure.ts';
import type { Refuses } from '../platform/forbidden-address.ts';
import { fetchReply, isSuccess, Refused, refusalOf } from '../platform/http-reply.ts';

const TIMEOUT_MS = 5_000;
/** They answer `ok`. */
const MOST_BYTES = 16_384;
const ATTEMPTS = 3;
const LONGEST_WAIT_MS = 30_000;

/**
 * Posts one message; tried again where that is likely to help, since a message that comes twice is better than none. The
 * address is a secret: what is thrown names the host alone.
 */
export async function postTo(
  url: URL,
  body: string,
  options: { refuses?: Refuses | undefined; signal: AbortSignal; pauseMs?: number; timeoutMs?: number },
): Promise<void> {
  const { refuses, signal, pauseMs = 1_000, timeoutMs = TIMEOUT_MS } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const reply = await fetchReply(
        {
          system: 'The webhook',
          url,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'user-agent': 'countersign' },
          body,
          refuses,
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        },
        MOST_BYTES,
      );
      if (isSuccess(reply)) return;
      throw refusalOf({ ...reply, url: new URL(url.origin), text: '' });
    } catch (error) {
      if (attempt >= ATTEMPTS || !isShort(error) || signal.aborted) throw error;
      const asked = error instanceof Refused ? (error.retryAfterMs ?? 0) : 0;
      await pause(Math.min(LONGEST_WAIT_MS, Math.max(asked, pauseMs * 4 ** (attempt - 1))), undefined, {
        signal,
      });
    }
  }
}

const isShort = (error: unknown): boolean =>
  error instanceof Refused
    ? error.status === 429 || error.status >= 500
    : error instanceof Failure && error.code === 'unreachable';
