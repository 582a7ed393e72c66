import type { Incident } from '../../shared/vocabulary/incident.ts';

/** What a model is told of an incident before it reads: what is on the screen's top bar, and what time it is. */
export function aboutIncident(
  { title, severity, status, services, fromMs }: Incident,
  nowMs: number,
): string {
  const at = (ms: number) => new Date(ms).toISOString();
  return [
    `Incident ${JSON.stringify(title)}, ${severity}, ${status}. It is ${at(nowMs)}; what was gathered begins ${at(fromMs)}.`,
    ...(services.length > 0 ? [`Services named so far: ${services.join(', ')}.`] : []),
  ].join(' ');
}
