import { secretsInText } from '../../../platform/secrets-in-text.ts';
import { BETWEEN } from './joined-texts.ts';
import { type Finder, matches, type Span } from './span.ts';

/**
 * Names under which secrets travel. Narrower than what is hidden where Countersign reads a ConfigMap: a whole log line is
 * no use when every word with "key" in it takes its neighbour away.
 */
const TELLING =
  'passw(?:or)?d|passwd|passphrase|\\bpwd|\\bpass|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|signing[-_]?key|encryption[-_]?key|account[-_]?key|credentials?|\\bdsn|session[-_]?id|x-amz-signature|\\bsig';

const named = new RegExp(
  `(?:${TELLING})[\\w.-]{0,40}\\\\?["']?\\s{0,3}(?:=>|[:=])\\s{0,3}` +
    `(?:\\\\?"([^"\\\\\\n]{1,4096})|'([^'\\n]{1,4096})|([^\\s"'\\\\,;&)}\\]]{1,4096}))`,
  'dgi',
);

/** What stands after a telling name and is no secret. */
const PLAIN =
  /^(?:\d{1,9}(?:\.\d+)?[a-z%]{0,3}|true|false|null|none|undefined|\*+|\(?(?:hidden|redacted)\)?|\$\{?.*)$/i;
/** Of a secret, and not the secret: `secretName: db`, `token_count = 7`. */
const TELLS_OF_ONE =
  /^[\w.-]*?(?:name|names|ref|type|kind|version|path|count|expiry|expires|ttl)\\?["']?\s{0,3}(?:=>|[:=])/i;
const mayBeSecret = (value: string) => value.length >= 4 && !PLAIN.test(value);

const finders: readonly Finder[] = [
  matches(
    /\b(?:proxy-)?authori[sz]ation\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?([^"'\\\r\n]{4,4096})/dgi,
    'SECRET',
  ),
  matches(/\b(?:bearer|basic|negotiate)\s{1,3}([\w.~+/=-]{8,4096})/dgi, 'SECRET'),
  matches(/\b(?:set-)?cookie\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?([^"\\\r\n]{4,8192})/dgi, 'SECRET'),
  matches(named, 'SECRET', (value, whole) => mayBeSecret(value) && !TELLS_OF_ONE.test(whole)),
  // RFC 3986, section 3.2.1: the end of a scheme, and whatever stands before the last @ of the authority.
  matches(/[a-z0-9+.-]:\/\/([^\s/"'<>?#@]{1,512})@/dgi, 'SECRET'),
  // A JSON Web Token (RFC 7519): one start for a run of its characters, or a long run would be read again and again.
  matches(/(?<![\w.-])eyJ[\w-]{8,8192}\.[\w-]{8,8192}(?:\.[\w-]{0,8192})?/g, 'SECRET'),
  // Of two services: the kept rules for them take the square of such a run, so it is not left to them.
  matches(/(?<!\p{L})(?:SG\.|ghs_)[\w.-]{16,}/gu, 'SECRET'),
  privateKeys,
  secretManifests,
  inWholeTexts,
];

/** Secrets by where they stand in a text: after a telling name, in a header, in a URL, in a key file, in a manifest. */
export const structural: Finder = (text) => finders.flatMap((find) => find(text));

/** Whether the value of this field of an object is a secret, whatever it looks like. */
export function isSecretField(name: string, value: string): boolean {
  return FIELD.test(name) && !ABOUT_ONE.test(name) && mayBeSecret(value);
}
const FIELD = new RegExp(`^(?:set-)?cookie$|authori[sz]ation|${TELLING}`, 'i');
/** Names that tell of a secret and do not hold it, such as `secretName`. */
const ABOUT_ONE = /(?:name|names|ref|type|kind|version|path|count|id|expiry|expires|ttl|at)$/;

/** Whether an environment variable or an argument of this name holds a secret. */
export const isSecretVariable = (name: string, value: string): boolean =>
  /pass|pwd|secret|token|key|credential|auth|dsn|private|cookie|session/i.test(name) && mayBeSecret(value);

/** PEM (RFC 7468): from its first line to its last, or to the end where that is missing. */
function privateKeys(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(/-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g)) {
    const last = spans.at(-1);
    if (last && match.index < last.to) continue;
    const end = text.indexOf('-----END', match.index);
    const close = end < 0 ? -1 : text.indexOf('-----', end + 8);
    spans.push({ from: match.index, to: close < 0 ? text.length : close + 5, kind: 'SECRET' });
  }
  return spans;
}

/** No file is one line of so many characters. */
const LONGEST_LINE = 16_384;

/**
 * By the same rules as on entry, in files above all: of each text by itself, since one goes on over its lines. A very long one
 * of a single line is left to the rules above: it would cost as much again as all of them.
 */
function inWholeTexts(text: string): Span[] {
  let at = 0;
  return text.split(BETWEEN).flatMap((one) => {
    const start = at;
    at += one.length + BETWEEN.length;
    const hasLines = /\n|\\n/.test(one);
    if (one.length > LONGEST_LINE && !hasLines) return [];
    return secretsInText(one, { isProse: !hasLines }).map(({ from, to }): Span => {
      const isQuoted = to - from > 2 && /["'`]/.test(one[from] ?? '') && one[from] === one[to - 1];
      const quote = isQuoted ? 1 : 0;
      return { from: start + from + quote, to: start + to - quote, kind: 'SECRET' };
    });
  });
}

/** The data of a Secret that stands in a text as YAML or JSON: every value of the manifest that could be one. */
function secretManifests(text: string): Span[] {
  if (!/\bkind\\?["']?:\s{0,3}\\?["']?Secret\b/.test(text)) return [];
  return matches(
    /(?:^|[\n{,])[ \t]{0,40}\\?["']?[\w.-]{1,253}\\?["']?:[ \t]{0,3}\\?["']?([A-Za-z0-9+/]{8,8192}={0,2})(?=\\?["']?\s{0,3}(?:$|[\n,}]))/dg,
    'SECRET',
  )(text);
}
