import { z } from 'zod';
import { EnvelopeState } from './envelope.ts';
import { CurrentIdentity } from './identity.ts';
import { EpochMs, IncidentId, Realm } from './ids.ts';

/** `shadow`: nothing executes. `supervised`: each action countersigned. `bounded`: standing orders allowed. */
export const Stage = z.enum(['shadow', 'supervised', 'bounded']);
export type Stage = z.infer<typeof Stage>;

/** By what means a person stopped everything; `file` is the file STOP in the data directory, whoever made it. */
export const StopMeans = z.enum(['screen', 'tray', 'menu', 'file']);
export type StopMeans = z.infer<typeof StopMeans>;

export const StopState = z.discriminatedUnion('stopped', [
  z.strictObject({ stopped: z.literal(false) }),
  z.strictObject({
    stopped: z.literal(true),
    by: z.string(),
    reason: z.string(),
    atMs: EpochMs,
    /** Absent from a stop that an earlier version stored. */
    how: StopMeans.optional(),
  }),
]);
export type StopState = z.infer<typeof StopState>;

/** One connection as the top bar counts it. */
export const SourceStatus = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  realm: Realm,
  state: z.enum(['connecting', 'up', 'down']),
  /** What went wrong and what to do, when down; otherwise what it delivers. */
  sentence: z.string(),
  lastHeardMs: EpochMs.nullable(),
  /** How far its clock is ahead of this machine's; null where they are one, or nothing is known. */
  skewMs: z.number().nullable(),
});
export type SourceStatus = z.infer<typeof SourceStatus>;

export const LedgerStatus = z.strictObject({
  realm: Realm,
  size: z.number().int(),
  rootHex: z.string(),
  origin: z.string(),
  /** The last checkpoint as a signed note, to copy elsewhere; null before the first one. */
  checkpoint: z.string().nullable(),
  /** `holds`: verified since start. `unsigned`: there is no key yet to sign with. */
  state: z.enum(['empty', 'verifying', 'holds', 'unsigned', 'broken']),
  sentence: z.string(),
});
export type LedgerStatus = z.infer<typeof LedgerStatus>;

export const DrillStatus = z.strictObject({
  incident: IncidentId,
  scenario: z.string(),
  title: z.string(),
  speed: z.number().positive(),
  /** Drill time stands still until it is resumed; the speed is the one it goes on with. */
  paused: z.boolean(),
});
export type DrillStatus = z.infer<typeof DrillStatus>;

/** What a drill that is being started is about to get, in this order. */
export const DRILL_STEPS = ['world', 'cluster', 'other-systems', 'alert'] as const;
export const DrillStep = z.enum(DRILL_STEPS);
export type DrillStep = z.infer<typeof DrillStep>;

export const Theme = z.enum(['system', 'dark', 'light']);
export type Theme = z.infer<typeof Theme>;

/** What stopped new offers of an incident by itself: which count reached which limit of the envelope. */
export const BreakerName = z.enum(['worse', 'failures', 'executions', 'denials', 'analyst']);
export type BreakerName = z.infer<typeof BreakerName>;
export const OpenBreaker = z.strictObject({
  name: BreakerName,
  incident: IncidentId,
  count: z.number().int().nonnegative(),
  limit: z.number().int().positive(),
  /** Names count and limit. */
  sentence: z.string(),
  /** What closes it again. */
  closes: z.string(),
  openedMs: EpochMs,
});
export type OpenBreaker = z.infer<typeof OpenBreaker>;

/** Everything that is true of the host as a whole. */
export const HostStatus = z.strictObject({
  version: z.string(),
  shell: z.enum(['desktop', 'web', 'cli']),
  person: z.string(),
  /** The person at the controls; `name` is `person`. */
  identity: CurrentIdentity,
  stage: Stage,
  /** Whether anything about real incidents may be proposed at all. */
  envelope: EnvelopeState,
  stop: StopState,
  breakers: z.array(OpenBreaker),
  vault: z.enum(['new', 'locked', 'unlocked']),
  theme: Theme,
  sources: z.array(SourceStatus),
  ledgers: z.strictObject({ real: LedgerStatus, drill: LedgerStatus }),
  drill: DrillStatus.nullable(),
  /** How far the start of a drill is, from its wish until its incident is open. */
  drillStarting: DrillStep.exactOptional(),
  /** What is not over yet, real and drill together. */
  open: z.strictObject({
    incidents: z.number().int().nonnegative(),
    escalations: z.number().int().nonnegative(),
  }),
  /** Time of the drill's clock minus the machine's, so that the screen can tell ages inside a drill. */
  drillClockOffsetMs: z.number(),
  /** Things a person must know once: a damaged database set aside, a connection file with an error. */
  notices: z.array(z.string()),
});
export type HostStatus = z.infer<typeof HostStatus>;
