import { ownMember } from '../../../platform/own-member.ts';

/** The text of a quoted string as in Go (the PromQL documentation, "String literals"). */
export function unquoted(source: string, complain: (what: string) => never): string {
  const quote = source.charAt(0);
  if (source.length < 2 || !source.endsWith(quote)) return complain('unterminated quoted string');
  const inner = source.slice(1, -1);
  if (quote === '`') return inner;
  return inner.replaceAll(/\\(x[0-9a-f]{2}|u[0-9a-f]{4}|.)/gis, (_whole, sequence: string) => {
    if (/^[xu]./i.test(sequence)) return String.fromCharCode(Number.parseInt(sequence.slice(1), 16));
    const known = ownMember(escapes, sequence);
    if (known !== undefined && !(sequence !== quote && /["']/.test(sequence))) return known;
    const point = (sequence.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return complain(`unknown escape sequence U+${point} '${sequence}'`);
  });
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};
