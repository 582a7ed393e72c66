import { type Line, lineAt, nextLine, type Spent } from './secret-blocks.ts';
import { matchAt, type TextPart } from './text-part.ts';

/** A telling name in a text. */
export type Named = {
  text: string;
  name: string;
  place: TextPart;
  line: Line;
  /** Whether an unquoted value is all that follows on its line. */
  goesToLineEnd: boolean;
  spent: Spent;
};

const QUOTED = /(\\{0,8})("""|'''|["'`])/y;
const AFTER_QUOTED = /[^\s,;&})\]]{0,8192}/y;
/** A comma or a bracket is part of a value where it does not end it. */
const UNQUOTED =
  /(?:(?:bearer|basic|digest|negotiate|token|apikey)[ \t]{1,8})?(?:\(hidden\)|[^\s,;&}\])"']|[,}\])"'](?=[^\s,;&}\])"'])(?!["']?[\w.-]{1,60}["']?[:=]))+/iy;
/** Headers of which several words are the secret. */
const WHOLE_HEADER = /[^"'\r\n]*/y;
/** A backslash at the end of a line adds the next one. */
const GOES_ON = /(?:(?<=\\) ?| ?\\ ?)\r?\n/y;
/** No farther is the end of a quote or a bracket looked for. */
export const LONGEST_VALUE = 65_536;

/** The value that begins here; null where none does. */
export function valueAt(named: Named, from: number, isStart: boolean): TextPart | null {
  const { text, name, line, goesToLineEnd, spent } = named;
  const quote = matchAt(QUOTED, text, from);
  if (quote !== null) return quotedAt(text, from, quote);
  if (/[[{]/.test(text[from] ?? '')) {
    const to = bracketsEnd(text, from);
    spent.characters += to - from;
    return { from, to: isStart && goesToLineEnd ? Math.max(to, trimmedEnd(text, from, line.to)) : to };
  }
  if (isStart && goesToLineEnd) return toLineEnd(text, from, line);
  const isHeader =
    /^(?:set-)?cookie$/i.test(name) || /^(?:digest|aws4-\S{1,40})\s/i.test(text.slice(from, from + 60));
  const value = matchAt(isHeader ? WHOLE_HEADER : UNQUOTED, text, from);
  if (value === null || value[0] === '') return null;
  const to = from + value[0].length;
  const more = matchAt(GOES_ON, text, to);
  return more === null
    ? { from, to }
    : { from, to: toLineEnd(text, from, lineAt(text, to + more[0].length))?.to ?? to };
}

/** What a directive is given: in quotes, or all that follows on its line; null for nothing. */
export function givenAt(text: string, from: number, line: Line): TextPart | null {
  const quote = matchAt(QUOTED, text, from);
  return quote !== null ? quotedAt(text, from, quote) : toLineEnd(text, from, line);
}

/** To the quote that ends it, and what a shell would add to it; to the end of a text that was cut before. */
function quotedAt(text: string, start: number, quote: RegExpExecArray): TextPart {
  const [opening, escapes = '', mark = ''] = quote;
  let to = start + opening.length;
  const most = Math.min(text.length, start + LONGEST_VALUE);
  for (; to < most; to++) {
    if (escapes === '' && text[to] === '\\' && mark !== "'''") to++;
    else if (text.startsWith(opening, to)) {
      to += opening.length;
      const more = matchAt(AFTER_QUOTED, text, to)?.[0] ?? '';
      return { from: start, to: to + more.length };
    }
  }
  return { from: start, to: most };
}

function bracketsEnd(text: string, from: number): number {
  let depth = 0;
  const most = Math.min(text.length, from + LONGEST_VALUE);
  for (let at = from; at < most; at++) {
    const one = text[at];
    if (one === '"') {
      for (at++; at < most && text[at] !== '"'; at++) if (text[at] === '\\') at++;
    } else if (one === '{' || one === '[') depth++;
    else if ((one === '}' || one === ']') && --depth === 0) return at + 1;
  }
  return most;
}

function trimmedEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && /[\s;,]/.test(text[end - 1] ?? '')) end--;
  return end;
}

/** To the end of the line, and of those that a backslash adds to it. */
function toLineEnd(text: string, from: number, line: Line): TextPart | null {
  let last = line;
  while (/\\ ?$/.test(text.slice(Math.max(from, last.to - 2), last.to))) {
    const next = nextLine(text, last);
    if (next === null) break;
    last = next;
  }
  const to = trimmedEnd(text, from, last.to);
  return to > from ? { from, to } : null;
}
