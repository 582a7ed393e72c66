import { z } from 'zod';
import { EpochMs, IncidentId } from './ids.ts';
import { Severity } from './incident.ts';
import { ChangeKind } from './kinds.ts';

const text = (most: number) => z.string().trim().max(most);

/** What turned out to be the cause, as a person says it (or, after a drill, its answer). */
export const ConfirmedCause = z.discriminatedUnion('as', [
  /** Changes that we saw, by the keys under which they are ranked. */
  z.strictObject({ as: z.literal('change'), changes: z.array(z.string().min(1).max(400)).min(1).max(20) }),
  /** Something that reported nothing to Countersign. */
  z.strictObject({ as: z.literal('outside'), what: text(500).min(1, 'say what it was') }),
  /** There was no trouble: a false alarm, or load that was meant to be. */
  z.strictObject({ as: z.literal('none') }),
  z.strictObject({ as: z.literal('unknown') }),
]);
export type ConfirmedCause = z.infer<typeof ConfirmedCause>;

/** What a person answers when an incident closes, or later. */
export const Review = z.strictObject({
  cause: ConfirmedCause,
  helped: text(1_000),
  didNotHelp: text(1_000),
});
export type Review = z.infer<typeof Review>;

/** How an incident looked, as terms that incidents can have in common. */
export const Traits = z.strictObject({
  services: z.array(z.string()),
  /** `latency up`, `alert HighErrorRate`, `kubernetes BackOff`: what was seen, without where. */
  signals: z.array(z.string()),
  /** Kinds of the changes that were worth reading. */
  changeKinds: z.array(ChangeKind),
  /** Words of what sources said of it. */
  words: z.array(z.string()),
});
export type Traits = z.infer<typeof Traits>;
export const Aspect = z.enum(['services', 'signals', 'changeKinds', 'words']);
export type Aspect = z.infer<typeof Aspect>;

/** A closed incident as it is remembered. */
export const RememberedIncident = z.strictObject({
  incident: IncidentId,
  title: z.string(),
  severity: Severity,
  openedMs: EpochMs,
  closedMs: EpochMs,
  traits: Traits,
  /** The timeline in a few lines. */
  digest: z.array(z.strictObject({ atMs: EpochMs, line: z.string() })),
  /** What was executed, and what it came to. */
  tried: z.array(z.strictObject({ title: z.string(), outcome: z.string() })),
  /** The hypotheses that stood when it was closed, best first. */
  stated: z.array(
    z.strictObject({ claim: z.string(), cause: z.string().nullable(), confidence: z.number().min(0).max(1) }),
  ),
  confirmed: z
    .strictObject({
      ...Review.shape,
      /** The cause in words, so that it can be read where the timeline is not at hand. */
      inWords: z.string(),
      person: z.string(),
      atMs: EpochMs,
    })
    .nullable(),
});
export type RememberedIncident = z.infer<typeof RememberedIncident>;

/** The confirmed cause of an incident, for a list. */
export const ConfirmedInWords = z.strictObject({ incident: IncidentId, inWords: z.string() });
export type ConfirmedInWords = z.infer<typeof ConfirmedInWords>;

/** One aspect of a comparison: the weight of what both have beside the weight of what either has. */
export const Likeness = z.strictObject({
  aspect: Aspect,
  /** Its share of the whole comparison. */
  weight: z.number().min(0).max(1),
  score: z.number().min(0).max(1),
  alike: z.array(z.string()),
  onlyNow: z.array(z.string()),
  onlyThen: z.array(z.string()),
});
export type Likeness = z.infer<typeof Likeness>;

export const SimilarIncident = z.strictObject({
  incident: IncidentId,
  title: z.string(),
  closedMs: EpochMs,
  similarity: z.number().min(0).max(1),
  likeness: z.array(Likeness),
  tried: RememberedIncident.shape.tried,
  confirmed: RememberedIncident.shape.confirmed,
});
export type SimilarIncident = z.infer<typeof SimilarIncident>;

/** How little an incident resembles anything known. The numbers it is made of stand beside it. */
export const Novelty = z.strictObject({
  score: z.number().min(0).max(1),
  isNovel: z.boolean(),
  /** The ranking's own: how likely the cause is among none of the candidates. */
  outside: z.number().min(0).max(1),
  /** One less the similarity of the nearest remembered incident; null while nothing is remembered. */
  distance: z.number().min(0).max(1).nullable(),
  /** How much of what is seen now was seen in any remembered incident; null while nothing is remembered. */
  coverage: z.number().min(0).max(1).nullable(),
  remembered: z.number().int().nonnegative(),
  sentences: z.array(z.string()),
});
export type Novelty = z.infer<typeof Novelty>;

/** What earlier incidents say of the one in the room. */
export const RoomMemory = z.strictObject({
  /** How many other incidents of this realm are remembered. */
  remembered: z.number().int().nonnegative(),
  /** Null until there is something to compare. */
  novelty: Novelty.nullable(),
  similar: z.array(SimilarIncident),
  /** This incident as it is remembered; null while it is open. */
  record: RememberedIncident.nullable(),
});
export type RoomMemory = z.infer<typeof RoomMemory>;

/** Hypotheses that were stated with a confidence from `from` to `to`, and how many of them were confirmed. */
export const ReliabilityBin = z.strictObject({
  from: z.number(),
  to: z.number(),
  count: z.number().int().nonnegative(),
  /** Mean of what was stated; null where there is none. */
  stated: z.number().nullable(),
  confirmed: z.number().int().nonnegative(),
  /** Wilson's 90 % interval of the share that was confirmed; null where there is none. */
  between: z.tuple([z.number(), z.number()]).nullable(),
});
export type ReliabilityBin = z.infer<typeof ReliabilityBin>;

/** What was stated against what was confirmed, over the incidents of one realm. */
export const Calibration = z.strictObject({
  incidents: z.number().int().nonnegative(),
  /** Mean confidence of first hypotheses, and the share of them that was confirmed; null while there are none. */
  stated: z.number().nullable(),
  confirmed: z.number().nullable(),
  bins: z.array(ReliabilityBin),
  /** What the ceiling of confidence is multiplied with; 1 unless the analyst was overconfident. */
  ceilingFactor: z.number().min(0).max(1),
  /** How many confirmed incidents it takes before the ceiling moves at all. */
  needed: z.number().int().positive(),
});
export type Calibration = z.infer<typeof Calibration>;
