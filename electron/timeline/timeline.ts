import type { HostEvent } from '../../shared/bridge/host-events.ts';
import { Event, type Observation } from '../../shared/vocabulary/event.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { EventRepository } from '../store/event-repository.ts';
import { joinTold } from './join-told.ts';
import { normalise } from './normalise.ts';

type RecordFields = Pick<
  Extract<Observation, { kind: 'record' }>,
  'sort' | 'ref' | 'service' | 'title' | 'detail'
>;

export type Timeline = ReturnType<typeof timeline>;

/** The facts of incidents: each stored once, in order of time, and told to the screen when it is new. */
export function timeline(deps: {
  repository: EventRepository;
  clock: Clock;
  publish(event: HostEvent): void;
}) {
  const { repository, clock, publish } = deps;

  /**
   * Stores what is new of what a source delivered and returns that. A source may deliver twice, and of a change that one
   * source told and another read there is one fact.
   */
  function add(incident: IncidentId, observations: readonly Observation[]): Event[] {
    const events = observations.map((observation) => Event.parse({ ...normalise(observation), incident }));
    const hasChange = events.some(({ kind }) => kind === 'change');
    const { fresh, fuller } = joinTold(hasChange ? repository.ofIncident(incident) : [], events);
    const added = repository.add(fresh);
    if (fuller.length > 0) repository.replace(fuller);
    const told = [...added, ...fuller];
    if (told.length > 0) publish({ name: 'timeline.added', incident, events: told });
    return added;
  }

  return {
    add,
    ofIncident: (incident: IncidentId): Event[] => repository.ofIncident(incident),
    /** Whether a connection, and not only Countersign itself, reported something about this service. */
    hasObserved: (incident: IncidentId, service: string): boolean =>
      repository
        .ofIncident(incident)
        .some((event) => event.service === service && (event.kind === 'change' || event.kind === 'signal')),
    /** Something Countersign did or was told; backed by a ledger entry of its own. */
    record(incident: IncidentId, fields: RecordFields): void {
      const atMs = clock.now();
      const nth = repository.count(incident);
      add(incident, [
        {
          kind: 'record',
          key: `record:${fields.sort}:${fields.ref}:${nth}`,
          atMs,
          source: 'countersign',
          ...fields,
        },
      ]);
    },
  };
}
