import { z } from 'zod';
import { EpochMs, IncidentId } from './ids.ts';

const Difficulty = z.number().int().min(1).max(5);

/** A scenario as offered before a drill: no answer in it. */
export const ScenarioSummary = z.strictObject({
  name: z.string(),
  title: z.string(),
  story: z.string(),
  difficulty: Difficulty,
});
export type ScenarioSummary = z.infer<typeof ScenarioSummary>;

/** How long something took from the moment the trouble began, in drill time; null when it did not happen. */
const Since = z.number().int().nullable();

/** What a person asks first after a drill. */
export const DebriefTimes = z.strictObject({
  /** Until an alert fired or somebody opened the incident. */
  detect: Since,
  /** Until a stated hypothesis named the true cause, at any rank. */
  cause: Since,
  /** Until the true cause stood first. */
  causeFirst: Since,
  /** Until the expected effect of an action that helps had come. */
  mitigation: Since,
});
export type DebriefTimes = z.infer<typeof DebriefTimes>;

export const DebriefTruth = z.strictObject({
  /** Empty when none of the changes in the window caused it. */
  changes: z.array(
    z.strictObject({ id: z.string(), title: z.string(), service: z.string().nullable(), at: Since }),
  ),
  services: z.array(z.string()),
  /** What a good conclusion says. */
  conclusion: z.string(),
  /** What would have helped; empty when nothing would have. */
  helps: z.array(z.string()),
});
export type DebriefTruth = z.infer<typeof DebriefTruth>;

/** One of the named parts that a score is the sum of. */
export const ScorePart = z.strictObject({
  name: z.enum(['cause', 'speed', 'mitigation', 'harm', 'decoys']),
  points: z.number().int().min(0),
  of: z.number().int().positive(),
  sentence: z.string(),
});
export type ScorePart = z.infer<typeof ScorePart>;

/** One line of what happened (`world`) or of what was done about it (`room`). */
export const DebriefLine = z.strictObject({
  at: z.number().int(),
  lane: z.enum(['world', 'room']),
  title: z.string(),
  /** What it turned out to be, once the answer is known. */
  was: z.enum(['plain', 'cause', 'decoy', 'right', 'help', 'harm']),
});
export type DebriefLine = z.infer<typeof DebriefLine>;

/** Something that was done or believed, judged afterwards. */
export const Judged = z.strictObject({ at: z.number().int(), title: z.string(), sentence: z.string() });
export type Judged = z.infer<typeof Judged>;

/** A kept score, as lists and comparisons show it. */
export const PastDrill = z.strictObject({
  incident: IncidentId,
  person: z.string(),
  scenario: z.string(),
  title: z.string(),
  seed: z.number().int(),
  difficulty: Difficulty,
  endedMs: EpochMs,
  score: z.number().int().min(0).max(100),
});
export type PastDrill = z.infer<typeof PastDrill>;

/** Where this score stands among earlier ones; `rank` 1 is the best, ties share it. */
export const Standing = z.strictObject({
  earlier: z.number().int().nonnegative(),
  best: z.number().nullable(),
  median: z.number().nullable(),
  rank: z.number().int().positive(),
});
export type Standing = z.infer<typeof Standing>;

/** What a drill came to: what really happened against what was done. Made when it ends, never before. */
export const Debrief = z.strictObject({
  ...PastDrill.shape,
  beganMs: EpochMs,
  truth: DebriefTruth,
  times: DebriefTimes,
  parts: z.array(ScorePart),
  /** Wrong causes that stood first, and approvals that rested on one. */
  chased: z.array(Judged),
  harm: z.array(Judged),
  helped: z.array(Judged),
  timeline: z.array(DebriefLine),
  comparison: z.strictObject({
    all: Standing,
    sameScenario: Standing,
    /** The last ones of this person before this drill, oldest first. */
    last: z.array(PastDrill),
  }),
});
export type Debrief = z.infer<typeof Debrief>;
