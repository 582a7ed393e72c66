/** Entries for a spreadsheet. */
import canonicalize from 'canonicalize';
import type { LedgerEntry } from '../entry.ts';

const COLUMNS = ['seq', 'at', 'realm', 'incident', 'kind', 'actor_kind', 'actor', 'causes', 'body'] as const;

/**
 * RFC 4180: a header, CRLF after every line, fields quoted where needed. A cell that a spreadsheet would run as a formula
 * begins with an apostrophe instead. The body is one cell of JSON.
 */
export const entriesCsv = (entries: Iterable<LedgerEntry>): string =>
  [COLUMNS, ...Array.from(entries, cells)].map((line) => `${line.map(field).join(',')}\r\n`).join('');

const cells = ({ seq, at, realm, incident, kind, actor, causes, body }: LedgerEntry): string[] => [
  String(seq),
  at,
  realm,
  incident ?? '',
  kind,
  actor.kind,
  actor.name,
  (causes ?? []).join(' '),
  canonicalize(body) ?? '',
];

function field(cell: string): string {
  const guarded = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
