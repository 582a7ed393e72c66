import type { OpenEscalation } from '../../shared/vocabulary/escalation.ts';
import type { RealmDesk } from './realm.ts';

/** Every open escalation, the oldest first, with the incident it belongs to. */
export const escalationBacklog = (
  realms: readonly Pick<RealmDesk, 'realm' | 'escalations' | 'incidents'>[],
): OpenEscalation[] =>
  realms
    .flatMap(({ realm, escalations, incidents }) =>
      escalations.openOnes().map((escalation) => ({
        realm,
        incidentTitle: incidents.find(escalation.incident).title,
        escalation,
      })),
    )
    .sort((a, b) => a.escalation.openedMs - b.escalation.openedMs);
