import { Failure } from '../../platform/failure.ts';
import type { Exchange } from '../../platform/http-exchange.ts';
import { fetchReply, type HttpReply } from '../../platform/http-reply.ts';

export type Question = Omit<Exchange, 'signal'> & {
  /** Of the whole exchange, the body included. */
  timeoutMs: number;
  /** Of the body of the reply. */
  maxBytes: number;
};

/** Sends one request to a witness and reads the whole answer. @throws Failure when there is none in time, or too long a one. */
export async function ask(
  { timeoutMs, maxBytes, ...exchange }: Question,
  signal: AbortSignal,
): Promise<HttpReply> {
  const limited = { ...exchange, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) };
  try {
    return await fetchReply(limited, maxBytes);
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'bad_reply')) throw error;
    throw new Failure(
      'bad_reply',
      `${exchange.system} at ${exchange.url.host} answered with more than the ${maxBytes} bytes a witness may. Is the address right?`,
      error,
    );
  }
}
