import type { Room } from '../../shared/vocabulary/room.ts';
import type { RealmDesk } from './realm.ts';

/** Everything one incident shows, as of now. */
export function roomOf(realm: RealmDesk, id: string): Room {
  const incident = realm.incidents.find(id);
  const ranked = realm.candidatesOf(id);
  return {
    incident,
    events: realm.timeline.ofIncident(incident.id),
    candidates: ranked?.candidates ?? null,
    topology: ranked?.topology ?? { services: [], calls: [] },
    analyst: realm.analyst.runOf(id),
    hypotheses: realm.hypothesesOf(id),
    proposals: realm.proposals.ofIncident(id),
    rechecks: realm.proposals.rechecksOf(id),
    escalations: realm.escalationsOf(id),
  };
}
