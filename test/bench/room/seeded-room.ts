import { join } from 'node:path';
import { dataFiles } from '../../../electron/store/data-files.ts';
import { eventRepository } from '../../../electron/store/event-repository.ts';
import { incidentRepository } from '../../../electron/store/incident-repository.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore } from '../../../electron/store/open-store.ts';
import type { Event } from '../../../shared/vocabulary/event.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';

const services = Array.from({ length: 60 }, (_, index) => `service-${index}`);
const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** The nth fact of a busy incident: mostly signals, a change now and then, half of them with labels and a detail. */
export function eventNumber(incident: IncidentId, nth: number, atMs: number): Event {
  const service = at(services, nth * 7);
  const fact = { incident, key: `bench:${nth}`, atMs, service, source: 'Prometheus of production' };
  if (nth % 11 === 0)
    return {
      ...fact,
      kind: 'change',
      change: at(['deploy', 'flag', 'config', 'scale'] as const, nth),
      title: `${service} 1.${nth % 90}.0 rolled out (revision ${nth % 300})`,
      actor: 'release-bot',
      diff: [
        { path: 'containers.app.image', before: `registry.example/${service}:1.${nth % 90}`, after: 'next' },
      ],
    };
  return {
    ...fact,
    kind: 'signal',
    sort: at(['metric', 'log', 'kubernetes', 'alert'] as const, nth),
    severity: at(['info', 'warning', 'critical'] as const, nth * 3),
    title: `${service}: latency_p99 went from 0.${100 + (nth % 400)} to ${1 + (nth % 9)}.${nth % 90} s`,
    ...(nth % 2 === 0
      ? {
          detail: `sampled line ${nth} of the slow requests`,
          labels: { namespace: 'shop', pod: `${service}-${nth}` },
        }
      : {}),
  };
}

/** Writes an incident of an hour with so many events into the data file of real incidents. */
export function seedRoom(dataDir: string, events: number, nowMs: number): IncidentId {
  const incident = IncidentId.parse('inc-bench');
  const store = openStore(join(dataDir, dataFiles.real), migrations);
  const fromMs = nowMs - 3_600_000;
  incidentRepository(store.db).save({
    id: incident,
    realm: 'real',
    title: `A busy hour of ${events} events`,
    severity: 'sev2',
    status: 'mitigated',
    commander: 'Bench',
    openedMs: fromMs + 60_000,
    closedMs: null,
    fromMs,
    services: [],
    drill: null,
  });
  eventRepository(store.db).add(
    Array.from({ length: events }, (_, nth) =>
      eventNumber(incident, nth, fromMs + Math.floor((nth / events) * 3_600_000)),
    ),
  );
  store.close();
  return incident;
}
