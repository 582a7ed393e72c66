import type { Proposal } from '../vocabulary/proposal.ts';

/** One line of the card, in the order in which it is always shown and never folded. */
export type ShownLine = { label: string; text: string };

/** A node stands in no namespace. */
export const placeOf = ({ namespace, name }: Pick<Proposal['target'], 'namespace' | 'name'>): string =>
  namespace === '' ? name : `${namespace}/${name}`;

/** The name of a connection may be given twice: its id, by which the envelope knows it, stands beside it. */
export const systemOf = ({ target, reachedBy }: Pick<Proposal, 'target' | 'reachedBy'>): string =>
  reachedBy === undefined || reachedBy === target.cluster
    ? target.cluster
    : `${reachedBy} (${target.cluster})`;

/**
 * What an approver reads and therefore signs. INVARIANT: the card renders exactly these lines, and the host digests
 * exactly these lines; nothing an approval depends on may be shown from anywhere else.
 */
export function shownLines(proposal: Proposal): ShownLine[] {
  const { target, blastRadius, verdict } = proposal;
  return [
    { label: 'Target', text: `${target.kind} ${placeOf(target)} on ${systemOf(proposal)}` },
    { label: 'Will run', text: proposal.command },
    { label: 'Blast radius', text: `${blastRadius.class}: ${blastRadius.sentence}` },
    { label: 'Reversible', text: proposal.reversible ? 'Yes' : 'No' },
    { label: 'Back-out', text: proposal.backOutCommand },
    { label: 'Expected effect', text: proposal.expectedEffect.sentence },
    { label: 'Why', text: proposal.rationale },
    {
      label: 'Confidence',
      text: `${Math.round(proposal.confidence * 100)} %: ${proposal.confidenceRestsOn}`,
    },
    {
      label: 'Guard',
      text: `${verdict.kind === 'offer' ? `offer at tier ${verdict.tier}` : verdict.kind}, envelope ${verdict.envelope.version}: ${verdict.rules
        .map(({ rule, sentence }) => `${rule} (${sentence})`)
        .join('; ')}`,
    },
  ];
}

/** The exact text whose SHA-256 an approval signs: title and lines, one a line, line breaks inside a text escaped. */
export function shownText(proposal: Proposal): string {
  const lines = [{ label: 'Proposal', text: `${proposal.id} ${proposal.title}` }, ...shownLines(proposal)];
  return lines
    .map(({ label, text }) => `${label}: ${text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`)
    .join('');
}
