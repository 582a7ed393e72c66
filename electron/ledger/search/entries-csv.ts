/** Entries for a spreadsheet. */
import canonicalize from 'canonicalize';
import { csvLines } from '../../../shared/formats/csv.ts';
import type { LedgerEntry } from '../entry.ts';

const COLUMNS = ['seq', 'at', 'realm', 'incident', 'kind', 'actor_kind', 'actor', 'causes', 'body'] as const;

/** A header and an entry a line; the body is one cell of JSON. */
export const entriesCsv = (entries: Iterable<LedgerEntry>): string =>
  csvLines([COLUMNS, ...Array.from(entries, cells)]);

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
