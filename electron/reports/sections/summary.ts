import { markdownText as text } from '../../../shared/formats/markdown-text.ts';
import { type Milestones, milestonesOf } from '../milestones.ts';
import type { ReportFacts } from '../report-facts.ts';
import { blocks, lasted, utc, utcTime } from '../words.ts';

/** What happened in a few sentences, and the figures a reader looks for first. */
export function summary(facts: ReportFacts): string {
  const { incident, candidates } = facts;
  const at = milestonesOf(facts);
  const rows = [
    ['Severity', incident.severity.toUpperCase()],
    ['Status', incident.status],
    ['Commander', incident.commander],
    ['Onset (estimated)', at.onsetMs === null ? 'not found' : utc(at.onsetMs)],
    ['Opened', utc(at.openedMs)],
    ['Closed', at.closedMs === null ? 'still open' : utc(at.closedMs)],
    ['Services', incident.services.join(', ') || 'none named'],
    [
      'Candidates',
      `${candidates?.changes.length ?? 0} changes, ${candidates?.worthReading ?? 0} worth reading`,
    ],
    ...spans(at),
  ];
  const table = rows.map(([name, value]) => `| ${name} | ${text(value ?? '')} |`);
  return blocks(
    incident.drill
      ? `> **Drill** ${text(incident.drill.scenario)}, seed ${incident.drill.seed}. Nothing here was real.`
      : '',
    narrative(facts, at),
    ['| | |', '| --- | --- |', ...table].join('\n'),
  );
}

function narrative({ incident, hypotheses, proposals }: ReportFacts, at: Milestones): string {
  const first = hypotheses.find(({ rank }) => rank === 1);
  const acted = proposals.filter(({ progress }) => progress.state === 'done');
  return [
    at.onsetMs === null ? '' : `The trouble is estimated to have begun at ${utcTime(at.onsetMs)}.`,
    at.alertMs === null ? '' : `The first alert on record holds since ${utcTime(at.alertMs)}.`,
    `The incident was opened at ${utcTime(at.openedMs)}.`,
    first
      ? `The first hypothesis, held ${Math.round(first.confidence * 100)} % likely, is: ${text(first.claim)}.`
      : 'No hypothesis was stated.',
    ...acted.map(({ title, progress }) =>
      progress.state === 'done' ? `${text(title)}: ${text(progress.sentence)}.` : '',
    ),
    acted.length === 0 ? 'No action was concluded.' : '',
    incident.closedMs === null
      ? 'The incident is still open.'
      : `It was closed at ${utcTime(incident.closedMs)}.`,
  ]
    .filter((sentence) => sentence !== '')
    .map((sentence) => sentence.replace(/\.\.$/, '.'))
    .join(' ');
}

/** Times between what is known; the usual measures of an incident. */
function spans({ onsetMs, openedMs, hypothesisMs, approvedMs, improvedMs }: Milestones): string[][] {
  const from = (name: string, startMs: number | null, endMs: number | null): string[][] =>
    startMs === null || endMs === null || endMs < startMs ? [] : [[name, lasted(endMs - startMs)]];
  return [
    ...from('Onset to incident', onsetMs, openedMs),
    ...from('Incident to first hypothesis', openedMs, hypothesisMs),
    ...from('Incident to first approval', openedMs, approvedMs),
    ...from('Onset to improvement', onsetMs, improvedMs),
  ];
}
