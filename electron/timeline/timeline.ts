import type { HostEvent } from '../../shared/bridge/host-events.ts';
import { Event, type Observation } from '../../shared/vocabulary/event.ts';
import type { EventPage, EventPlace } from '../../shared/vocabulary/event-page.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Payload as PayloadView } from '../../shared/vocabulary/payload.ts';
import type { Delivered } from '../connectors/delivered.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { afterEverything, type EventRepository } from '../store/event-repository.ts';
import { heldEvents } from './held-events.ts';
import { concernedBy, joinTold } from './join-told.ts';
import { normalise } from './normalise.ts';
import { parted, readPayload } from './payload.ts';

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
  const held = heldEvents(repository);
  const versions = new Map<IncidentId, number>();
  let forgotten = 0;

  function tell(incident: IncidentId, events: Event[]): void {
    versions.set(incident, (versions.get(incident) ?? 0) + 1);
    publish({ name: 'timeline.added', incident, events });
  }

  /**
   * Stores what is new of what a source delivered and returns that. A source may deliver twice, and of a change that one
   * source told and another read there is one fact.
   */
  function add(incident: IncidentId, observations: readonly Delivered[]): Event[] {
    const delivered = new Map<string, string>();
    const events = observations.map((one) => {
      const { observation, payload } = parted(one);
      if (payload) delivered.set(payload.digest, payload.text);
      return Event.parse({ ...normalise(observation), incident });
    });
    const concerned = concernedBy(events, {
      change: (key) => held.change(incident, key),
      deploys: () => held.changesOfKind(incident, 'deploy'),
    });
    const { fresh, fuller } = joinTold(concerned, events);
    const added = repository.store({ fresh, fuller, delivered, nowMs: clock.now() });
    held.keep(incident, added, fuller);
    const told = [...added, ...fuller];
    if (told.length > 0) tell(incident, told);
    return added;
  }

  /** What became known of facts that stand already, or what a person made of one. */
  function replace(...events: Event[]): void {
    repository.replace(events);
    for (const [incident, some] of Map.groupBy(events, (event) => event.incident)) {
      held.keep(incident, [], some);
      tell(incident, some);
    }
  }

  function find(incident: IncidentId, key: string): Event {
    const event = repository.find(incident, key);
    if (!event)
      throw new Failure('not_found', `The timeline of ${incident} has no event ${JSON.stringify(key)}`);
    return event;
  }

  return {
    add,
    replace,
    /** @throws Failure `not_found` */
    find,
    /** What the source of a fact delivered of it. @throws Failure `not_found` */
    payload(incident: IncidentId, key: string): PayloadView {
      const { payload } = find(incident, key);
      if (payload === undefined)
        throw new Failure('not_found', 'Nothing is kept of what was delivered of this event');
      return readPayload(() => repository.payload(incident, payload), payload);
    },
    ofIncident: (incident: IncidentId): Event[] => held.ofIncident(incident),
    /** At most so many of the facts before a place, oldest first; before the end unless told where. */
    before: (incident: IncidentId, most: number, place: EventPlace = afterEverything): Event[] =>
      repository.before(incident, place, most),
    /** The same, unread, for a screen. */
    pageBefore: (incident: IncidentId, most: number, place: EventPlace): EventPage =>
      repository.pageBefore(incident, place, most),
    /** Another number whenever the facts of an incident may be others than before. */
    version: (incident: IncidentId): number => (versions.get(incident) ?? 0) + forgotten,
    count: (incident: IncidentId): number => repository.count(incident),
    pinned: (incident: IncidentId): string[] => repository.pinned(incident),
    /** Keeps an event in view, or lets it go. @throws Failure `not_found` */
    setPinned(incident: IncidentId, key: string, isPinned: boolean): void {
      find(incident, key);
      repository.setPinned(incident, key, isPinned);
      publish({ name: 'timeline.pinned', incident, pinned: repository.pinned(incident) });
    },
    /** The store was changed behind the timeline. */
    forget(): void {
      held.forget();
      forgotten += 1;
    },
    /** Whether a connection, and not only Countersign itself, reported something about this service. */
    hasObserved: (incident: IncidentId, service: string): boolean =>
      held.some(
        incident,
        (event) => event.service === service && (event.kind === 'change' || event.kind === 'signal'),
      ),
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
