import { markdownText as text } from '../../../shared/formats/markdown-text.ts';
import type { Escalation } from '../../../shared/vocabulary/escalation.ts';
import type { Proposal } from '../../../shared/vocabulary/proposal.ts';
import type { ReportFacts } from '../report-facts.ts';
import { blocks, bullets, code, utc } from '../words.ts';

/** Every proposal with who decided and what came of it, and what was handed to a human. */
export function actionsTaken({ proposals, escalations }: ReportFacts): string {
  const told = [...proposals.map(proposal), ...escalations.map(escalation)];
  return told.length > 0 ? blocks(...told) : 'Nothing was proposed and nothing escalated.';
}

function proposal(one: Proposal): string {
  const { progress, verdict, blastRadius } = one;
  const decided =
    'decision' in progress
      ? `${progress.decision.person} ${progress.decision.answer === 'approve' ? 'approved' : 'denied'} at ${utc(progress.decision.atMs)}`
      : 'nobody decided';
  const end = progress.state === 'done' ? `${progress.outcome}: ${progress.sentence}` : progress.state;
  return blocks(
    `### ${text(one.title)}`,
    bullets([
      `Proposed by ${text(one.proposedBy.name)} at ${utc(one.proposedMs)}; guard: ${verdict.kind}${verdict.kind === 'offer' ? ` at tier ${verdict.tier}` : ''}`,
      `Blast radius: ${text(blastRadius.sentence)}`,
      `Command: \`${code(one.command)}\``,
      `Back-out: \`${code(one.backOutCommand)}\``,
      `Expected: ${text(one.expectedEffect.sentence)}`,
      text(decided),
      `Ended: ${text(end)}`,
    ]),
  );
}

function escalation({ title, because, recommended, openedMs, closed }: Escalation): string {
  return blocks(
    `### Escalated: ${text(title)}`,
    bullets([
      `Since ${utc(openedMs)}: ${text(because)}`,
      `Recommended: ${text(recommended)}`,
      closed
        ? `${text(closed.person)} closed it at ${utc(closed.atMs)}: ${text(closed.reason)}`
        : 'Still open',
    ]),
  );
}
