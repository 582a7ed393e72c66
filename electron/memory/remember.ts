import type { Candidates } from '../../shared/vocabulary/candidate.ts';
import type { Event } from '../../shared/vocabulary/event.ts';
import type { Hypothesis } from '../../shared/vocabulary/hypothesis.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { ConfirmedCause, RememberedIncident, Review } from '../../shared/vocabulary/memory.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { traitsOf } from './traits.ts';

/** What is on record of an incident that was closed. */
export type Closed = {
  incident: Incident & { closedMs: number };
  events: readonly Event[];
  candidates: Candidates | null;
  /** As they stood, best first. */
  hypotheses: readonly Hypothesis[];
  proposals: readonly Proposal[];
};

const MOST_ALERTS = 3;
const MOST_CHANGES = 3;
const MOST_LINES = 14;

/** The record of a closed incident; what a person confirmed is added when they do. */
export function remember(
  { incident, events, candidates, hypotheses, proposals }: Closed,
  confirmed: RememberedIncident['confirmed'],
): RememberedIncident {
  const { id, title, severity, openedMs, closedMs } = incident;
  return {
    incident: id,
    title,
    severity,
    openedMs,
    closedMs,
    traits: traitsOf({ title, events, candidates }),
    digest: digestOf(events, candidates),
    tried: proposals.flatMap(triedIn),
    stated: hypotheses.map(({ claim, cause, confidence }) => ({ claim, cause, confidence })),
    confirmed,
  };
}

export function confirmedBy(
  review: Review,
  events: readonly Event[],
  person: string,
  atMs: number,
): NonNullable<RememberedIncident['confirmed']> {
  return { ...review, inWords: causeInWords(review.cause, events), person, atMs };
}

/** Keys of changes that the timeline does not hold. */
export const unknownChanges = (cause: ConfirmedCause, events: readonly Event[]): string[] => {
  if (cause.as !== 'change') return [];
  const changes = new Set(events.filter(({ kind }) => kind === 'change').map(({ key }) => key));
  return cause.changes.filter((key) => !changes.has(key));
};

function causeInWords(cause: ConfirmedCause, events: readonly Event[]): string {
  switch (cause.as) {
    case 'change':
      return cause.changes
        .map((key) => events.find((event) => event.key === key)?.title ?? key)
        .join('; ')
        .slice(0, 1_000);
    case 'outside':
      return cause.what;
    case 'none':
      return 'There was no trouble to find a cause of';
    case 'unknown':
      return 'The cause was not found';
    default:
      return cause satisfies never;
  }
}

/** The first alerts, the changes that were worth reading and what was done, in order of time. */
function digestOf(events: readonly Event[], candidates: Candidates | null): RememberedIncident['digest'] {
  const worth = new Set(
    (candidates?.changes ?? [])
      .slice(0, Math.min(MOST_CHANGES, candidates?.worthReading ?? 0))
      .map(({ id }) => id),
  );
  const alerts = events.filter((event) => event.kind === 'signal' && event.sort === 'alert');
  const told = new Set<Event>([
    ...alerts.slice(0, MOST_ALERTS),
    ...events.filter(({ key }) => worth.has(key)),
    ...events.filter((event) => event.kind === 'record' && DONE.has(event.sort)),
  ]);
  return [...told]
    .sort((a, b) => a.atMs - b.atMs)
    .slice(0, MOST_LINES)
    .map(({ atMs, title }) => ({ atMs, line: title.slice(0, 300) }));
}

const DONE: ReadonlySet<string> = new Set(['decision', 'execution', 'outcome', 'escalation', 'incident']);

function triedIn({ title, progress }: Proposal): RememberedIncident['tried'] {
  switch (progress.state) {
    case 'done':
      return [{ title, outcome: progress.backedOut ? `${progress.outcome}, backed out` : progress.outcome }];
    case 'failed':
      return [{ title, outcome: 'failed' }];
    case 'unknown':
      return [{ title, outcome: 'outcome unknown' }];
    case 'executing':
    case 'watching':
      return [{ title, outcome: 'still watched' }];
    case 'denied':
    case 'escalated':
    case 'offered':
    case 'expired':
    case 'withdrawn':
    case 'voided':
    case 'refused':
    case 'judged':
    case 'approved':
      return [];
    default:
      return progress satisfies never;
  }
}
