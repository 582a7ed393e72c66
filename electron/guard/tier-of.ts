import type { Envelope } from '../../shared/formats/envelope.ts';
import { environmentOf } from './environment-of.ts';
import type { Request } from './rule.ts';

type TierLine = Envelope['tiers'][number];

/** The first tier line whose every condition holds; null when none fits, which denies. */
export function tierOf(request: Request): TierLine | null {
  return request.envelope.tiers.find(({ when }) => holds(when, request)) ?? null;
}

function holds(when: TierLine['when'], request: Request): boolean {
  const environment = environmentOf(request.envelope, request.target.namespace);
  // INVARIANT: a service whose tier nobody states counts as the most important one.
  const serviceTier = request.serviceTier ?? 1;
  return (
    (when.blastRadius === undefined || when.blastRadius === request.blastRadius) &&
    (when.reversible === undefined || when.reversible === request.reversible) &&
    (when.backsOut === undefined || when.backsOut === request.backsOut) &&
    (when.environment === undefined || when.environment === environment) &&
    (when.serviceTierAtMost === undefined || serviceTier <= when.serviceTierAtMost)
  );
}
