import { prometheusApi } from '../../../electron/sandbox/prometheus/api.ts';
import type { RuleEngine } from '../../../electron/sandbox/prometheus/rules.ts';
import type { SeriesStore } from '../../../electron/sandbox/prometheus/series-store.ts';
import type { Asked } from './prom-ask.ts';

export type Reply = { status: number; body: unknown };

/** What the API of the sandbox answers. */
export function fromSandbox(
  held: { store: SeriesStore; rules: RuleEngine },
  nowMs: number,
  { method, path, parameters }: Asked,
): Reply {
  const api = prometheusApi({ ...held, now: () => nowMs, advance: () => {} });
  const isForm = method === 'POST';
  const answer = api({
    method,
    path,
    query: isForm ? new URLSearchParams() : parameters,
    contentType: isForm ? 'application/x-www-form-urlencoded' : '',
    accept: '',
    body: isForm ? parameters.toString() : '',
  });
  if (!('body' in answer)) throw new Error('an answer in one piece was expected');
  return { status: answer.status, body: contentOf(answer.body) };
}

/** What a real server answers. */
export async function replyOf(url: string, { method, path, parameters }: Asked): Promise<Reply> {
  const response =
    method === 'POST'
      ? await fetch(`${url}${path}`, { method, body: parameters })
      : await fetch(`${url}${path}?${parameters}`, { method });
  return { status: response.status, body: contentOf(await response.text()) };
}

const contentOf = (text: string): unknown => (text.startsWith('{') ? JSON.parse(text) : text);
