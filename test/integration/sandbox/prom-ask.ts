import { t0 } from './prom-same-samples.ts';

/** What is asked of both servers. */
export type Asked = {
  name: string;
  path: string;
  parameters: URLSearchParams;
  method: 'GET' | 'POST' | 'PUT' | 'OPTIONS';
  /** The right answer may have nothing in it. */
  mayBeEmpty: boolean;
  /** Prometheus gives what it found in no order, or in another one each time. */
  anyOrder: boolean;
  /** Of the error only what stands before this is the same: the rest is in the words of the parser in use. */
  sameUpTo: string | null;
};

/** Where most is asked for: samples every 15 s for the last 25 minutes. */
export const noon = t0 + 1_500;

export function request(path: string, parameters: Record<string, string> | [string, string][] = {}): Asked {
  const sent = new URLSearchParams(parameters);
  return {
    name: decodeURIComponent(`${path}?${sent}`.replaceAll('+', ' ')),
    path: `/api/v1/${path}`,
    parameters: sent,
    method: 'GET',
    mayBeEmpty: false,
    anyOrder: false,
    sameUpTo: null,
  };
}

export function instant(query: string, atSeconds: number | string = noon): Asked {
  return { ...request('query', { query, time: String(atSeconds) }), name: `${query} at ${atSeconds}` };
}

export function range(query: string, from = t0 + 600, to = t0 + 1_500, step = '60'): Asked {
  const asked = request('query_range', { query, start: String(from), end: String(to), step });
  return { ...asked, name: `${query} from ${from} to ${to} every ${step}` };
}

export const empty = (asked: Asked): Asked => ({ ...asked, mayBeEmpty: true });
export const unordered = (asked: Asked): Asked => ({ ...asked, anyOrder: true });
export const upTo = (sameUpTo: string, asked: Asked): Asked => ({ ...asked, sameUpTo });
export const by = (method: Asked['method'], asked: Asked): Asked => ({
  ...asked,
  method,
  name: `${method} ${asked.name}`,
});
