import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Review } from '../../shared/vocabulary/memory.ts';
import type { RealmDesk } from './realm.ts';

/** A person says that it is over, and, where they know, what it was. */
export function closeIncident(
  { incidents, memory }: RealmDesk,
  id: IncidentId,
  said: { person: string; reason: string; review?: Review | undefined },
): Incident {
  const { person, reason, review } = said;
  if (review) memory.demandKnown(id, review);
  const closed = incidents.close(id, person, reason);
  if (review) memory.confirm(id, review, { kind: 'person', name: person });
  return closed;
}
