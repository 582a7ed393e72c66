import { z } from 'zod';
import { EpochMs, IncidentId } from './ids.ts';

/** The parts of a good post-incident review, in their order. */
export const SectionName = z.enum([
  'summary',
  'impact',
  'timeline',
  'contributing-factors',
  'actions-taken',
  'went-well',
  'went-badly',
  'got-lucky',
  'follow-ups',
  'provenance',
]);
export type SectionName = z.infer<typeof SectionName>;

/** What a person wrote into a section, Markdown. */
export const Written = z.strictObject({ text: z.string(), by: z.string(), atMs: EpochMs });
export type Written = z.infer<typeof Written>;

/** `generated` is drawn from the record and never edited; what a person writes stands beside it. */
export const ReportSection = z.strictObject({
  name: SectionName,
  title: z.string(),
  /** What belongs here, for whoever writes it. */
  hint: z.string(),
  generated: z.string(),
  written: Written.nullable(),
});
export type ReportSection = z.infer<typeof ReportSection>;

/** One dated fact, with the place in the ledger that backs it; null where only its source does. */
export const ReportLine = z.strictObject({
  atMs: EpochMs,
  key: z.string(),
  kind: z.enum(['signal', 'change', 'note', 'record']),
  service: z.string().nullable(),
  title: z.string(),
  by: z.string(),
  entry: z.number().int().nonnegative().nullable(),
});
export type ReportLine = z.infer<typeof ReportLine>;

/** The post-incident draft. Lines are in strict order of time. */
export const Report = z.strictObject({
  incident: IncidentId,
  title: z.string(),
  sections: z.array(ReportSection),
  lines: z.array(ReportLine),
  /** Changes in the window that nobody found worth reading; the JSON and CSV exports hold them. */
  leftOut: z.number().int().nonnegative(),
});
export type Report = z.infer<typeof Report>;

export const ReportFormat = z.enum(['md', 'html', 'pdf', 'json', 'csv']);
export type ReportFormat = z.infer<typeof ReportFormat>;
