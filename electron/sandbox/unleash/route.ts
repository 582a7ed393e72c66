import { FlagError } from '../flags/flag.ts';
import type { Request } from '../http/loopback.ts';
import type { json } from './answer.ts';
import { BadRequest, ContentTypeError } from './errors.ts';
import type { Json } from './json-patch.ts';

type Plain = ReturnType<typeof json>;

/** A request on its way to its handler: its body, and what the path gives for the names of the pattern. */
export type Call = { request: Request; body: Json; at: ReadonlyMap<string, string>; atMs: number };

export type Route = {
  method: string;
  pattern: readonly string[];
  anyBody: boolean;
  handle: (call: Call) => Plain;
};

/** `:name` in the pattern stands for one part of the path. What is not read must come with JSON. */
export const route = (method: string, pattern: string, handle: Route['handle']): Route => ({
  method,
  pattern: pattern.split('/'),
  anyBody: method === 'GET',
  handle,
});

/** A route that does not look at the body. */
export const anyBodyRoute = (method: string, pattern: string, handle: Route['handle']): Route => ({
  ...route(method, pattern, handle),
  anyBody: true,
});

const maxBodyBytes = 100 * 1_024;

/** The answer of the first route that fits. The world moves only for a request that has one. */
export function routed(routes: readonly Route[], request: Request, advance: () => number): Plain {
  // Express reads the body before it looks where the request goes.
  const body = bodyIn(request);
  const parts = request.path.replace(/(.)\/$/, '$1').split('/');
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  for (const candidate of routes) {
    const at = candidate.method === method ? matched(candidate.pattern, parts) : null;
    if (!at) continue;
    if (!candidate.anyBody && !isJson(request)) throw new ContentTypeError(request.contentType);
    return candidate.handle({ request, body, at, atMs: advance() });
  }
  throw new FlagError('NotFoundError', `The path you were looking for (${request.path}) is not available.`);
}

const isJson = ({ contentType }: Request): boolean => /^application\/json\s*(?:;|$)/.test(contentType);

function bodyIn(request: Request): Json {
  if (request.body === '' || !isJson(request)) return {};
  if (Buffer.byteLength(request.body) > maxBodyBytes) throw new BadRequest(413, 'request entity too large');
  const body = parsed(request.body);
  if (isDeep(body)) throw new BadRequest(400, 'the body is nested too deeply');
  return body;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new BadRequest(400, error instanceof Error ? error.message : 'the body is no JSON');
  }
}

const maxDepth = 64;

/** What goes deeper could be read, but not written again: writing JSON needs the stack. */
function isDeep(body: Json): boolean {
  let level: Json[] = [body];
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return level.length > 0;
}

function matched(pattern: readonly string[], parts: readonly string[]): ReadonlyMap<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const at = new Map<string, string>();
  for (const [index, wanted] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (!wanted.startsWith(':')) {
      if (wanted !== part) return null;
    } else if (part === '') return null;
    else at.set(wanted.slice(1), part);
  }
  return new Map([...at].map(([name, part]) => [name, decoded(part)]));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new BadRequest(400, `Failed to decode param '${part}'`);
  }
}
