import { Failure } from '../../../platform/failure.ts';
import { HIDDEN } from '../../../platform/secret-names.ts';
import { BETWEEN, perText } from './joined-texts.ts';
import { changeLeaves } from './leaves.ts';
import { type Finder, joined, type Span } from './span.ts';
import { structural } from './structural.ts';
import { maskedIn } from './tokens.ts';

/** Finds what is a secret in a text; rejects when nobody could look, and then the text must not be written down. */
export type SecretFinder = (text: string) => Promise<Span[]>;

/** Secrets that are held, secrets by where they stand, and the rules that others keep. */
export const secretFinder =
  (held: Finder, patterns: SecretFinder): SecretFinder =>
  async (text) => [...held(text), ...structural(text), ...(await patterns(text))];

/**
 * The same JSON value with every secret in it hidden for good: what is concluded is written to the ledger, a report and an
 * export, and outlives the log line that a secret was seen in.
 */
export async function withoutSecrets<T>(value: T, find: SecretFinder): Promise<T> {
  const texts: string[] = [];
  const certain = new Set<number>();
  changeLeaves(value, ({ text, isSecret }) => {
    if (isSecret) certain.add(texts.length);
    texts.push(text);
    return text;
  });
  const spans = perText(joined(await find(texts.join(BETWEEN))), texts);
  let place = 0;
  // The same walk over the same value meets the same texts in the same order.
  return changeLeaves(value, ({ text }) => {
    const at = place++;
    return certain.has(at) ? HIDDEN : hidden(text, spans[at] ?? []);
  }) as T;
}

/**
 * What would be written into a system stands in the ledger as well. And what was masked for a model stays a token in its words:
 * written as it stands, that would replace a password by `<SECRET_1>`.
 * @throws Failure when a value is a secret, or a token that stands for one.
 */
export async function demandNoSecret(tool: string, input: unknown, find: SecretFinder): Promise<void> {
  const given = JSON.stringify(input) ?? '';
  const isMasked = Object.keys(maskedIn(given)).some((kind) => kind === 'SECRET' || kind === 'HELD');
  if (isMasked || given !== JSON.stringify(await withoutSecrets(input, find)))
    throw new Failure(
      'refused',
      `${tool}: one of its arguments is a secret, which nobody but a person should set. Escalate, and say which it is.`,
    );
}

function hidden(text: string, spans: readonly Span[]): string {
  let told = '';
  let at = 0;
  for (const { from, to } of spans) {
    told += text.slice(at, from) + HIDDEN;
    at = to;
  }
  return told + text.slice(at);
}
