import type { IncomingMessage } from 'node:http';
import type { Refusal } from './request-gate.ts';

export type JsonBody = { ok: true; value: unknown } | { ok: false; refusal: Refusal };

/**
 * A JSON body of at most `maxBytes`. Only the JSON type is taken: the types a form can send need no leave from the
 * browser to cross origins (Fetch, "CORS-safelisted request-header").
 */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<JsonBody> {
  if (!isJson(request)) return refused(415, 'wrong_type', 'Send application/json.');
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Destroying the request would take the connection with it, and the refusal would never arrive.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return tooLarge(maxBytes);
    chunks.push(chunk);
  }
  try {
    return { ok: true, value: JSON.parse(Buffer.concat(chunks).toString('utf8')) };
  } catch {
    return refused(400, 'bad_input', 'The body is not JSON.');
  }
}

const isJson = ({ headers }: IncomingMessage) =>
  /^application\/json(;\s*charset=utf-8)?$/i.test(headers['content-type'] ?? '') &&
  headers['content-encoding'] === undefined;

const refused = (status: number, code: string, message: string): JsonBody => ({
  ok: false,
  refusal: { status, code, message },
});

/** The rest is not read, so the connection cannot be used again. */
const tooLarge = (maxBytes: number): JsonBody => ({
  ok: false,
  refusal: {
    status: 413,
    code: 'too_large',
    message: `At most ${maxBytes} bytes.`,
    headers: { connection: 'close' },
  },
});
