/** The name of a container says nothing of its fields: `containers.sessions.image`, as a diff of a pod template has it. */
const IN_CONTAINER = /^(?:initContainers|containers)\.[a-z0-9-]{1,63}\./;
const ownName = (name: string): string => name.replace(IN_CONTAINER, '');

/** Whether what bears this name is likely a secret: its value must not travel to the timeline, the model or the ledger. */
export const namesSecret = (name: string): boolean =>
  /pass|secret|token|key|credential|auth|dsn|private/i.test(ownName(name));

/** Whether what stands here gives its neighbour a secret: `--password`, `hunter2` as two arguments. */
export const givesSecret = (argument: string | undefined): boolean =>
  argument !== undefined && /^--?[\w.-]+$/.test(argument) && namesSecret(argument);

/** Whether a value is likely a secret by its name, or because it is an address with credentials in it. */
export const isSecret = (name: string, value: string | null): boolean =>
  namesSecret(name) || /:\/\/[^/\s]*@/.test(value ?? '');

/** What is shown in the place of a value that is not. */
export const HIDDEN = '(hidden)';

/** Names under which nothing but a secret stands: there a number is one, too. */
const CERTAIN =
  /passw|passphrase|secret|mnemonic|(^|[-_.])(pwd|pw|pass)s?$|(require|user|store|key|auth_)pass$|masterauth/i;
const LIKELY =
  /token|credential|session|authori[sz]ation|^(set-)?cookie$|(^|[-_.])(dsn|auth|bearer|salt|pepper|otp|sig|signature)s?$|[-_.]keys?$|key[-_.]?data$/i;
/** `groupKey` and `sortKey` are none, so of names in one word those are told that are. */
const KEY =
  /(api|access|private|sign|signing|(en|de)?crypt(ion)?|cipher|account|master|licen[cs]e|shared|auth|storage|hmac|aes|rsa|ssh|ssl|tls|deploy|service|webhook|jwt|app|client|server|write|admin|root|security|subscription)[-_.]?keys?$/i;
const IN_ONE_WORD = /[a-z0-9](Pass|Pwd|Pw|Auth|Dsn|DSN|Salt|Otp|Signature)s?$/;

/** What tells of a secret and does not hold it: `secretName`, `token_ttl`, `PASSWORD_FILE`. */
const ABOUT =
  'names?|ref|type|kind|version|paths?|count|expiry|expires|expiration|ttl|timeout|file|dir|directory|ur[li]|enabled|disabled|required|policy|class|mode|limit|length|size|algorithm|alg|lifetime|interval|duration|header|issuer|endpoint|host|port|format|prefix|provider|scopes?|audience|region';
const ABOUT_ONE = new RegExp(`[-_.](?:${ABOUT})$`, 'i');
const ABOUT_ONE_IN_ONE_WORD = new RegExp(
  `[a-z0-9](?:${ABOUT.replaceAll(/(^|\|)([a-z])/g, (_, bar: string, first: string) => bar + first.toUpperCase())})$`,
);

const isAboutOne = (name: string): boolean => ABOUT_ONE.test(name) || ABOUT_ONE_IN_ONE_WORD.test(name);

/**
 * How sure it is that what bears this name within a text is a secret; narrower than `namesSecret`, since a whole file would say
 * nothing any more if every word with "key" in it took its neighbour away.
 */
export function secrecyOf(named: string): 'certain' | 'likely' | null {
  const name = ownName(named);
  if (isAboutOne(name)) return null;
  if (CERTAIN.test(name)) return 'certain';
  return LIKELY.test(name) || KEY.test(name) || IN_ONE_WORD.test(name) ? 'likely' : null;
}

/** What stands in the place of a secret and is none: nothing, a word, what refers to one, what was hidden before. */
const PLAIN =
  /^(?:true|false|null|nil|none|undefined|yes|no|on|off|~|\*+|\$\{\w+\}|\$\(\w+\)|\{\{[^"'`{}]*\}\}|%\(\w+\)s|[[{(]?[\]})]?)$/i;
/** A count, a size or a time. */
const NUMBER = /^(?:-?\d{1,5}(?:\.\d{1,6})?[a-z%]{0,3}|-?\d{1,9}[a-z%]{1,3})$/i;

/** Whether a value under such a name hides nothing. Of several, as `secrets` and `tokens`, a number is how many there are. */
export function isPlain(name: string, value: string): boolean {
  const bare = value.replaceAll(HIDDEN, '').replace(/^[\s"'\\,;]+|[\s"'\\,;]+$/g, '');
  if (PLAIN.test(bare)) return true;
  if (/s$/i.test(name) && !/pass$/i.test(name) && /^\d+$/.test(bare)) return true;
  return secrecyOf(name) !== 'certain' && NUMBER.test(bare);
}
