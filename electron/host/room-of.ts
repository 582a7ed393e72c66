import type { Room } from '../../shared/vocabulary/room.ts';
import type { RealmDesk } from './realm.ts';

/** What a screen can draw at once; whoever scrolls back or zooms out has the others by then. */
const NEWEST = 1_000;

/** Everything one incident shows, as of now. */
export function roomOf(realm: RealmDesk, id: string): Room {
  const incident = realm.incidents.find(id);
  const events = realm.timeline.before(incident.id, NEWEST);
  const earlier = realm.timeline.count(incident.id) - events.length;
  const ranked = realm.candidatesOf(id);
  return {
    incident,
    events,
    earlier,
    pinned: realm.timeline.pinned(incident.id),
    candidates: ranked?.candidates ?? null,
    topology: ranked?.topology ?? { services: [], calls: [] },
    analyst: realm.analyst.runOf(id),
    hypotheses: realm.hypothesesOf(id),
    proposals: realm.proposals.ofIncident(id),
    rechecks: realm.proposals.rechecksOf(id),
    escalations: realm.escalations.ofIncident(id),
    memory: earlier === 0 ? realm.memory.about(incident.id) : realm.memory.compared(incident.id),
  };
}
