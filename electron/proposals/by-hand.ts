import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { ExpectedEffect, Proposal } from '../../shared/vocabulary/proposal.ts';
import { Failure } from '../platform/failure.ts';
import type { Wish } from './propose.ts';

/** What a person fills in; the guard judges it like the analyst's. */
export type HandWish = {
  action: string;
  input: Record<string, unknown>;
  expectedEffect: ExpectedEffect;
  rationale: string;
};

export function wishByHand(incident: IncidentId, given: HandWish, person: string): Wish {
  return {
    incident,
    ...given,
    evidence: [],
    confidence: 0.5,
    confidenceRestsOn: `${person} proposed it by hand and gave no number`,
    proposedBy: { kind: 'person', name: person },
    backsOut: null,
    causes: [],
  };
}

/** Other arguments, effect or reason for an open offer, which the revision takes the place of. */
export function wishToRevise(
  earlier: Proposal,
  given: Partial<Pick<HandWish, 'input' | 'expectedEffect' | 'rationale'>>,
  person: string,
): Wish {
  if (earlier.progress.state !== 'offered') {
    throw new Failure(
      'conflict',
      `“${earlier.title}” is ${earlier.progress.state}: propose it again instead`,
    );
  }
  return { ...wishAfter(earlier, person), ...given };
}

/** The same once more on what is there now, after it came to nothing. */
export function wishAgain(earlier: Proposal, person: string): Wish {
  if (!ENDED.has(earlier.progress.state)) {
    throw new Failure(
      'conflict',
      `“${earlier.title}” is ${earlier.progress.state}: it cannot be proposed again`,
    );
  }
  return wishAfter(earlier, person);
}

const ENDED: ReadonlySet<Proposal['progress']['state']> = new Set(['expired', 'voided', 'withdrawn']);

function wishAfter(earlier: Proposal, person: string): Wish {
  return {
    incident: earlier.incident,
    action: earlier.action,
    input: earlier.arguments,
    expectedEffect: earlier.expectedEffect,
    rationale: earlier.rationale,
    evidence: earlier.evidence,
    confidence: earlier.confidence,
    confidenceRestsOn: earlier.confidenceRestsOn,
    proposedBy: { kind: 'person', name: person },
    backsOut: earlier.backsOut,
    revises: earlier.id,
    causes: [],
  };
}
