import type { CloudEvent } from './tell-change.ts';

export type Mode = 'structured' | 'binary';
/** What became of one attempt; `later` is worth another. */
export type Posted =
  | { kind: 'taken' }
  | { kind: 'later'; because: string }
  | { kind: 'refused'; because: string };

const withinMs = 2_000;

/** One attempt at posting one event. Never throws. */
export async function postCloudEvent(
  to: { url: string; token: string },
  event: CloudEvent,
  mode: Mode,
  signal: AbortSignal,
): Promise<Posted> {
  const { headers, body } = mode === 'structured' ? structured(event) : binary(event);
  try {
    const reply = await fetch(to.url, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${to.token}` },
      body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
    });
    await reply.body?.cancel();
    if (reply.ok) return { kind: 'taken' };
    const because = `status ${reply.status}`;
    const isPassing = reply.status === 408 || reply.status === 429 || reply.status >= 500;
    return { kind: isPassing ? 'later' : 'refused', because };
  } catch (error) {
    return { kind: 'later', because: error instanceof Error ? error.name : 'no answer' };
  }
}

type Written = { headers: Record<string, string>; body: string };

function structured(event: CloudEvent): Written {
  return {
    headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
    body: JSON.stringify(event),
  };
}

function binary({ data, datacontenttype, ...attributes }: CloudEvent): Written {
  const headers = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encoded(value)]);
  return {
    headers: { ...Object.fromEntries(headers), 'content-type': datacontenttype },
    body: JSON.stringify(data),
  };
}

/** HTTP protocol binding of CloudEvents, §3.1.3.2: all but printable ASCII, and of that the space, `"` and `%`. */
const encoded = (value: string): string =>
  value.replaceAll(/[^\x21\x23\x24\x26-\x7e]+/gu, (text) => encodeURIComponent(text.toWellFormed()));
