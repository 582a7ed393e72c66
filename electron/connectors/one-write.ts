import { Failure } from '../platform/failure.ts';
import { neverSent } from '../platform/http-exchange.ts';
import { type HttpReply, isSuccess, saidIn } from '../platform/http-reply.ts';
import type { WriteOptions, WriteResult } from './source.ts';

/** What is read before the write; a failure there means that nothing was sent. */
export async function reading<T>(read: () => Promise<T>): Promise<{ value: T } | { because: string }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof Failure) return { because: `Nothing was sent. ${error.message}` };
    throw error;
  }
}

/** Sends one request, whatever comes back, and says what became of it. */
export async function writing(write: {
  send: () => Promise<HttpReply>;
  /** Whether the answer, or what is read after it, shows things as they were to become; a failure does not. */
  confirms: (reply: HttpReply) => boolean | Promise<boolean>;
  sentence: string;
}): Promise<WriteResult> {
  let reply: HttpReply;
  try {
    reply = await write.send();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (neverSent(error)) return notApplied(`Nothing was sent. ${error.message}`);
    return { kind: 'unknown', because: `${error.message} Whether it was done must be looked up.` };
  }
  if (isSuccess(reply)) {
    if (await isConfirmed(reply, write.confirms)) return { kind: 'applied', sentence: write.sentence };
    return {
      kind: 'unknown',
      because:
        'The server accepted the request, but what it shows is not the change. Whether it was done must be looked up.',
    };
  }
  return refusal(reply);
}

async function isConfirmed(
  reply: HttpReply,
  confirms: (reply: HttpReply) => boolean | Promise<boolean>,
): Promise<boolean> {
  try {
    return await confirms(reply);
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** Answers that a server gives before it has changed anything (Kubernetes API conventions, HTTP status codes). */
const refusals: Record<number, string> = {
  400: 'The server does not understand the request',
  401: 'The server does not accept the credentials',
  403: 'The server does not allow it with these credentials',
  404: 'The object is not there',
  409: 'The object was changed in the meantime',
  422: 'The object was changed in the meantime, or the server finds the change invalid',
  429: 'The server is too busy and turned the request away',
};

export function refusal(reply: HttpReply): WriteResult {
  const meaning = refusals[reply.status];
  const words = saidIn(reply);
  const quoted = words === '' ? '' : `: "${words}"`;
  if (meaning !== undefined) return notApplied(`${meaning} (${reply.status})${quoted}`);
  return {
    kind: 'unknown',
    because: `The server answered with status ${reply.status}${quoted}. Whether it was done must be looked up.`,
  };
}

export const notApplied = (because: string) => ({ kind: 'not-applied', because }) as const;

export const said = ({ dryRun }: WriteOptions, fact: string) =>
  dryRun ? `In a trial run the server accepted it: ${fact}` : fact;
