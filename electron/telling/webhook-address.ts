import { Failure } from '../platform/failure.ts';
import { isLoopback } from '../platform/http-reads.ts';

/** @throws Failure `bad_input` that names the webhook by `what`, never its address. */
export function webhookAddress(what: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isSafe =
    url !== null &&
    url.username === '' &&
    url.password === '' &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)));
  if (isSafe) return url;
  throw new Failure(
    'bad_input',
    `The address of ${what} is none that begins with https:// (http:// only on this machine) and holds no password.`,
  );
}
