import type { HostEvent } from '../../shared/bridge/host-events.ts';
import { IncidentId, type Realm } from '../../shared/vocabulary/ids.ts';
import type { Incident, Severity } from '../../shared/vocabulary/incident.ts';
import type { Actor } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/log.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import type { Ids } from '../platform/ids.ts';
import type { IncidentRepository } from '../store/incident-repository.ts';
import type { Timeline } from '../timeline/timeline.ts';

export type IncidentDesk = ReturnType<typeof incidentDesk>;
export type Opening = {
  title: string;
  severity: Severity;
  commander: string;
  fromMs: number;
  services: string[];
  drill: Incident['drill'];
  openedBy: Actor;
  /** Why, in words. */
  because: string;
};

/** Opens, changes and closes incidents; each step is an entry and the state it records, together. */
export function incidentDesk(ports: {
  realm: Realm;
  repository: IncidentRepository;
  timeline: Timeline;
  ledger: Ledger;
  clock: Clock;
  ids: Ids;
  publish(event: HostEvent): void;
  /** Told each incident that was closed, once it is on record. */
  onClosed(incident: Incident, by: { person: string; reason: string }): void;
}) {
  const { realm, repository, timeline, ledger, clock, ids, publish } = ports;

  function open({ openedBy, because, ...about }: Opening): Incident {
    const incident: Incident = {
      ...about,
      id: IncidentId.parse(ids('inc')),
      realm,
      status: 'open',
      openedMs: clock.now(),
      closedMs: null,
    };
    ledger.record(
      { kind: 'incident.opened', incident: incident.id, actor: openedBy, body: { ...incident, because } },
      () => repository.save(incident),
    );
    publish({ name: 'incident.changed', incident });
    timeline.record(incident.id, {
      sort: 'incident',
      ref: incident.id,
      service: null,
      title: `Incident opened: ${incident.title}`,
      detail: because,
    });
    return incident;
  }

  function find(id: string): Incident {
    const incident = repository.find(id);
    if (!incident) throw new Failure('not_found', `There is no incident ${id}`);
    return incident;
  }

  /** Notes that more services are concerned. */
  function involve(id: string, services: readonly string[]): void {
    const incident = find(id);
    const all = [...new Set([...incident.services, ...services])];
    if (all.length === incident.services.length) return;
    const next = { ...incident, services: all };
    repository.save(next);
    publish({ name: 'incident.changed', incident: next });
  }

  /** An action helped: the trouble is under control until a person says that it is over. */
  function mitigated(id: string): void {
    const incident = find(id);
    if (incident.status !== 'open') return;
    const next: Incident = { ...incident, status: 'mitigated' };
    repository.save(next);
    publish({ name: 'incident.changed', incident: next });
  }

  function close(id: string, person: string, reason: string): Incident {
    const incident = find(id);
    if (incident.status === 'closed') throw new Failure('conflict', `“${incident.title}” is closed already`);
    const closed: Incident = { ...incident, status: 'closed', closedMs: clock.now() };
    ledger.record(
      {
        kind: 'incident.closed',
        incident: incident.id,
        actor: { kind: 'person', name: person },
        body: { reason },
      },
      () => repository.save(closed),
    );
    timeline.record(incident.id, {
      sort: 'incident',
      ref: id,
      service: null,
      title: `${person} closed the incident`,
      detail: reason,
    });
    publish({ name: 'incident.changed', incident: closed });
    ports.onClosed(closed, { person, reason });
    return closed;
  }

  return { open, find, involve, mitigated, close, all: repository.all, openOnes: repository.open };
}
