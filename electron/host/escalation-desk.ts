import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import { EscalationId } from '../../shared/vocabulary/ids.ts';
import type { Incident, Severity } from '../../shared/vocabulary/incident.ts';
import type { Ledger } from '../ledger/log.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import type { Ids } from '../platform/ids.ts';
import type { EscalationRepository } from '../store/escalation-repository.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { IncidentDesk } from './incident-desk.ts';

/** How soon somebody should have taken an escalation, by how bad the incident is. */
const TARGET_MS: Record<Severity, number> = {
  sev1: 5 * 60_000,
  sev2: 15 * 60_000,
  sev3: 60 * 60_000,
  sev4: 4 * 60 * 60_000,
};

/** What was handed to humans: opened, taken, handed over, closed; each step an entry and the state it records, together. */
export function escalationDesk(ports: {
  repository: EscalationRepository;
  incidents: Pick<IncidentDesk, 'find'>;
  timeline: Timeline;
  ledger: Ledger;
  clock: Clock;
  ids: Ids;
  publish(event: HostEvent): void;
}) {
  const { repository, incidents, timeline, ledger, clock, ids, publish } = ports;

  function open(
    about: Pick<Escalation, 'incident' | 'title' | 'because' | 'recommended' | 'proposal'>,
  ): void {
    const { incident, title, because, recommended, proposal } = about;
    const openedMs = clock.now();
    const escalation: Escalation = {
      incident,
      title,
      because,
      recommended,
      proposal,
      id: EscalationId.parse(ids('esc')),
      openedMs,
      dueMs: openedMs + TARGET_MS[incidents.find(incident).severity],
      closed: null,
    };
    keep(escalation, { kind: 'host', name: 'countersign' });
    tell(escalation, `Escalated: ${title}`, because);
  }

  function find(id: string): Escalation {
    const escalation = repository.find(id);
    if (!escalation) throw new Failure('not_found', `There is no escalation ${id}`);
    return escalation;
  }

  /** A person takes it on themselves, from nobody or from whoever has it. */
  function take(id: string, person: string): Escalation {
    const escalation = demandOpen(id);
    const before = holderOf(escalation);
    if (before === person) throw new Failure('conflict', `${person} has it already`);
    const taken = held(escalation, person, person);
    tell(taken, `${person} took “${taken.title}”${before === null ? '' : ` over from ${before}`}`);
    return taken;
  }

  /** Whoever has it gives it to somebody else, who may be no user of this installation. */
  function handOver(id: string, to: string, person: string): Escalation {
    const escalation = demandOpen(id);
    const before = holderOf(escalation);
    if (before !== person)
      throw new Failure(
        'conflict',
        before === null
          ? 'Nobody has it yet: take it first, then hand it over.'
          : `${before} has it: take it over first, then hand it on.`,
      );
    if (to === person) throw new Failure('bad_input', `${person} has it already: name somebody else`);
    const handed = held(escalation, to, person);
    tell(handed, `${person} handed “${handed.title}” to ${to}`);
    return handed;
  }

  function close(id: string, person: string, reason: string): Escalation {
    const closed: Escalation = { ...demandOpen(id), closed: { atMs: clock.now(), person, reason } };
    keep(closed, { kind: 'person', name: person });
    return closed;
  }

  /** Where an incident is over nobody is waited for any more: whoever closed it closed what it had handed to humans. */
  function closeAll(
    { id }: Pick<Incident, 'id'>,
    { person, reason }: { person: string; reason: string },
  ): void {
    for (const escalation of repository.ofIncident(id)) {
      if (!escalation.closed) close(escalation.id, person, `The incident is closed: ${reason}`);
    }
  }

  function demandOpen(id: string): Escalation {
    const escalation = find(id);
    if (escalation.closed) throw new Failure('conflict', `${escalation.closed.person} closed it already`);
    return escalation;
  }

  function held(escalation: Escalation, holder: string, by: string): Escalation {
    const holders = [...(escalation.holders ?? []), { person: holder, atMs: clock.now() }];
    const next = { ...escalation, holders: holders.slice(-MOST_HOLDERS) };
    keep(next, { kind: 'person', name: by });
    return next;
  }

  function keep(escalation: Escalation, actor: { kind: 'person' | 'host'; name: string }): void {
    const { incident } = escalation;
    ledger.record({ kind: 'escalation', incident, actor, body: escalation }, () =>
      repository.save(escalation),
    );
    publish({ name: 'escalation.changed', escalation });
  }

  function tell({ incident, id }: Escalation, title: string, detail?: string): void {
    const said = detail === undefined ? {} : { detail };
    timeline.record(incident, { sort: 'escalation', ref: id, service: null, title, ...said });
  }

  return {
    open,
    find,
    take,
    handOver,
    close,
    closeAll,
    ofIncident: repository.ofIncident,
    openOnes: repository.open,
  };
}

/** The entry of an escalation stays short, however often it goes back and forth. */
const MOST_HOLDERS = 50;

const holderOf = ({ holders }: Escalation): string | null => holders?.at(-1)?.person ?? null;
