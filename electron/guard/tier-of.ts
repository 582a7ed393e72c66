import type { Envelope, TierCondition } from '../../shared/formats/envelope.ts';
import type { Judged } from './rule.ts';

type TierLine = Envelope['tiers'][number];

/** The first tier line whose every condition holds; null when none fits, which denies. */
export const tierOf = (judged: Judged): TierLine | null =>
  judged.envelope.tiers.find(({ when }) => holds(when, judged)) ?? null;

function holds(when: TierCondition, judged: Judged): boolean {
  return (
    (when.actions === undefined || when.actions.includes(judged.action)) &&
    (when.blastRadius === undefined || when.blastRadius === judged.blastRadius) &&
    (when.reversible === undefined || when.reversible === judged.reversible) &&
    (when.backsOut === undefined || when.backsOut === judged.backsOut) &&
    (when.keepsData === undefined || when.keepsData === judged.keepsData) &&
    (when.environment === undefined || when.environment === judged.environment) &&
    (when.serviceTierAtMost === undefined || judged.tierOfService <= when.serviceTierAtMost) &&
    (when.confidenceBelow === undefined || judged.confidence < when.confidenceBelow)
  );
}
