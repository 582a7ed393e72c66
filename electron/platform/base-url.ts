import { Failure } from './failure.ts';

/** The address of a system, as a person gave it. @throws Failure `bad_input` for one that is no HTTP address, or holds credentials. */
export function baseUrl(system: string, url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '')
    return parsed;
  throw new Failure(
    'bad_input',
    `The address of ${system} must start with http:// or https:// and hold no credentials.`,
  );
}

/** The same without what people copy behind it: the path of its API, a query, a fragment. */
export function baseWithout(api: RegExp, system: string, url: string): URL {
  const base = baseUrl(system, url);
  base.pathname = base.pathname.replace(api, '/');
  base.search = '';
  base.hash = '';
  return base;
}
