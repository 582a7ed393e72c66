import type { Incident, Severity } from '../../shared/vocabulary/incident.ts';

/** Which incidents a person looks for; null is any. */
export type IncidentFilter = {
  text: string;
  severity: Severity | null;
  realm: Incident['realm'] | null;
  cause: 'confirmed' | 'unconfirmed' | null;
};

export const ANY: IncidentFilter = { text: '', severity: null, realm: null, cause: null };

/** Whether all that is asked for holds; each word must stand in title, cause, a service, or who commanded it. */
export function isLike(
  { text, severity, realm, cause }: IncidentFilter,
  incident: Incident,
  known: string | undefined,
): boolean {
  if (severity !== null && incident.severity !== severity) return false;
  if (realm !== null && incident.realm !== realm) return false;
  if (cause !== null && (cause === 'confirmed') !== (known !== undefined)) return false;
  const { title, commander, services, drill } = incident;
  const said = [title, commander, known ?? '', drill?.scenario ?? '', ...services].join('\n').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}
