import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Asked } from '../analyst/analyst-desk.ts';
import type { RealmDesk } from './realm.ts';

/** Of a closed incident nothing later can be asked. The answer comes as a step of the analyst. */
export function askQuestion(
  { analyst, incidents, clock }: RealmDesk,
  incident: IncidentId,
  asked: Omit<Asked, 'atMs'>,
): void {
  const atMs = incidents.find(incident).closedMs ?? clock.now();
  void analyst.ask(incident, { ...asked, atMs });
}
