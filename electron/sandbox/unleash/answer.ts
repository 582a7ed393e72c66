import { createHash } from 'node:crypto';
import type { Answer, Request } from '../http/loopback.ts';

type Plain = Extract<Answer, { body: string }>;

/** An answer in JSON, with the headers of Express. */
export const json = (status: number, body: unknown): Plain => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
});

export const empty = (status: number): Plain => ({ status, headers: {}, body: '' });

/** Without a body when the client has it already: as Express does it, with a tag of its own or the digest of the body. */
export function cached(request: Request, answer: Plain): Plain {
  if (answer.body === '' && answer.status !== 304) return answer;
  const etag = answer.headers['etag'] ?? digestTag(answer.body);
  const tagged = { ...answer, headers: { ...answer.headers, etag } };
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead || answer.status !== 200 || !isKnown(etag, request.ifNoneMatch ?? '')) return tagged;
  return { status: 304, headers: { etag }, body: '' };
}

function digestTag(body: string): string {
  const digest = createHash('sha1').update(body).digest('base64').slice(0, 27);
  return `W/"${Buffer.byteLength(body).toString(16)}-${digest}"`;
}

/** Weak comparison (RFC 9110 §8.8.3.2). */
function isKnown(etag: string, known: string): boolean {
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return known.trim() === '*' || known.split(',').some((tag) => bare(tag) === bare(etag));
}
