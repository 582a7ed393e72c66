import { HIDDEN, isTellingName, withoutCredentials } from './redactor.ts';
import { namesSecret } from './secret-names.ts';

/**
 * Nothing is hidden in a text without any of these: the words of every rule here, and escapes in which such a word could be
 * written. Most texts have none, and a thousand come in a second.
 */
const MAY_HIDE = /pass|secret|token|key|credential|auth|dsn|private|session|cookie|bearer|basic|:\/\/|\\/i;

/** How deep a value is looked through; what lies deeper is hidden as a whole. */
const MOST_LEVELS = 64;
/** Members that name what their neighbours hold, as `{ "name": "DB_PASSWORD", "value": … }` does. */
const NAMING = ['name', 'field', 'path', 'key'] as const;
const NAMED = new Set(['value', 'before', 'after']);

/**
 * A text from another system, fit to be kept: of JSON, values under telling names are hidden, and in any text what has the
 * shape of a credential. One in which nothing is hidden stays as it was, byte for byte.
 */
export function withoutSecrets(text: string): string {
  if (!MAY_HIDE.test(text)) return text;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return withoutNamedValues(text);
  }
  let hidden = 0;
  const look = (value: unknown, levels: number): unknown => {
    if (typeof value === 'string') {
      const told = withoutNamedValues(value);
      if (told !== value) hidden += 1;
      return told;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (levels === 0) {
      hidden += 1;
      return HIDDEN;
    }
    if (Array.isArray(value)) return value.map((one) => look(one, levels - 1));
    const members = value as Record<string, unknown>;
    const isNamed = NAMING.some((naming) => {
      const said = Object.hasOwn(members, naming) ? members[naming] : undefined;
      return typeof said === 'string' && namesSecret(said);
    });
    return Object.fromEntries(
      Object.entries(members).map(([name, member]) => {
        const isSecret = isTelling(name) || (isNamed && NAMED.has(name));
        if (!isSecret || !holdsSomething(member)) return [name, look(member, levels - 1)];
        hidden += 1;
        return [name, HIDDEN];
      }),
    );
  };
  const told = look(parsed, MOST_LEVELS);
  return hidden === 0 ? text : JSON.stringify(told);
}

/** What is given a name in a text: `DB_PASSWORD='a b'`, `token: x`, `"client_secret": "y"`. */
const NAMED_IN_TEXT =
  /\b([\w.-]{1,80})(["']?\s{0,3}[=:]\s{0,3})((?:(?:bearer|basic)\s+)?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s,;&}\]"'])+)/gis;

/** A text without the values in it that bear a telling name, whole where they are quoted, and without credentials. */
const withoutNamedValues = (text: string): string =>
  withoutCredentials(
    text.replace(NAMED_IN_TEXT, (whole, name: string, between: string, value: string) =>
      isTelling(name) && !isCount(name, value) ? `${name}${between}${HIDDEN}` : whole,
    ),
  );

const isCount = (name: string, value: string): boolean => /s$/i.test(name) && /^\d+$/.test(value);

/** `author` and `groupKey` are no secrets; `DATABASE_DSN` and `SIGNING_KEY` are. */
const isTelling = (name: string): boolean =>
  isTellingName(name) || /(^|[-_.])(dsn|auth)$|[-_]key$/i.test(name);

/** A count of tokens is no token, and what is empty hides nothing. */
const holdsSomething = (member: unknown): boolean =>
  typeof member === 'string' ? member !== '' : typeof member === 'object' && member !== null;
