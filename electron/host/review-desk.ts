import { z } from 'zod';
import type { Denials, WeeklyReview } from '../../shared/vocabulary/weekly-review.ts';
import type { LedgerEntry } from '../ledger/entry.ts';
import { pointOf } from '../memory/calibration.ts';
import { Failure } from '../platform/failure.ts';
import { DAY_MS, denialDays, denialsIn } from '../reports/denials.ts';
import { weeklyReview, weekOf } from '../reports/weekly-review.ts';
import type { RealmDesk } from './realm.ts';

/** More entries are not gone through while everything else waits. */
const MOST_ENTRIES = 10_000;
/** Denials that a person goes over in five minutes; the chart counts all. */
const MOST_DENIALS = 200;

/** How often something was denied, day by day in UTC, today included. */
export function denialsOf(realm: RealmDesk, days: number): Denials {
  const now = realm.clock.now();
  const fromMs = Math.floor(now / DAY_MS) * DAY_MS - (days - 1) * DAY_MS;
  const { entries, isCut } = answersBetween(realm, fromMs, now);
  return {
    days: denialDays(
      denialsIn(entries, () => ''),
      fromMs,
      days,
    ),
    isCut,
  };
}

/** The week in which `atMs` lies, as far as it has come. */
export function reviewOf(realm: RealmDesk, atMs: number): WeeklyReview {
  const { fromMs, toMs } = weekOf(atMs);
  const nowMs = realm.clock.now();
  const incidents = realm.incidents
    .all()
    .filter(({ openedMs, closedMs }) => openedMs < toMs && (closedMs === null || closedMs >= fromMs));
  const proposals = incidents.flatMap(({ id }) => realm.proposals.ofIncident(id));
  const titles = new Map<string, string>(proposals.map(({ id, title }) => [id, title]));
  const causes = new Map<string, string>(
    realm.memory.causes().map(({ incident, inWords }) => [incident, inWords]),
  );
  const { entries } = answersBetween(realm, fromMs, toMs - 1);
  return weeklyReview({
    realm: realm.realm,
    fromMs,
    toMs,
    nowMs,
    incidents,
    causeOf: (incident) => causes.get(incident) ?? null,
    proposals,
    escalations: incidents.flatMap(({ id }) => realm.escalations.ofIncident(id)),
    denials: denialsIn(entries, (proposal) => titles.get(proposal)).slice(0, MOST_DENIALS),
    stated: statedOf(realm, fromMs, toMs),
    signOff: lastSignOff(realm, fromMs),
  });
}

/**
 * A person has gone over a week. `digest` is of what they saw.
 * @throws Failure `conflict` when the record says something else by now.
 */
export function signOff(
  realm: RealmDesk,
  { weekMs, digest, note }: { weekMs: number; digest: string; note: string },
  person: string,
): WeeklyReview {
  const review = reviewOf(realm, weekMs);
  if (review.digest !== digest)
    throw new Failure(
      'conflict',
      'Something came on record since this week was shown. Read it again, then sign it off.',
    );
  const { fromMs, toMs, incidents, denials, waited, mistakes } = review;
  realm.ledger.record({
    kind: 'review',
    actor: { kind: 'person', name: person },
    body: {
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      digest,
      incidents: incidents.length,
      denials: denials.length,
      waited: waited.length,
      mistakes: mistakes.length,
      note,
    },
  });
  realm.ledger.checkpoint();
  return reviewOf(realm, weekMs);
}

/** Verdicts and decisions, newest first. */
function answersBetween(
  { queries }: RealmDesk,
  fromMs: number,
  toMs: number,
): { entries: LedgerEntry[]; isCut: boolean } {
  const { entries, next } = queries.query({
    kinds: ['verdict', 'decision'],
    fromMs,
    toMs,
    newestFirst: true,
    limit: MOST_ENTRIES,
  });
  return { entries, isCut: next !== null };
}

/** First hypotheses of incidents that somebody confirmed the cause of in the week. */
const statedOf = ({ memory }: RealmDesk, fromMs: number, toMs: number) =>
  memory.all().flatMap((record) => {
    const [first] = record.stated;
    const { confirmed, incident } = record;
    const point = pointOf(record);
    if (!first || !point || !confirmed || confirmed.atMs < fromMs || confirmed.atMs >= toMs) return [];
    const { claim, confidence } = first;
    return [{ isRight: point.confirmed, incident, claim, confidence, confirmed: confirmed.inWords }];
  });

const Body = z.object({ from: z.string(), digest: z.string(), note: z.unknown() });

function lastSignOff({ ledger }: RealmDesk, fromMs: number) {
  const from = new Date(fromMs).toISOString();
  for (const entry of ledger.entries({ kind: 'review', newestFirst: true, limit: MOST_SIGN_OFFS })) {
    const body = Body.safeParse(entry.body);
    if (!body.success || body.data.from !== from) continue;
    const { digest, note } = body.data;
    const { seq, at, actor } = entry;
    return {
      seq,
      atMs: Date.parse(at),
      person: actor.name,
      note: typeof note === 'string' ? note : '',
      digest,
    };
  }
  return null;
}

/** Ten years of weeks. */
const MOST_SIGN_OFFS = 520;
