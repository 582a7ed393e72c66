import { isIPv6 } from 'node:net';
import { isCard, isCpf, isDni, isEan13, isIban, isLuhn, isNir } from './checksums.ts';
import { type Finder, matches, type Span } from './span.ts';

const bare = (text: string) => text.replaceAll(/[\s.-]/g, '');
/** One start for a run, or a long run of word characters would be read once from each of them. */
const ALONE = '(?<![\\w.-])';

const phones: readonly RegExp[] = [
  // E.164 with whatever people put between the digits.
  /(?<![\w+.])\+[1-9](?:[ ().\-/]{0,2}\d){7,14}(?!\w)/g,
  /(?<![\w.-])(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])/g,
  /(?<![\w.-])0[1-9](?:[ .]\d{2}){4}(?![\w.-])/g,
];

const ids: readonly Finder[] = [
  // United States: no area 000, 666 or 9xx, no group 00, no serial 0000.
  matches(/(?<![\w.-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/g, 'ID'),
  matches(
    /(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)/g,
    'ID',
  ),
  matches(/(?<![\w.-])[XYZ\d]-?\d{7}-?[A-Z](?!\w)/g, 'ID', (text) => isDni(bare(text))),
  matches(/(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)/g, 'ID'),
  matches(/(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)/g, 'ID', (text) => isCpf(bare(text))),
  matches(/(?<![\w.-])[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?!\w)/g, 'ID', (text) =>
    isNir(bare(text)),
  ),
  matches(/(?<![\w.-])756\.\d{4}\.\d{4}\.\d{2}(?!\w)/g, 'ID', (text) => isEan13(bare(text))),
  matches(/(?<![\w.-])\d{6}[-+]\d{4}(?!\w)/g, 'ID', (text) => isLuhn(text.replace(/[-+]/, ''))),
  // Where a number says nothing by itself, its name must: the Dutch, Polish and German ones are digits alone.
  matches(
    /\b(?:ssn|bsn|pesel|nino|cpf|nif|dni|steuer-?id|tax[-_ ]?id|national[-_ ]?id|passport(?:[-_ ]?n(?:o|umber))?)\b\W{1,4}([A-Z0-9][A-Z0-9 .-]{4,18}[A-Z0-9])/dgi,
    'ID',
    (text) => /\d{4}/.test(bare(text)),
  ),
];

const addresses: readonly Finder[] = [
  matches(
    /(?<![\w.-])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w-]|\.\d)/g,
    'IP',
  ),
  // Of a group no more than four digits: most words and numbers are ruled out by the first of them.
  matches(/(?<![\w:.])(?=[0-9a-f]{0,4}:)[0-9a-f:]{2,39}:[0-9a-f:]{1,39}(?![\w:])/gi, 'IP', isIPv6),
  // Names that only a network of one's own answers: RFC 6762 (local), RFC 8375 (home.arpa), ICANN's internal, a cluster's svc, and custom.
  // Read backwards from the end, since every word of a log could begin one.
  matches(
    /\.(?:internal|local|localdomain|lan|corp|intranet|private|home\.arpa|svc)(?![\w-]|\.\w)(?<=(?<![\w.@-])((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,12}[a-z.]{3,11}))/dgi,
    'HOST',
  ),
];

/** Data about persons, by what it looks like and, where it has one, by its check digit; addresses where that is wanted. */
export function personal({ addresses: withAddresses }: { addresses: boolean }): Finder {
  const finders = [
    emails,
    matches(new RegExp(`${ALONE}\\d(?:[ -]?\\d){12,18}(?![\\w-])`, 'g'), 'CARD', (text) =>
      isCard(bare(text)),
    ),
    matches(/(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)/g, 'IBAN', (text) =>
      isIban(bare(text)),
    ),
    ...ids,
    ...phones.map((pattern) => matches(pattern, 'PHONE')),
    ...(withAddresses ? addresses : []),
  ];
  return (text) => finders.flatMap((find) => find(text));
}

const MOST_LOCAL = 64;
const MOST_DOMAIN = 253;
const LOCAL = /[\p{L}\p{N}._%+'-]+$/u;
const DOMAIN =
  /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}[\p{L}\p{N}-]{0,61}[\p{L}\p{N}]/u;

/** RFC 5321, read outwards from each @ (also one encoded for a URL), so that a long line without one costs nothing. */
function emails(text: string): Span[] {
  const spans: Span[] = [];
  for (const sign of ['@', '%40']) {
    for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + sign.length)) {
      const after = at + sign.length;
      const domain = DOMAIN.exec(text.slice(after, after + MOST_DOMAIN))?.[0];
      if (domain === undefined) continue;
      const local = LOCAL.exec(text.slice(Math.max(0, at - MOST_LOCAL), at))?.[0];
      if (local !== undefined)
        spans.push({ from: at - local.length, to: after + domain.length, kind: 'EMAIL' });
    }
  }
  return spans;
}
