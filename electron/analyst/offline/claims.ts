import { NAMED } from '../../../shared/formats/confidence.ts';
import type { Conclusion } from '../../../shared/vocabulary/hypothesis.ts';
import { type Claim, claimOfChange } from './claim-of-change.ts';
import { asMembers, asText, evidence } from './evidence.ts';
import { notSeen } from './not-seen.ts';
import { calmClaim, nothingWrong } from './nothing-wrong.ts';
import { weigh } from './weigh.ts';
import type { Candidates, WhatWasRead } from './what-was-read.ts';

/** Rivals that are kept alive beside the first, however clear that one looks, until a check separates them. */
const MOST_RIVALS = 3;
const LEAST_RIVALS = 2;
/** Above this chance that no candidate is the cause, that is said as a hypothesis of its own. */
const NOT_SEEN_WORTH_SAYING = 0.2;
/** What is left of the first hypothesis when a person says that it does not smell right. */
const AFTER_CHALLENGE = 0.5;
/** What is left of a suspect where nothing seems broken. */
const WHERE_CALM = 0.2;
/** A rival with this share of the first one's chance is not separated from it. */
const NOT_SEPARATED = 0.5;

/** Rival hypotheses from what was read; `challenge` is a person's doubt about the first one. */
export function claimsFrom(read: WhatWasRead, challenge: string | undefined): Claim[] {
  const { candidates } = read;
  if (!candidates) return [];
  const weighing = weigh(candidates, read);
  const most = Math.min(MOST_RIVALS, Math.max(LEAST_RIVALS, candidates.worthReading));
  const rivals = weighing.changes.slice(0, most).map((weighed) => claimOfChange(weighed, candidates, read));
  const calm = calmClaim(read);
  if (calm) {
    return [calm, ...rivals.map((rival) => ({ ...rival, confidence: rival.confidence * WHERE_CALM }))];
  }
  const isUnseen = weighing.notSeen > NOT_SEEN_WORTH_SAYING || rivals.length === 0;
  const claims = [...rivals, ...(isUnseen ? [notSeen(weighing.notSeen, candidates, read)] : [])].sort(
    (a, b) => b.confidence - a.confidence,
  );
  const [first, ...others] = claims;
  return challenge !== undefined && first
    ? [challenged(first, others, challenge, candidates), ...others]
    : claims;
}

/** What these claims come to, before code judges them. */
export function conclusionFrom(claims: readonly Claim[], read: WhatWasRead): Conclusion {
  const calm = nothingWrong(read);
  if (calm) return { kind: 'nothing-to-do', sentence: calm };
  const [first, second] = claims;
  if (!first || first.cause === null || first.confidence < NAMED) {
    const next = first ? ` What would tell: ${first.disprovedBy}.` : '';
    return {
      kind: 'inconclusive',
      sentence: `Inconclusive: ${first?.cause === null ? first.claim : 'no change stands out far enough'}.${next}`,
    };
  }
  const isOpen = second !== undefined && second.confidence >= first.confidence * NOT_SEPARATED;
  const rival = isOpen ? ` Not separated from: ${second.claim}. What would tell: ${first.disprovedBy}.` : '';
  return { kind: 'cause-named', sentence: `${first.claim}.${rival}`.slice(0, 1_000) };
}

/** Argues against what stood first: its own doubts, its strongest rival, and what nobody has read. */
function challenged(first: Claim, [rival]: readonly Claim[], doubt: string, candidates: Candidates): Claim {
  const fitting = rival?.cause
    ? evidence(
        `${rival.claim.replace(/ is the cause$/, '')} fits the same symptoms`,
        candidates,
        [asText(rival.cause)],
        [rival.cause],
      )
    : [];
  const { novelty } = candidates;
  const unseen =
    first.cause === null
      ? []
      : evidence(
          `The ranking leaves ${Math.round(novelty * 100)} % for a cause that it does not have`,
          candidates,
          [asMembers({ novelty })],
        );
  return {
    ...first,
    confidence: first.confidence * AFTER_CHALLENGE,
    against: [...first.against, ...fitting, ...unseen],
    gaps: [
      `A person doubts it: ${doubt}`.slice(0, 500),
      ...first.gaps,
      'Systems that report nothing to Countersign were not read',
    ],
  };
}
