import { markdownText as text } from '../../../shared/formats/markdown-text.ts';
import type { Hypothesis } from '../../../shared/vocabulary/hypothesis.ts';
import type { ReportFacts } from '../report-facts.ts';
import { blocks, bullets } from '../words.ts';

/** Hypotheses as they stood last: what each rests on, what speaks against it, and what was not read. */
export function contributingFactors({ hypotheses }: ReportFacts): string {
  if (hypotheses.length === 0) return 'No hypothesis was stated.';
  return blocks('These are hypotheses, not answers.', ...hypotheses.map(told));
}

const told = ({ rank, claim, confidence, mechanism, for: pro, against, gaps, disprovedBy }: Hypothesis) =>
  blocks(
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
  );

const list = (title: string, items: readonly string[]) =>
  items.length === 0 ? '' : `${title}:\n\n${bullets(items.map((item) => text(item)))}`;
