/** Longer than this nobody waits for a model in the middle of an incident: the person is told instead. */
const LONGEST_WAIT_MS = 30_000;

/**
 * The one way of a model client to the network: it tells what leaves just before it does, follows no redirect (nobody
 * agreed to another place, and the key is not for it), and lets the SDK wait no longer than half a minute.
 */
export function guardedFetch(told: (body: string) => void): typeof fetch {
  return async (input, init) => {
    if (typeof init?.body !== 'string') throw new TypeError('A request to a model is JSON text');
    told(init.body);
    const response = await fetch(input, { ...init, redirect: 'error' });
    return response.ok || waitOf(response.headers) <= LONGEST_WAIT_MS ? response : withoutRetry(response);
  };
}

/** What a server asks for, in milliseconds; 0 where it asks for nothing that can be understood. */
function waitOf(headers: Headers): number {
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (!Number.isNaN(ms)) return ms;
  const after = headers.get('retry-after');
  if (after === null) return 0;
  const seconds = Number.parseFloat(after);
  const untilMs = Number.isNaN(seconds) ? Date.parse(after) - Date.now() : seconds * 1_000;
  return Number.isNaN(untilMs) ? 0 : untilMs;
}

/** In the words that the SDK obeys. */
function withoutRetry({ body, status, statusText, headers }: Response): Response {
  const told = new Headers(headers);
  told.set('x-should-retry', 'false');
  return new Response(body, { status, statusText, headers: told });
}
