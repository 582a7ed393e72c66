import { z } from 'zod';
import { EpochMs, IncidentId, Realm } from './ids.ts';
import { Incident } from './incident.ts';

/** One day in UTC and how often something was denied in it. */
export const DenialDay = z.strictObject({
  fromMs: EpochMs,
  byGuard: z.number().int().nonnegative(),
  byPeople: z.number().int().nonnegative(),
});
export type DenialDay = z.infer<typeof DenialDay>;

/** `isCut`: there were more than are counted at once, and the earliest days miss some. */
export const Denials = z.strictObject({ days: z.array(DenialDay), isCut: z.boolean() });
export type Denials = z.infer<typeof Denials>;

/** A denial on record; `seq` is its entry. */
export const Denial = z.strictObject({
  seq: z.number().int().nonnegative(),
  atMs: EpochMs,
  by: z.enum(['guard', 'person']),
  who: z.string(),
  what: z.string(),
  because: z.string(),
  incident: IncidentId.nullable(),
});
export type Denial = z.infer<typeof Denial>;

/** Something that waited for a human longer than it should have. */
export const Waited = z.strictObject({
  kind: z.enum(['escalation', 'proposal']),
  title: z.string(),
  incident: IncidentId,
  openedMs: EpochMs,
  waitedMs: z.number().nonnegative(),
  targetMs: z.number().nonnegative(),
  /** Nobody has it yet. */
  isWaiting: z.boolean(),
});
export type Waited = z.infer<typeof Waited>;

/** Where the analyst was wrong: a first hypothesis that was not confirmed, or an action of its that did not help. */
export const Mistake = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('hypothesis'),
    incident: IncidentId,
    claim: z.string(),
    confidence: z.number().min(0).max(1),
    confirmed: z.string(),
  }),
  z.strictObject({
    kind: z.literal('action'),
    incident: IncidentId,
    title: z.string(),
    outcome: z.enum(['unchanged', 'worse']),
    sentence: z.string(),
  }),
]);
export type Mistake = z.infer<typeof Mistake>;

export const SignOff = z.strictObject({
  seq: z.number().int().nonnegative(),
  atMs: EpochMs,
  person: z.string(),
  note: z.string(),
  /** What was signed off is what the record says now; false where something came after. */
  isCurrent: z.boolean(),
});
export type SignOff = z.infer<typeof SignOff>;

/** A week, Monday to Monday in UTC, as five minutes can take it in. */
export const WeeklyReview = z.strictObject({
  realm: Realm,
  fromMs: EpochMs,
  toMs: EpochMs,
  incidents: z.array(
    z.strictObject({
      ...Incident.pick({
        id: true,
        title: true,
        severity: true,
        status: true,
        openedMs: true,
        closedMs: true,
      }).shape,
      cause: z.string().nullable(),
    }),
  ),
  executed: z.number().int().nonnegative(),
  helped: z.number().int().nonnegative(),
  denials: z.array(Denial),
  waited: z.array(Waited),
  mistakes: z.array(Mistake),
  /** Confirmed causes that the first hypothesis had named, of those that say anything. */
  causes: z.strictObject({ named: z.number().int(), of: z.number().int() }),
  /** SHA-256 of what is above, in hex: what a sign-off names. */
  digest: z.string(),
  signOff: SignOff.nullable(),
});
export type WeeklyReview = z.infer<typeof WeeklyReview>;
