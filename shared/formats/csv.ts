import { inertText } from './inert-text.ts';

/** RFC 4180: CRLF after every line, fields quoted where needed, and every cell safe to open in a spreadsheet. */
export const csvLines = (lines: Iterable<readonly string[]>): string =>
  Array.from(lines, (line) => `${line.map(csvCell).join(',')}\r\n`).join('');

/**
 * A cell that a spreadsheet would run as a formula begins with an apostrophe instead, also where blanks, characters that
 * are not seen or the wide forms of East Asian writing stand before it or for it. What steers a reader's screen is written
 * out.
 */
export function csvCell(text: string): string {
  const inert = text.split('\r').map(inertText).join('\r');
  const guarded = RUNS.test(text.normalize('NFKC')) ? `'${inert}` : inert;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

const RUNS = /^[\s\p{Cc}\p{Cf}"']*[=+\-@]|^[\t\r]/u;
