import { isImage, isSaid } from './name-and-colon.ts';
import { hiddenBlock, indentOf, lineAt, OPENS_TEXT, opensBlock, type Spent } from './secret-blocks.ts';
import { isPlain, namesSecret, secrecyOf } from './secret-names.ts';
import { besideName } from './secret-neighbours.ts';
import { secretShapes } from './secret-shapes.ts';
import { givenAt, LONGEST_VALUE, type Named, valueAt } from './secret-values.ts';
import { matchAt, type TextPart } from './text-part.ts';

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
    if (spent.characters > MOST_EFFORT * text.length + LONGEST_VALUE)
      return [...parts, { from: seenTo, to: text.length }];
  }
  return parts;
}

/** How often a text is gone over at the most. One that is made to take longer is hidden from there on. */
const MOST_EFFORT = 16;

type Found = Named & { isProse: boolean };

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
  if (found.isProse && !sign[0].includes('=') && !isSaid(name, text, from)) return [];
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

/** A name in quotes begins with them. */
const columnOf = ({ text, place, line }: Found): number =>
  place.from - line.from - (/["'`]/.test(text[place.from - 1] ?? '') ? 1 : 0);

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
  const value = givenAt(text, from, line);
  return value === null || isPlain(name, text.slice(value.from, value.to)) ? [] : [value];
}
