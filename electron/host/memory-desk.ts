import { setImmediate } from 'node:timers/promises';
import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { Candidates } from '../../shared/vocabulary/candidate.ts';
import { sawAnything } from '../../shared/vocabulary/candidate.ts';
import type { Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type {
  Calibration,
  RememberedIncident,
  Review,
  RoomMemory,
  SimilarIncident,
  Traits,
} from '../../shared/vocabulary/memory.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import type { Actor } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/log.ts';
import { calibrationOf, ceilingFactor, type Point, pointOf } from '../memory/calibration.ts';
import { noveltyOf } from '../memory/novelty.ts';
import { confirmedBy, remember, unknownChanges } from '../memory/remember.ts';
import { type Known, knownTerms, mostSimilar } from '../memory/similarity.ts';
import { gatherTraits, growingTraits, traitsOf } from '../memory/traits.ts';
import type { Clock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import type { MemoryRepository } from '../store/memory-repository.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { IncidentDesk } from './incident-desk.ts';

/** Below this two incidents are as alike as any two are. */
const LEAST_SIMILARITY = 0.15;
const MOST_SIMILAR = 6;
const MOST_FOUND = 20;
/** Each holds the facts of its incident, as many as the timeline holds. */
const MOST_LOOKS = 8;
/** Read and looked at in a few milliseconds. */
const FACTS_AT_ONCE = 500;

export type MemoryDesk = ReturnType<typeof memoryDesk>;

/**
 * What a realm remembers of its closed incidents: kept when one is closed, compared with the ones that are worked. What
 * is remembered is read once and then held, since every ranking of an open incident asks for it.
 */
export function memoryDesk(ports: {
  repository: MemoryRepository;
  incidents: Pick<IncidentDesk, 'find'>;
  timeline: Pick<Timeline, 'ofIncident' | 'before' | 'version'>;
  candidatesOf(incident: string): Candidates | null;
  hypothesesOf(incident: string): Hypothesis[];
  proposalsOf(incident: string): Proposal[];
  ledger: Ledger;
  clock: Clock;
  publish(event: HostEvent): void;
}) {
  const { repository, incidents, timeline, ledger, clock, publish } = ports;
  let held: { all: RememberedIncident[]; known: Known } | undefined;
  let points: Point[] | undefined;
  /** The last answer about an incident, and which of its facts it rests on. */
  const compared = new Map<IncidentId, { version: number; memory: RoomMemory }>();
  /** How open incidents look, each as far as it was read at its last ranking. */
  const looks = new Map<IncidentId, ReturnType<typeof growingTraits>>();

  function remembered(): { all: RememberedIncident[]; known: Known } {
    if (!held) {
      const all = repository.all();
      held = { all, known: knownTerms(all) };
    }
    return held;
  }

  /** What was closed before an incident was; for one that is open that is everything. */
  function before(id: IncidentId, closedMs: number | null): { all: RememberedIncident[]; known: Known } {
    if (closedMs === null) return remembered();
    const all = remembered().all.filter((one) => one.incident !== id && one.closedMs <= closedMs);
    return { all, known: knownTerms(all) };
  }

  function forget(): void {
    held = undefined;
    points = undefined;
    compared.clear();
  }

  function keep(record: RememberedIncident): void {
    repository.save(record);
    forget();
  }

  /** @throws Failure `bad_input` for a change that the timeline does not hold. */
  function demandKnown(id: IncidentId, { cause }: Review): void {
    const [unknown] = unknownChanges(cause, timeline.ofIncident(id));
    if (unknown !== undefined)
      throw new Failure('bad_input', `The timeline of incident ${id} holds no change ${unknown}`);
  }

  function recordOf(incident: Incident & { closedMs: number }): RememberedIncident {
    const known = repository.find(incident.id);
    return remember(
      {
        incident,
        events: timeline.ofIncident(incident.id),
        candidates: ports.candidatesOf(incident.id),
        hypotheses: ports.hypothesesOf(incident.id),
        proposals: ports.proposalsOf(incident.id),
      },
      known?.confirmed ?? null,
    );
  }

  /** Remembers a closed incident, anew when more became known of it. */
  function closed(incident: Incident): void {
    if (incident.closedMs === null) return;
    looks.delete(incident.id);
    keep(recordOf({ ...incident, closedMs: incident.closedMs }));
    tell(incident.id);
  }

  /** What a person found to be the cause, or the answer of a drill: on record, and remembered. */
  function confirm(id: IncidentId, review: Review, by: Actor): RememberedIncident {
    const incident = incidents.find(id);
    if (incident.closedMs === null)
      throw new Failure('conflict', `“${incident.title}” is open: its cause is confirmed when it is closed`);
    demandKnown(id, review);
    const confirmed = confirmedBy(review, timeline.ofIncident(id), by.name, clock.now());
    const record = { ...recordOf({ ...incident, closedMs: incident.closedMs }), confirmed };
    const { inWords, helped, didNotHelp } = confirmed;
    const changes = review.cause.as === 'change' ? review.cause.changes : [];
    const body = { as: review.cause.as, changes, inWords, helped, didNotHelp };
    ledger.record({ kind: 'cause.confirmed', incident: id, actor: by, body }, () => keep(record));
    tell(id);
    return record;
  }

  function tell(incident: IncidentId): void {
    publish({ name: 'memory.changed', incident, memory: about(incident) });
  }

  function seenIn(id: IncidentId): Traits {
    const { title, closedMs } = incidents.find(id);
    const seen = { title, events: timeline.ofIncident(id), candidates: ports.candidatesOf(id) };
    if (closedMs !== null) return traitsOf(seen);
    const look = looks.get(id) ?? growingTraits();
    // Looked at last, forgotten last.
    looks.delete(id);
    looks.set(id, look);
    for (const [oldest] of looks) {
      if (looks.size <= MOST_LOOKS) break;
      looks.delete(oldest);
    }
    return look(seen);
  }

  const lastOf = (id: IncidentId): RoomMemory | null => {
    const last = compared.get(id);
    return last?.version === timeline.version(id) ? last.memory : null;
  };

  /** What earlier incidents say of this one, compared anew only when there is something new to compare. */
  function about(id: IncidentId): RoomMemory {
    const memory = lastOf(id) ?? compare(id);
    compared.set(id, { version: timeline.version(id), memory });
    return memory;
  }

  /**
   * The same, without holding up everything else of the host while a hundred thousand facts are read. What comes meanwhile
   * may be missing: then the answer is not kept.
   */
  async function aboutInSlices(id: IncidentId): Promise<RoomMemory> {
    const known = lastOf(id);
    if (known || recordOfClosed(id)) return about(id);
    const version = timeline.version(id);
    const gathered = gatherTraits();
    let page = timeline.before(id, FACTS_AT_ONCE);
    while (page.length > 0) {
      for (const event of page) gathered.add(event);
      await setImmediate();
      const [oldest] = page;
      page = oldest && page.length === FACTS_AT_ONCE ? timeline.before(id, FACTS_AT_ONCE, oldest) : [];
    }
    const memory = compare(id, gathered.traits(incidents.find(id).title, ports.candidatesOf(id)));
    if (timeline.version(id) === version) compared.set(id, { version, memory });
    return memory;
  }

  const recordOfClosed = (id: IncidentId): RememberedIncident | undefined =>
    incidents.find(id).closedMs === null ? undefined : repository.find(id);

  /** Incidents that were closed after it are not earlier. `seen` is how it looks, where that is known already. */
  function compare(id: IncidentId, seen?: Traits): RoomMemory {
    const { closedMs } = incidents.find(id);
    const record = recordOfClosed(id);
    const { all: earlier, known } = before(id, closedMs);
    const now = record?.traits ?? seen ?? seenIn(id);
    const similar = mostSimilar(now, earlier, { least: 0, most: MOST_SIMILAR }, known.weightOf);
    const candidates = ports.candidatesOf(id);
    const isSeen = candidates && (sawAnything(candidates) || now.services.length + now.signals.length > 0);
    // Without metrics much of how it looks is missing, and what is missing makes nothing new.
    const isJudgeable = isSeen && candidates.unmeasured === undefined;
    return {
      remembered: earlier.length,
      novelty: isJudgeable
        ? noveltyOf(now, similar[0]?.similarity ?? 0, earlier, candidates.novelty, known)
        : null,
      similar: similar
        .filter(({ similarity }) => similarity >= LEAST_SIMILARITY)
        .map(({ record: then, ...compared }) => ({ ...asSimilar(then), ...compared })),
      record: record ?? null,
    };
  }

  const pointsNow = (): Point[] => (points ??= remembered().all.flatMap((record) => pointOf(record) ?? []));

  return {
    closed,
    /** The store was changed behind this desk. */
    forget,
    demandKnown,
    confirm,
    about,
    aboutInSlices,
    /** The last answer while it still holds; null when it takes a comparison. */
    compared: lastOf,
    /** A new ranking may look more or less like something known. */
    onRanked({ id }: Incident): void {
      compared.delete(id);
      tell(id);
    },
    /** The effect of an action may come after the incident was closed. */
    onProposal({ incident: id }: Proposal): void {
      const incident = incidents.find(id);
      if (incident.closedMs !== null && repository.find(id)) closed(incident);
    },
    /** Remembered incidents that hold every word, best first. */
    search: (text: string): RememberedIncident[] => repository.search(text, MOST_FOUND),
    causes: repository.confirmed,
    /** All of them, newest first. */
    all: repository.all,
    calibration: (): Calibration => calibrationOf(pointsNow()),
    ceilingFactor: (): number => ceilingFactor(pointsNow()),
    /** Remembers some incidents that an earlier version closed. */
    catchUp(most: number): void {
      for (const id of repository.forgotten(most)) closed(incidents.find(id));
    },
  };
}

const asSimilar = ({
  incident,
  title,
  closedMs,
  tried,
  confirmed,
}: RememberedIncident): Omit<SimilarIncident, 'similarity' | 'likeness'> => ({
  incident,
  title,
  closedMs,
  tried,
  confirmed,
});
