import { markdownText as text } from '../../../shared/formats/markdown-text.ts';
import type { Report, ReportSection } from '../../../shared/vocabulary/report.ts';
import { utc } from '../words.ts';

/** The report as one Markdown text. What a person wrote comes first in its section and says whose it is. */
export const asMarkdown = ({ title, sections }: Report): string =>
  [`# ${text(title)}`, ...sections.flatMap(section)]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');

function section({ title, generated, written, hint }: ReportSection): string[] {
  const isEmpty = generated === '' && written === null;
  return [
    `## ${title}`,
    ...(written ? [written.text, `_Written by ${text(written.by)} at ${utc(written.atMs)} UTC._`] : []),
    ...(generated === '' ? [] : [...(written ? ['_From the record:_'] : []), generated]),
    isEmpty ? `_Nobody has written this yet. ${text(hint)}_` : '',
  ];
}
