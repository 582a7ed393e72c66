import { HIDDEN } from './secret-names.ts';

/**
 * Keeps secrets out of log lines. Three nets, since each misses what another catches: values under telling names at any
 * depth, secrets that were registered wherever they stand, and texts with the shape of a credential.
 */
export type Redactor = {
  /** From now on this text is replaced wherever it stands, also as it looks inside JSON, a URL or base64. */
  register(secret: string): void;
  /** A copy fit for a log: errors unfolded, values under telling names replaced, depth and size bounded. */
  fields(value: object): Record<string, unknown>;
  /** A finished line, without registered secrets and credential-shaped texts. */
  line(text: string): string;
};

export function redactor(): Redactor {
  const forms = new Set<string>();
  let longestFirst: string[] = [];
  return {
    register(secret) {
      // A secret of three letters would be found in every other word, and replacing it would point at it.
      if (secret.length <= 3) return;
      for (const form of formsOf(secret)) forms.add(form);
      longestFirst = [...forms].sort((a, b) => b.length - a.length);
    },
    fields: (value) => plain(value, MOST_LEVELS, new Set()) as Record<string, unknown>,
    line: (text) =>
      withoutCredentials(longestFirst.reduce((told, form) => told.replaceAll(form, HIDDEN), text)),
  };
}

const MOST_LEVELS = 8;
const MOST_ITEMS = 200;

const tellingName =
  /^(set-?)?cookie$|authori[sz]ation|passw|passphrase|^pass$|secret|token|credential|api[-_]?key|private[-_]?key|session/i;

const credentialShapes: [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${HIDDEN}`],
  [/(\w:\/\/)[^\s/@"]+@/g, `$1${HIDDEN}@`],
  [/\b((?:access_|id_)?token|password|api_?key)=[^\s&"]+/gi, `$1=${HIDDEN}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)/gs, HIDDEN],
];

/** The text without what has the shape of a credential. */
const withoutCredentials = (text: string): string =>
  credentialShapes.reduce((told, [shape, instead]) => told.replace(shape, instead), text);

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  return [
    secret,
    escaped(secret),
    escaped(escaped(secret)),
    encodeURIComponent(secret),
    base64,
    base64.replaceAll('=', ''),
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret).toString('hex'),
  ];
}

/** As it stands in a JSON string; twice so in a JSON text that is itself a field of the line. */
const escaped = (text: string) => JSON.stringify(text).slice(1, -1);

function plain(value: unknown, levels: number, above: Set<object>): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `(${value.byteLength} bytes)`;
  if (levels === 0) return '(deeper)';
  if (above.has(value)) return '(circular)';
  const path = new Set(above).add(value);
  const copy = (inner: unknown) => plain(inner, levels - 1, path);
  if (value instanceof Map || value instanceof URLSearchParams) {
    return named(
      [...value.entries()].map(([key, inner]) => [String(key), inner]),
      copy,
    );
  }
  if (Array.isArray(value) || value instanceof Set) return [...value].slice(0, MOST_ITEMS).map(copy);
  if (value instanceof URL) return value.href;
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    return named([...Object.entries({ name, message, stack, cause }), ...Object.entries(value)], copy);
  }
  return named(Object.entries(value), copy);
}

function named(entries: [string, unknown][], copy: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    entries
      .slice(0, MOST_ITEMS)
      .map(([key, value]) => [key, tellingName.test(key) && mayHoldSecret(value) ? HIDDEN : copy(value)]),
  );
}

/** A count of tokens is no token. */
const mayHoldSecret = (value: unknown) =>
  typeof value === 'string' || (typeof value === 'object' && value !== null);
