import { markdownText as text } from '../../shared/formats/markdown-text.ts';
import type { Candidates } from '../../shared/vocabulary/candidate.ts';
import type { Event } from '../../shared/vocabulary/event.ts';
import type { Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';

/** Everything the draft is made of. */
export type ReportFacts = {
  incident: Incident;
  events: readonly Event[];
  candidates: Candidates | null;
  hypotheses: readonly Hypothesis[];
  proposals: readonly Proposal[];
  ledger: { origin: string; size: number; rootHex: string; checkpoint: string | null };
};

/** Changes that were not among those worth reading would bury the story; the ledger and the JSON export hold them. */
export function postIncidentMarkdown(facts: ReportFacts): string {
  const { incident } = facts;
  return [
    `# ${text(incident.title)}`,
    incident.drill
      ? `> **Drill** ${text(incident.drill.scenario)}, seed ${incident.drill.seed}. Nothing here was real.`
      : '',
    ...summary(facts),
    ...timeline(facts),
    ...causes(facts),
    ...actions(facts),
    ...toFill,
    ...provenance(facts),
  ]
    .filter((line) => line !== '')
    .join('\n\n')
    .concat('\n');
}

function summary({ incident, candidates, proposals }: ReportFacts): string[] {
  const done = proposals.findLast(({ progress }) => progress.state === 'done');
  const outcome =
    done?.progress.state === 'done' ? `${done.title}: ${done.progress.sentence}` : 'no action was concluded';
  const rows = [
    ['Severity', incident.severity],
    ['Status', incident.status],
    ['Commander', incident.commander],
    ['Opened', utc(incident.openedMs)],
    ['Onset (estimated)', candidates?.onsetMs ? utc(candidates.onsetMs) : 'not found'],
    ['Closed', incident.closedMs === null ? 'still open' : utc(incident.closedMs)],
    ['Services', incident.services.join(', ') || 'none named'],
    [
      'Candidates',
      `${candidates?.changes.length ?? 0} changes, ${candidates?.worthReading ?? 0} worth reading`,
    ],
    ['Result', outcome],
  ];
  return [
    '## Summary',
    ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${text(value ?? '')} |`)].join(
      '\n',
    ),
  ];
}

function timeline({ events, candidates }: ReportFacts): string[] {
  const read = new Set(candidates?.changes.slice(0, candidates.worthReading).map(({ id }) => id));
  const told = events.filter((event) => event.kind !== 'change' || read.has(event.key));
  const left = events.length - told.length;
  return [
    '## Timeline (UTC)',
    told
      .map(
        (event) =>
          `- ${utc(event.atMs)} **${event.kind}** ${event.service ? `${text(event.service)}: ` : ''}${text(event.title)} _(${text(event.source)})_`,
      )
      .join('\n'),
    left > 0 ? `${left} further changes in the window were ranked as not worth reading.` : '',
  ];
}

function causes({ hypotheses }: ReportFacts): string[] {
  const told = hypotheses.map(
    ({ rank, claim, confidence, mechanism, for: pro, against, gaps, disprovedBy }) =>
      [
        `### ${rank}. ${text(claim)} (${Math.round(confidence * 100)} %)`,
        text(mechanism),
        list(
          'For',
          pro.map(({ sentence }) => sentence),
        ),
        list(
          'Against',
          against.map(({ sentence }) => sentence),
        ),
        list('Not read', gaps),
        `Would be disproved by: ${text(disprovedBy)}`,
      ]
        .filter((line) => line !== '')
        .join('\n\n'),
  );
  return ['## Hypotheses, not answers', told.length > 0 ? told.join('\n\n') : 'None was stated.'];
}

function actions({ proposals }: ReportFacts): string[] {
  const told = proposals.map((proposal) => {
    const { progress, verdict, blastRadius } = proposal;
    const decided =
      'decision' in progress
        ? `${progress.decision.person} ${progress.decision.answer === 'approve' ? 'approved' : 'denied'} at ${utc(progress.decision.atMs)}`
        : 'nobody decided';
    const end = progress.state === 'done' ? `${progress.outcome}: ${progress.sentence}` : progress.state;
    return [
      `### ${text(proposal.title)}`,
      [
        `- Proposed by ${text(proposal.proposedBy.name)} at ${utc(proposal.proposedMs)}; guard: ${verdict.kind}${verdict.kind === 'offer' ? ` at tier ${verdict.tier}` : ''}`,
        `- Blast radius: ${text(blastRadius.sentence)}`,
        `- Command: \`${code(proposal.command)}\``,
        `- Back-out: \`${code(proposal.backOutCommand)}\``,
        `- Expected: ${text(proposal.expectedEffect.sentence)}`,
        `- ${text(decided)}`,
        `- Ended: ${text(end)}`,
      ].join('\n'),
    ].join('\n\n');
  });
  return ['## Actions', told.length > 0 ? told.join('\n\n') : 'None was proposed.'];
}

const toFill = [
  '## For the review',
  [
    '- What went well:',
    '- What went badly:',
    '- Where we got lucky:',
    '- Follow-ups, each with an owner:',
  ].join('\n'),
];

function provenance({ incident, ledger }: ReportFacts): string[] {
  return [
    '## Provenance',
    `Drawn from incident \`${incident.id}\` and ledger \`${code(ledger.origin)}\` at size ${ledger.size}, root \`${ledger.rootHex}\`. Times are UTC.`,
    ledger.checkpoint
      ? `\`\`\`text\n${ledger.checkpoint.trimEnd()}\n\`\`\``
      : 'The ledger is not signed yet.',
  ];
}

const utc = (ms: number) => new Date(ms).toISOString().replace('T', ' ').slice(0, 19);

const list = (title: string, items: readonly string[]) =>
  items.length === 0 ? '' : [`${title}:`, '', ...items.map((item) => `- ${text(item)}`)].join('\n');

/** Inside back-ticks only back-ticks and line breaks could get out. */
const code = (value: string) => value.replaceAll('`', "'").replaceAll(/[\r\n]+/g, ' ');
