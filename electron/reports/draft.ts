import { markdownText as text } from '../../shared/formats/markdown-text.ts';
import type { Event } from '../../shared/vocabulary/event.ts';
import type { Report, ReportLine, SectionName } from '../../shared/vocabulary/report.ts';
import { entryOf } from './entry-of.ts';
import type { ReportFacts } from './report-facts.ts';
import { actionsTaken } from './sections/actions-taken.ts';
import { contributingFactors } from './sections/contributing-factors.ts';
import { impact } from './sections/impact.ts';
import { provenance } from './sections/provenance.ts';
import { summary } from './sections/summary.ts';
import { utc } from './words.ts';

type Section = { name: SectionName; title: string; hint: string; generated(facts: ReportFacts): string };

const byHand = () => '';

const SECTIONS: readonly Section[] = [
  {
    name: 'summary',
    title: 'Summary',
    hint: 'What happened, in three sentences that somebody who was not there understands.',
    generated: summary,
  },
  {
    name: 'impact',
    title: 'Impact',
    hint: 'Who felt it and how: customers, orders, money, promises.',
    generated: impact,
  },
  {
    name: 'timeline',
    title: 'Timeline (UTC)',
    hint: 'What the record does not know: calls made, people asked, what was tried by hand.',
    generated: (facts) => timelineMarkdown(linesOf(facts), leftOutOf(facts)),
  },
  {
    name: 'contributing-factors',
    title: 'Contributing factors',
    hint: 'What made it possible, and what made it last. Several, and none of them a person.',
    generated: contributingFactors,
  },
  { name: 'actions-taken', title: 'Actions', hint: 'What was done beside this.', generated: actionsTaken },
  { name: 'went-well', title: 'What went well', hint: 'What to keep.', generated: byHand },
  {
    name: 'went-badly',
    title: 'What went badly',
    hint: 'What cost time, or made it worse.',
    generated: byHand,
  },
  {
    name: 'got-lucky',
    title: 'Where we got lucky',
    hint: 'What will not be there next time.',
    generated: byHand,
  },
  {
    name: 'follow-ups',
    title: 'Follow-ups',
    hint: 'One line each, with an owner and a day: “- [ ] Limit the pool (Mina, 12 March)”.',
    generated: byHand,
  },
  { name: 'provenance', title: 'Provenance', hint: 'How this can be checked.', generated: provenance },
];

/** The post-incident draft of these facts; the same facts give the same draft. */
export const draftOf = (facts: ReportFacts): Report => ({
  incident: facts.incident.id,
  title: facts.incident.title,
  sections: SECTIONS.map(({ name, title, hint, generated }) => ({
    name,
    title,
    hint,
    generated: generated(facts),
    written: facts.written[name] ?? null,
  })),
  lines: linesOf(facts),
  leftOut: leftOutOf(facts),
});

/** Every fact as a line, in strict order of time, also the changes that the draft leaves out. */
export function everyLine({ events, entries }: ReportFacts): ReportLine[] {
  const entry = entryOf(entries);
  return events
    .toSorted((a, b) => a.atMs - b.atMs || (a.key < b.key ? -1 : 1))
    .map((event) => ({
      atMs: event.atMs,
      key: event.key,
      kind: event.kind,
      service: event.service,
      title: event.title,
      by: byOf(event),
      entry: entry(event),
    }));
}

const byOf = (event: Event): string =>
  event.kind === 'change' && event.actor ? `${event.actor}, ${event.source}` : event.source;

/** Changes that were not among those worth reading would bury the story. */
function linesOf(facts: ReportFacts): ReportLine[] {
  const { candidates } = facts;
  const read = new Set(candidates?.changes.slice(0, candidates.worthReading).map(({ id }) => id));
  return everyLine(facts).filter(({ kind, key }) => kind !== 'change' || read.has(key));
}

const leftOutOf = (facts: ReportFacts): number => facts.events.length - linesOf(facts).length;

const timelineMarkdown = (lines: readonly ReportLine[], leftOut: number): string =>
  [
    lines
      .map(
        ({ atMs, kind, service, title, by, entry }) =>
          `- ${utc(atMs)} **${kind}** ${service ? `${text(service)}: ` : ''}${text(title)} _(${text(by)})_${entry === null ? '' : ` [${entry}]`}`,
      )
      .join('\n'),
    leftOut > 0 ? `${leftOut} further changes in the window were ranked as not worth reading.` : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
