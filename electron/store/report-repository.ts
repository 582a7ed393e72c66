import type { Database } from 'better-sqlite3';
import { SectionName, Written } from '../../shared/vocabulary/report.ts';

/** What people wrote into the sections of a report, apart from what the record gives. */
export function reportRepository(db: Database) {
  const all = db.prepare<[string], { section: string; body: string }>(
    'SELECT section, body FROM report_section WHERE incident = ?',
  );
  const upsert = db.prepare(
    `INSERT INTO report_section (incident, section, body) VALUES (@incident, @section, @body)
     ON CONFLICT (incident, section) DO UPDATE SET body = @body`,
  );
  const remove = db.prepare('DELETE FROM report_section WHERE incident = ? AND section = ?');
  return {
    written: (incident: string): Partial<Record<SectionName, Written>> =>
      Object.fromEntries(
        all
          .all(incident)
          .map(({ section, body }) => [SectionName.parse(section), Written.parse(JSON.parse(body))]),
      ),
    write: (incident: string, section: SectionName, written: Written): void =>
      void upsert.run({ incident, section, body: JSON.stringify(written) }),
    clear: (incident: string, section: SectionName): void => void remove.run(incident, section),
  };
}
export type ReportRepository = ReturnType<typeof reportRepository>;
