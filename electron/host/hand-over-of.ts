import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { StopState } from '../../shared/vocabulary/status.ts';
import { handOver } from '../reports/hand-over.ts';
import type { RealmDesk } from './realm.ts';

/** Notes are few; of anything else only the newest count here. */
const NEWEST_EVENTS = 1_000;

/** The hand-over of an incident as Markdown, as of now. */
export function handOverOf(realm: RealmDesk, id: IncidentId, stop: StopState): string {
  return handOver({
    incident: realm.incidents.find(id),
    events: realm.timeline.before(id, NEWEST_EVENTS),
    candidates: realm.candidatesOf(id)?.candidates ?? null,
    hypotheses: realm.hypothesesOf(id),
    proposals: realm.proposals.ofIncident(id),
    escalations: realm.escalations.ofIncident(id),
    nowMs: realm.clock.now(),
    stopped: stop.stopped ? { by: stop.by, reason: stop.reason } : null,
    breakers: realm.breakers
      .open()
      .filter(({ incident }) => incident === id)
      .map(({ sentence }) => sentence),
  });
}
