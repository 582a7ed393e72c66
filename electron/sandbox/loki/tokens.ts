import { parseError } from './query-error.ts';

export type TokenKind = 'STRING' | 'IDENTIFIER' | 'NUMBER' | 'DURATION' | 'symbol' | '$end';
/** `text` is what stands there, without quotes and escapes for a string; `at` counts from 0. */
export type Token = { kind: TokenKind; text: string; at: number };

// Longer symbols first.
const symbols = [
  '|=',
  '|~',
  '!=',
  '!~',
  '=~',
  '==',
  '>=',
  '<=',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ',',
  '|',
  '=',
  '>',
  '<',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '@',
  ':',
  '.',
];

/** The longest query Loki reads. */
export const maxQueryLength = 5_120;

/** Reads LogQL (https://grafana.com/docs/loki/latest/query/) as far as its words; comments go to the end of the line. */
export function tokensOf(query: string): Token[] {
  if (query.length >= maxQueryLength) {
    throw parseError(`input size too long (${query.length} > ${maxQueryLength})`);
  }
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(query)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  for (;;) {
    take(/(?:\s|#[^\n]*)+/y);
    const from = at;
    if (at >= query.length) return [...tokens, { kind: '$end', text: '', at }];
    const quoted = take(/"(?:[^"\\\n]|\\.)*"|`[^`]*`/y);
    if (quoted !== null) {
      tokens.push({ kind: 'STRING', text: unquoted(quoted, at - quoted.length), at: from });
      continue;
    }
    if (/["`]/.test(query.charAt(at))) throw parseError('literal not terminated', at + 1);
    const duration = take(/(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|[smhdwy]))+(?![a-zA-Z0-9_])/y);
    const number = duration ?? take(/\d+(?:\.\d*)?(?:e[+-]?\d+)?/iy);
    const word = number ?? take(/[a-zA-Z_][a-zA-Z0-9_]*/y);
    if (word !== null) {
      const kind = duration !== null ? 'DURATION' : number !== null ? 'NUMBER' : 'IDENTIFIER';
      tokens.push({ kind, text: word, at: from });
      continue;
    }
    const symbol = symbols.find((candidate) => query.startsWith(candidate, at));
    if (symbol === undefined) throw parseError(`syntax error: unexpected ${query.charAt(at)}`, at + 1);
    at += symbol.length;
    tokens.push({ kind: 'symbol', text: symbol, at: from });
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '"': '"',
  '\\': '\\',
  "'": "'",
};

/** Go's rules (strconv.Unquote): an escape it does not know is an error, as `\d` in a pattern between double quotes. */
function unquoted(literal: string, at: number): string {
  const inside = literal.slice(1, -1);
  if (literal.startsWith('`')) return inside;
  return inside.replaceAll(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)/gs, (_all, escaped: string) => {
    if (escaped.length > 1) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    const character = escapes[escaped];
    if (character === undefined) throw parseError('invalid char escape', at + 1);
    return character;
  });
}
