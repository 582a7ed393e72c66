import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Escalation } from '../../shared/vocabulary/escalation.ts';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import type {
  Denial,
  Mistake,
  SignOff,
  Waited,
  WeeklyReview,
} from '../../shared/vocabulary/weekly-review.ts';
import { DAY_MS } from './denials.ts';

const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

/** The week, Monday to Monday in UTC, in which a moment lies. */
export function weekOf(atMs: number): { fromMs: number; toMs: number } {
  const fromMs = atMs - ((((atMs - FIRST_MONDAY_MS) % WEEK_MS) + WEEK_MS) % WEEK_MS);
  return { fromMs, toMs: fromMs + WEEK_MS };
}

/** Everything a review is made of; `incidents`, with what belongs to them, are those that the week touches. */
export type WeekFacts = {
  realm: Realm;
  fromMs: number;
  toMs: number;
  nowMs: number;
  incidents: readonly Incident[];
  causeOf(incident: string): string | null;
  proposals: readonly Proposal[];
  escalations: readonly Escalation[];
  denials: readonly Denial[];
  /** First hypotheses of incidents whose cause was confirmed, and whether they had named it. */
  stated: readonly ({ isRight: boolean } & Omit<Extract<Mistake, { kind: 'hypothesis' }>, 'kind'>)[];
  signOff: (Omit<SignOff, 'isCurrent'> & { digest: string }) | null;
};

/** What happened, what was denied, what waited too long and what the analyst got wrong. */
export function weeklyReview(facts: WeekFacts): WeeklyReview {
  const { realm, fromMs, toMs, stated } = facts;
  const isInWeek = (atMs: number) => fromMs <= atMs && atMs < toMs;
  const ended = facts.proposals.filter(
    ({ progress }) => 'execution' in progress && isInWeek(progress.execution.intentMs),
  );
  const reviewed = {
    realm,
    fromMs,
    toMs,
    incidents: facts.incidents.map(({ id, title, severity, status, openedMs, closedMs }) => ({
      ...{ id, title, severity, status, openedMs, closedMs },
      cause: facts.causeOf(id),
    })),
    executed: ended.length,
    helped: ended.filter(({ progress }) => progress.state === 'done' && progress.outcome === 'improved')
      .length,
    denials: [...facts.denials],
    waited: [
      ...facts.escalations.flatMap((one) => overdue(one, facts)),
      ...facts.proposals.flatMap(undecided(isInWeek)),
    ],
    mistakes: [
      ...stated.flatMap(({ isRight, ...mistake }): Mistake[] =>
        isRight ? [] : [{ kind: 'hypothesis', ...mistake }],
      ),
      ...ended.flatMap(withoutHelp),
    ],
    causes: { named: stated.filter(({ isRight }) => isRight).length, of: stated.length },
  };
  const digest = digestOf(reviewed);
  const { signOff } = facts;
  if (signOff === null) return { ...reviewed, digest, signOff };
  const { digest: signed, ...said } = signOff;
  return { ...reviewed, digest, signOff: { ...said, isCurrent: signed === digest } };
}

/**
 * What waits still grows older, and what was looked at must stay what is signed: so the length of a wait under way is no
 * part of what is signed off, only that there is one.
 */
function digestOf({ waited, ...reviewed }: Omit<WeeklyReview, 'digest' | 'signOff'>): string {
  const steady = waited.map(({ waitedMs, ...one }) => (one.isWaiting ? one : { ...one, waitedMs }));
  return createHash('sha256')
    .update(canonicalize({ ...reviewed, waited: steady }) ?? '')
    .digest('hex');
}

function overdue(escalation: Escalation, { fromMs, toMs, nowMs }: WeekFacts): Waited[] {
  const { incident, title, openedMs, dueMs, holders, closed } = escalation;
  if (dueMs === undefined) return [];
  const answeredMs = holders?.[0]?.atMs ?? closed?.atMs ?? null;
  const untilMs = answeredMs ?? nowMs;
  // In the week in which it became too late, so that each stands in one review.
  if (untilMs <= dueMs || dueMs < fromMs || dueMs >= toMs) return [];
  return [
    {
      kind: 'escalation',
      ...{ incident, title, openedMs },
      waitedMs: untilMs - openedMs,
      targetMs: dueMs - openedMs,
      isWaiting: answeredMs === null,
    },
  ];
}

const undecided =
  (isInWeek: (atMs: number) => boolean) =>
  ({ incident, title, proposedMs, expiresMs, progress }: Proposal): Waited[] =>
    progress.state === 'expired' && isInWeek(progress.atMs)
      ? [
          {
            kind: 'proposal',
            ...{ incident, title, openedMs: proposedMs },
            waitedMs: Math.max(0, progress.atMs - proposedMs),
            targetMs: Math.max(0, expiresMs - proposedMs),
            isWaiting: false,
          },
        ]
      : [];

function withoutHelp({ incident, title, proposedBy, progress }: Proposal): Mistake[] {
  if (proposedBy.kind !== 'analyst' || progress.state !== 'done') return [];
  const { outcome, sentence } = progress;
  return outcome === 'worse' || outcome === 'unchanged'
    ? [{ kind: 'action', incident, title, outcome, sentence }]
    : [];
}
