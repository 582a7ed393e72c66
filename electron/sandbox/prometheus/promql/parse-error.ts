import { aggregations } from './expr.ts';
import { QueryError } from './query-error.ts';
import { signatures, unevaluated } from './signatures.ts';

/** Throws what Prometheus says of a text that is no query, with line and column. */
export function parseError(text: string, at: number, what: string): never {
  const before = text.slice(0, at).split('\n');
  const place = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  throw new QueryError('bad_data', `${place}: parse error: ${what}`);
}

/** Right in PromQL, and missing here. */
export function unsupported(what: string): never {
  throw new QueryError('execution', `${what} is not supported by this simulated Prometheus`);
}

/** Explains where the grammar broke off. */
export function brokenOff(text: string, at: number): never {
  const unterminated = unterminatedString(text);
  if (unterminated !== null) parseError(text, unterminated, 'unterminated quoted string');
  const missing = unclosed(text);
  if (missing !== null) parseError(text, text.length, missing);
  const [, spaces = '', token = ''] = /^(\s*)([\w:.]+|\S)?/.exec(text.slice(at)) ?? [];
  if (token === '') parseError(text, text.trimEnd().length, 'unexpected end of input');
  const from = at + spaces.length;
  const [durationBefore] = spaces === '' ? (/(\d+[a-z]+)+$/.exec(text.slice(0, from)) ?? []) : [];
  if (durationBefore !== undefined && /^\d+[a-z]/.test(token)) {
    const whole = JSON.stringify(durationBefore + token);
    parseError(text, from - durationBefore.length, `not a valid duration string: ${whole}`);
  }
  if (token === '(') {
    const [, name = ''] = /([a-zA-Z_:][\w:]*)\s*$/.exec(text.slice(0, from)) ?? [];
    if (unevaluated.has(name)) unsupported(`the function ${name}()`);
    if (name !== '' && !isKnown(name)) unknownFunction(text, text.lastIndexOf(name, from), name);
  }
  return parseError(text, from, `unexpected ${tokenText(token)}`);
}

const keywords = 'and atan2 bool by group_left group_right ignoring offset on or unless without'.split(' ');
const isKnown = (name: string): boolean =>
  signatures.has(name) || [...aggregations, ...keywords].includes(name.toLowerCase());

export function unknownFunction(text: string, at: number, name: string): never {
  return parseError(text, at, `unknown function with name ${JSON.stringify(name)}`);
}

function tokenText(token: string): string {
  if (/^[\d.]/.test(token)) return `number ${JSON.stringify(token)}`;
  if (/^\w/.test(token)) return `identifier ${JSON.stringify(token)}`;
  return /^[-+*/%^<>]$/.test(token) ? `<op:${token}>` : JSON.stringify(token);
}

const strings = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`/gs;
const blanked = (text: string) => text.replaceAll(strings, (string) => ' '.repeat(string.length));

function unterminatedString(text: string): number | null {
  const at = blanked(text)
    .replaceAll(/#[^\n]*/g, '')
    .search(/["'`]/);
  return at < 0 ? null : at;
}

/** The innermost bracket that is still open at the end. */
function unclosed(text: string): string | null {
  const open: string[] = [];
  for (const character of blanked(text)) {
    if ('([{'.includes(character)) open.push(character);
    else if (')]}'.includes(character)) open.pop();
  }
  const last = open.at(-1);
  if (last === undefined) return null;
  if (last === '{') return 'unexpected end of input inside braces';
  return last === '(' ? 'unclosed left parenthesis' : 'unclosed left bracket';
}
