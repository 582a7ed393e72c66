import {
  hiddenBlock,
  type Line,
  lineAt,
  nextLine,
  OPENS_TEXT,
  opensBlock,
  type Spent,
} from './secret-blocks.ts';
import { isPlain, namesSecret, secrecyOf } from './secret-names.ts';
import { secretShapes } from './secret-shapes.ts';
import type { TextPart } from './text-part.ts';

/**
 * Nothing is hidden in a text without any of these: the words of every rule here. Most texts have none, and a thousand come in
 * a second.
 */
const MAY_HIDE =
  /pass|pwd|\bpw|secret|token|key|credential|auth|dsn|private|session|cookie|bearer|basic|negotiate|mnemonic|salt|pepper|otp|\bsig|:\/\/|-----BEGIN|\beyJ|@(?:tcp|unix|udp)\(|gh[opusr]_|_pat_|glpat-|\bxox|\bsk-|AKIA|ASIA|AIza|hvs\.|dop_v1_|npm_|SG\.|\$\w{1,8}\$|curl|redis-cli|mysql|mariadb|stats|identified|\{[A-Z0-9]{3,8}\}|:(?:\d{1,5}|\*):/i;
const WORD =
  /pass|pwd|pw|secret|token|key|credential|auth|dsn|session|cookie|bearer|mnemonic|salt|pepper|otp|sig/gi;

const NAME_CHARACTER = /[\w.$-]/;
const LONGEST_NAME = 100;

/** Whether a text is worth being looked through. */
export const mayHoldSecret = (text: string): boolean => MAY_HIDE.test(text);

/**
 * Where secrets stand in a text of any format: under telling names (YAML, JSON, properties, INI, TOML, XML, .env, directives,
 * arguments of a command), in headers and addresses, and what has the shape of a credential. Linear in the length of the text,
 * needs no parser, and so reads a template, a fragment and a text that was cut as well as a whole file.
 *
 * `isFile`: the text is what somebody configured. A value then goes on to the end of its line, and `requirepass x` has one; in
 * a line of a log that would take the words of people away. `isProse`: a sentence, in which "auth: error rate above 5 %" is about
 * a service; a name and a colon are given a secret only where the name is no other's and the value looks like one.
 */
export function secretsInText(text: string, kind: TextKind = {}): TextPart[] {
  if (!mayHoldSecret(text)) return [];
  const parts = partsIn(text, kind);
  // A file within a text of JSON: its ends of lines and quotes are escapes there, each as long as what stands for it here.
  return text.includes('\\n') ? [...parts, ...partsIn(text.replaceAll(ESCAPE, unescaped), kind)] : parts;
}

export type TextKind = { isFile?: boolean; isProse?: boolean };

const ESCAPE = /\\([^\n])/g;
const unescaped = (_whole: string, character: string): string =>
  character === 'n' ? ' \n' : ` ${character}`;

function partsIn(text: string, { isFile = false, isProse = false }: TextKind): TextPart[] {
  const parts = secretShapes(text);
  const goesToLineEnd = isFile || text.includes('\n');
  let line = lineAt(text, 0);
  const spent: Spent = { characters: 0 };
  let seenTo = 0;
  for (const { index } of text.matchAll(WORD)) {
    if (index < seenTo) continue;
    const place = nameAround(text, index);
    seenTo = place.to;
    const name = text.slice(place.from, place.to).replace(/^[-.$]+/, '');
    const secrecy = secrecyOf(name);
    if (secrecy === null && !namesSecret(name)) continue;
    if (place.from > line.to) line = lineAt(text, place.from);
    const found: Found = { text, name, place, line, goesToLineEnd, isProse, spent };
    const own = secrecy === null ? [] : (given(found) ?? asArgument(found) ?? asDirective(found, isFile));
    parts.push(...besideName(found), ...own);
    const [only, ...others] = own;
    // What is hidden need not be looked at again.
    if (only && others.length === 0 && only.from - place.to <= LONGEST_NAME)
      seenTo = Math.max(seenTo, only.to);
    if (spent.characters > MOST_EFFORT * text.length + MOST_CHARACTERS)
      return [...parts, { from: seenTo, to: text.length }];
  }
  return parts;
}

/** How often a text is gone over at the most. One that is made to take longer is hidden from there on. */
const MOST_EFFORT = 16;

type Found = {
  text: string;
  name: string;
  place: TextPart;
  line: Line;
  /** Whether an unquoted value is all that follows on its line. */
  goesToLineEnd: boolean;
  isProse: boolean;
  spent: Spent;
};

function nameAround(text: string, place: number): TextPart {
  let [from, to] = [place, place];
  while (place - from < LONGEST_NAME && NAME_CHARACTER.test(text[from - 1] ?? '')) from--;
  while (to - place < LONGEST_NAME && NAME_CHARACTER.test(text[to] ?? '')) to++;
  return { from, to };
}

/** What stands before a name that begins its line: marks of lists and remarks, and words that declare. */
const LINE_START =
  /^[ \t]*(?:(?:-|\?|#+|;+|\/\/+|\*|export|set|env|arg|let|var|const|local|readonly|declare|setenv)[ \t]+)*(?:[#;]{1,3}|-D|\/\/)?\\?["'`]?$/i;
const GIVES = /\\{0,8}["'`]?[\])]{0,3}\\{0,8}["'`]?[ \t]{0,80}(?:=>|:=|\+=|\?=|={1,3}|:)(?!\/\/)[ \t]*/y;
const OPENS_MEMBERS = /[ \t]{0,80}(?:=[ \t]{0,8})?\{[ \t]{0,8}\r?(?=\n)/y;

const matchAt = (pattern: RegExp, text: string, place: number): RegExpExecArray | null => {
  pattern.lastIndex = place;
  return pattern.exec(text);
};

const startsLine = ({ text, place, line }: Found): boolean =>
  place.from - line.from <= 200 && LINE_START.test(text.slice(line.from, place.from));

/** `password: x` and its like; null where the name is given nothing. */
function given(found: Found): TextPart[] | null {
  const { text, name, place, line, spent } = found;
  const isStart = startsLine(found);
  const column = isStart ? columnOf(found) : indentOf(text, line);
  if (isStart && matchAt(OPENS_MEMBERS, text, place.to))
    return hiddenBlock(text, { line, column, mode: 'members', spent });
  const sign = matchAt(GIVES, text, place.to);
  if (sign === null) return null;
  const from = place.to + sign[0].length;
  if (sign[0] === ':' && isImage(text, place.from, from)) return [];
  if (found.isProse && !sign[0].includes('=') && !isSaid(name, text.slice(from, from + MOST_SAID))) return [];
  const rest = text.slice(from, Math.max(from, line.to));
  if (opensBlock(rest)) {
    const mode = OPENS_TEXT.test(rest) ? 'whole' : 'members';
    const remark = rest.indexOf('#');
    const said = remark < 0 ? [] : [{ from: from + remark, to: line.to }];
    return [...said, ...hiddenBlock(text, { line, column, mode, spent })];
  }
  const value = valueAt(found, from, isStart);
  if (value === null) return [];
  if (/^[[{]/.test(rest) && value.to > line.to)
    return hiddenBlock(text, { line, column, mode: 'members', spent, until: value.to });
  const parts = isPlain(name, text.slice(value.from, value.to)) ? [] : [value];
  // A text that goes on, indented, on the next lines.
  const goesOn =
    isStart && parts.length > 0 && found.goesToLineEnd && value.to <= line.to && !/^["'{[]/.test(rest);
  return goesOn ? [...parts, ...hiddenBlock(text, { line, column, mode: 'whole', spent })] : parts;
}

const MOST_SAID = 200;
const SAID = /(?:passw(?:or)?d|passphrase|pwd|secret)s?$/i;
const SAID_OF_LOOKS = /(?:token|api[-_ ]?key|cookie|credential)s?$/i;
const LOOKS_SECRET = /^["'`]?(?=[^\s"'`]*\d)(?=[^\s"'`]*[A-Za-z])[^\s"'`]{12}/;

/** Whether a sentence gives somebody's secret away: `password-reset-api: 12 errors` does not. */
const isSaid = (name: string, value: string): boolean =>
  SAID.test(name) || (SAID_OF_LOOKS.test(name) && LOOKS_SECRET.test(value));

const IMAGE_TAG = /[\w.-]{1,128}(?:@sha256:[0-9a-f]{64})?(?=$|[\s"'`,;)\]}])/y;
const IMAGE_VERSION = /v?\d{1,6}(?:\.\d{1,10}){1,3}(?:[-+.]\w{1,64}){0,8}(?=$|[\s"'`,;)\]}@])/y;

/** `registry.example/auth:latest` and `sessions:1.42.0` name an image of a container, not a secret and its value. */
const isImage = (text: string, nameAt: number, tagAt: number): boolean =>
  (text[nameAt - 1] === '/' && matchAt(IMAGE_TAG, text, tagAt) !== null) ||
  matchAt(IMAGE_VERSION, text, tagAt) !== null;

const indentOf = (text: string, { from, to }: Line): number => {
  const said = text.slice(from, to);
  return said.length - said.trimStart().length;
};

/** A name in quotes begins with them. */
const columnOf = ({ text, place, line }: Found): number =>
  place.from - line.from - (/["'`]/.test(text[place.from - 1] ?? '') ? 1 : 0);

const QUOTED = /(\\{0,8})("""|'''|["'`])/y;
const AFTER_QUOTED = /[^\s,;&})\]]{0,8192}/y;
/** A comma or a bracket is part of a value where it does not end it. */
const UNQUOTED =
  /(?:(?:bearer|basic|digest|negotiate|token|apikey)[ \t]{1,8})?(?:\(hidden\)|[^\s,;&}\])"']|[,}\])"'](?=[^\s,;&}\])"'])(?!["']?[\w.-]{1,60}["']?[:=]))+/iy;
/** Headers of which several words are the secret. */
const WHOLE_HEADER = /[^"'\r\n]*/y;
/** A backslash at the end of a line adds the next one. */
const GOES_ON = /(?:(?<=\\) ?| ?\\ ?)\r?\n/y;
const MOST_CHARACTERS = 65_536;

/** The value that begins here; null where none does. */
function valueAt(found: Found, from: number, isStart: boolean): TextPart | null {
  const { text, name, line, goesToLineEnd, spent } = found;
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

/** To the quote that ends it, and what a shell would add to it; to the end of a text that was cut before. */
function quotedAt(text: string, start: number, quote: RegExpExecArray): TextPart {
  const [opening, escapes = '', mark = ''] = quote;
  let to = start + opening.length;
  const most = Math.min(text.length, start + MOST_CHARACTERS);
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
  const most = Math.min(text.length, from + MOST_CHARACTERS);
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

const OPTION_VALUE =
  /(?:[ \t]{1,8}|\\{0,8}["'],?\s{0,80}(?:-[ \t]{1,8})?|,?[ \t]*\r?\n[ \t]{0,80}-[ \t]{1,8})(\\{0,8}["'])?/y;

/** `--password x`, also as two members of a list; null where the name is no option. */
function asArgument(found: Found): TextPart[] | null {
  const { text, name, place } = found;
  if (text[place.from] !== '-') return null;
  const between = matchAt(OPTION_VALUE, text, place.to);
  if (between === null) return [];
  const from = place.to + between[0].length - (between[1] ?? '').length;
  const value = valueAt({ ...found, goesToLineEnd: false }, from, false);
  return value === null ||
    /^\\*["']?-/.test(text.slice(from, from + 10)) ||
    isPlain(name, text.slice(value.from, value.to))
    ? []
    : [value];
}

const DIRECTIVE_BEFORE =
  /(?:^|[\s{;])(?:\w*header\w*|set|setenv|env|arg|export|define|machine|login|user|account|stats|auth|insecure|with|option)[ \t]+(?:[^\s;]{1,253}[ \t]+){0,4}$/i;

const LOGIN = /(?:^|\s)(?:machine[ \t]+\S{1,253}[ \t]+)?(?:login|user)[ \t]+\S{1,253}[ \t]+/;
/** A word that no sentence has. */
const IS_COMPOUND = /[-_.]|[a-z][A-Z]|[a-z](?:pass|auth)$/;

/**
 * `requirepass x`, `proxy_set_header X-Api-Key x;`, `machine m login l password x`. Where it may be a sentence, as "Token
 * expired" is one, only what nobody would write in it.
 */
function asDirective(found: Found, isFile: boolean): TextPart[] {
  const { text, name, place, line } = found;
  const before = text.slice(Math.max(line.from, place.from - 600), place.from);
  if (!isFile && !(found.goesToLineEnd && IS_COMPOUND.test(name)) && !LOGIN.test(before)) return [];
  if (!LINE_START.test(before) && !DIRECTIVE_BEFORE.test(before)) return [];
  if (!/[ \t]/.test(text[place.to] ?? '')) return [];
  const from = place.to + (/^[ \t]+/.exec(text.slice(place.to, line.to))?.[0].length ?? 0);
  const quote = matchAt(QUOTED, text, from);
  const value = quote !== null ? quotedAt(text, from, quote) : toLineEnd(text, from, line);
  return value === null || isPlain(name, text.slice(value.from, value.to)) ? [] : [value];
}

/** What names its neighbour, as `name: DB_PASSWORD` names the value beside it. */
const NAMING =
  /(?:^|[\s{,<(-])\\{0,8}["']?(?:name|field|path|key)\\{0,8}["']?[ \t]{0,8}[=:][ \t]{0,8}\\{0,8}["']?$/i;
const VALUE =
  /(?:^|[\s{,;-])\\{0,8}["']?(?:value|before|after|default)\\{0,8}["']?[ \t]{0,8}[=:][ \t]{0,8}/gi;
const MOST_LINES = 40;

/** Values beside a telling name, on its line and on those of the same object, before and after it. */
function besideName(found: Found): TextPart[] {
  const { text, place, line } = found;
  const before = text.slice(Math.max(line.from, place.from - 200), place.from);
  const naming = NAMING.exec(before);
  if (naming === null) return [];
  const parts = valuesIn(found, line);
  const column =
    place.from - before.length + naming.index + (/^[\s{,<(-]/.test(naming[0]) ? 1 : 0) - line.from;
  for (const one of linesAround(text, line, column)) {
    found.spent.characters += one.to - one.from + 1;
    parts.push(...valuesIn(found, one, column));
  }
  return parts;
}

function linesAround(text: string, line: Line, column: number): Line[] {
  const lines: Line[] = [];
  const indent = (one: Line) => indentOf(text, one);
  for (let at = nextLine(text, line); at && lines.length < MOST_LINES; at = nextLine(text, at)) {
    if (at.to > at.from && indent(at) < column) break;
    lines.push(at);
  }
  const startsItem = /^\s*-\s/.test(text.slice(line.from, line.to));
  for (let at = line; !startsItem && at.from > 0 && lines.length < 2 * MOST_LINES; ) {
    at = lineAt(text, at.from - 1);
    const isFirst = /^\s*-\s/.test(text.slice(at.from, at.to));
    if (indent(at) < column && !isFirst) break;
    lines.push(at);
    if (isFirst && indent(at) < column) break;
  }
  return lines;
}

/** Values in a line, of those only that begin it where a column is given. */
function valuesIn(found: Found, line: Line, column?: number): TextPart[] {
  const { text } = found;
  const start = column === undefined ? Math.max(line.from, found.place.from - 1_024) : line.from;
  const said = text.slice(start, Math.min(line.to, start + 4_096));
  found.spent.characters += said.length;
  return [...said.matchAll(VALUE)].flatMap(({ 0: sign, index }) => {
    const at = start + index;
    if (column !== undefined && at - line.from > column) return [];
    const from = at + sign.length;
    const rest = text.slice(from, line.to);
    const whole = column ?? indentOf(text, line);
    if (opensBlock(rest))
      return hiddenBlock(text, { line, column: whole, mode: 'whole', spent: found.spent });
    const value = valueAt({ ...found, line }, from, column !== undefined);
    return value === null || isPlain('password', text.slice(value.from, value.to)) ? [] : [value];
  });
}
