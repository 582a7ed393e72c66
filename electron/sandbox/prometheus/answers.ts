import type { Answer } from '../http/loopback.ts';

/** Prometheus itself knows no tokens; the proxies in front of it answer like this. */
export const refusals = {
  unauthorized: text(401, 'Unauthorized\n', { 'www-authenticate': 'Bearer' }),
  tooLarge: text(413, 'Request Entity Too Large\n'),
  failed: json(500, { status: 'error', errorType: 'internal', error: 'internal error' }),
};

export function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function text(status: number, body: string, headers: Record<string, string> = {}): Answer {
  const type = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
  return { status, headers: { ...type, ...headers }, body };
}
