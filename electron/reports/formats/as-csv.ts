import { csvLines } from '../../../shared/formats/csv.ts';
import type { ReportLine } from '../../../shared/vocabulary/report.ts';

/** The whole timeline as a table for a spreadsheet: every fact, in strict order of time, in UTC. */
export const asCsv = (lines: readonly ReportLine[]): string =>
  csvLines([
    ['at_utc', 'kind', 'service', 'what', 'by', 'ledger_entry', 'key'],
    ...lines.map(({ atMs, kind, service, title, by, entry, key }) => [
      new Date(atMs).toISOString(),
      kind,
      service ?? '',
      title,
      by,
      entry === null ? '' : String(entry),
      key,
    ]),
  ]);
