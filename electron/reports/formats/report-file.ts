import type { ReportFormat } from '../../../shared/vocabulary/report.ts';
import { draftOf, everyLine } from '../draft.ts';
import type { ReportFacts } from '../report-facts.ts';
import { asCsv } from './as-csv.ts';
import { asMarkdown } from './as-markdown.ts';

/** A report as a file to keep. */
export type ReportFile = { fileName: string; mediaType: string; content: string | Buffer };

/** What lays out pages is loaded with the first page that is asked for: a start must not wait for it. */
export async function reportFile(facts: ReportFacts, format: ReportFormat): Promise<ReportFile> {
  const report = draftOf(facts);
  const file = (mediaType: string, content: string | Buffer): ReportFile => ({
    fileName: `${facts.incident.id}.${format}`,
    mediaType,
    content,
  });
  switch (format) {
    case 'md':
      return file('text/markdown', asMarkdown(report));
    case 'html': {
      const { asHtml } = await import('./as-html.ts');
      return file('text/html', asHtml(report.title, asMarkdown(report)));
    }
    case 'pdf': {
      const { asPdf } = await import('./as-pdf.ts');
      return file('application/pdf', await asPdf(report.title, asMarkdown(report)));
    }
    case 'csv':
      return file('text/csv', asCsv(everyLine(facts)));
    case 'json': {
      const { entries: _entries, written: _written, ...rest } = facts;
      return file('application/json', `${JSON.stringify({ ...rest, report }, null, 2)}\n`);
    }
    default:
      return format satisfies never;
  }
}
