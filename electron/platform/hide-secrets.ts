import { ownMember } from './own-member.ts';
import { HIDDEN, isPlain, namesSecret, secrecyOf } from './secret-names.ts';
import { mayHoldSecret, secretsInText, type TextKind } from './secrets-in-text.ts';
import { withHidden } from './text-part.ts';

/** How deep a value is looked through; what lies deeper is hidden as a whole. */
const MOST_LEVELS = 64;
/** Members that name what their neighbours hold, as `{ "name": "DB_PASSWORD", "value": … }` does. */
const NAMING = ['name', 'field', 'path', 'key'] as const;
const NAMED = new Set(['value', 'before', 'after']);
const FIELD_NAME = /^[A-Za-z][A-Za-z_.-]{0,40}\d{0,2}$/;

/**
 * A text from another system, fit to be kept: of JSON, values under telling names are hidden, and in any text what is given such
 * a name and what has the shape of a credential. One in which nothing is hidden stays as it was, byte for byte.
 *
 * INVARIANT: everything that another system wrote passes this before it is cut, stored, shown or sent, and nothing else decides
 * what is a secret within a text.
 */
export const withoutSecrets = (text: string, kind: TextKind = {}): string => told(text, kind, MOST_LEVELS);

/** What may be shown of a value that somebody configured under this name; it may be a whole file. */
export const shownUnder = (name: string, value: string): string =>
  namesSecret(name) ? HIDDEN : withoutSecrets(value, { isFile: true });

/** Whether something would be hidden in a text. */
export const holdsSecret = (text: string, kind: TextKind = {}): boolean =>
  withoutSecrets(text, kind) !== text;

function told(text: string, kind: TextKind, levels: number): string {
  // In JSON a word may be written in escapes.
  if (!mayHoldSecret(text) && !text.includes('\\')) return text;
  const parsed = parsedJson(text);
  if (parsed === undefined) return withHidden(text, secretsInText(text, kind));
  const looking: Looking = { kind, hidden: 0 };
  const looked = look(parsed.value, looking, levels);
  return looking.hidden === 0 ? text : JSON.stringify(looked, null, indentOf(text));
}

type Looking = { kind: TextKind; hidden: number };

/** What a JSON text holds, where names and texts may be escaped and so are looked at as they are meant. */
function parsedJson(text: string): { value: object } | undefined {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { value } : undefined;
  } catch {
    return undefined;
  }
}

/** As it was indented, so that lines keep their numbers. */
const indentOf = (text: string): string | undefined => /^\s*[[{]\r?\n([ \t]{1,8})/.exec(text)?.[1];

function look(value: unknown, looking: Looking, levels: number): unknown {
  const hide = () => {
    looking.hidden += 1;
    return HIDDEN;
  };
  if (typeof value === 'string') {
    if (levels === 0) return hide();
    const text = told(value, looking.kind, levels - 1);
    if (text !== value) looking.hidden += 1;
    return text;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return hide();
  if (Array.isArray(value))
    return value.map((one, at) => (isGivenTo(value[at - 1], one) ? hide() : look(one, looking, levels - 1)));
  const members = value as Record<string, unknown>;
  const isNamed = NAMING.some((naming) => {
    const said = ownMember(members, naming);
    return typeof said === 'string' && namesSecret(said);
  });
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => {
      if (isNamed && NAMED.has(name)) return [name, hideIn(member, 'password', hide, levels - 1)];
      if (secrecyOf(name) !== null) return [name, hideIn(member, name, hide, levels - 1)];
      return [name, look(member, looking, levels - 1)];
    }),
  );
}

/** `--password`, `x` as two arguments. */
const isGivenTo = (before: unknown, one: unknown): boolean =>
  typeof before === 'string' &&
  typeof one === 'string' &&
  /^--?[\w.-]{1,100}$/.test(before) &&
  secrecyOf(before.replace(/^-+/, '')) !== null &&
  !one.startsWith('-') &&
  !isPlain(before, one);

/** What stands under a telling name: words and small numbers stay, and so do the names of what is plainly a field. */
function hideIn(value: unknown, name: string, hide: () => string, levels: number): unknown {
  if (typeof value === 'string' || typeof value === 'number')
    return isPlain(name, String(value)) ? value : hide();
  if (typeof value !== 'object' || value === null) return value;
  if (levels <= 0) return hide();
  if (Array.isArray(value)) return value.map((one) => hideIn(one, 'token', hide, levels - 1));
  const members = Object.entries(value);
  if (!members.every(([field]) => FIELD_NAME.test(field))) return hide();
  return Object.fromEntries(
    members.map(([field, member]) => [field, hideIn(member, 'token', hide, levels - 1)]),
  );
}
