import { z } from 'zod';
import { EpochMs } from './ids.ts';

/** What a million tokens cost in USD, from where that is known and since when. */
export const ModelPrice = z.strictObject({
  model: z.string().min(1).max(120),
  perMillion: z.strictObject({
    input: z.number().min(0).max(10_000),
    output: z.number().min(0).max(10_000),
    cacheRead: z.number().min(0).max(10_000),
    cacheWritten: z.number().min(0).max(10_000),
  }),
  source: z.string().trim().min(1, 'say where the price is from').max(300),
  /** The day it was read there. */
  date: z.iso.date(),
});
export type ModelPrice = z.infer<typeof ModelPrice>;

/**
 * Where a server speaks the Messages API. Nothing is sent in the clear, except to a server on this machine; user, query and
 * fragment have no place in it.
 */
export const ModelUrl = z
  .url()
  .max(300)
  .regex(
    /^(https:\/\/[^/?#@\s\\]+|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)(\/[^?#@\s\\]*)?$/i,
    'an https URL, or http on this machine, without user, query or fragment',
  );

/** How much the model thinks before it answers; `default` leaves it to the model, and says nothing in the request. */
export const Effort = z.enum(['default', 'low', 'medium', 'high']);
export type Effort = z.infer<typeof Effort>;

/** Exactly which model, where, and with which parameters: pinned, until a person changes it. */
export const ChosenModel = z.strictObject({
  baseUrl: ModelUrl,
  model: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,119}$/, 'the exact id of a model'),
  maxTokens: z.number().int().min(512).max(64_000),
  contextTokens: z.number().int().min(8_000).max(2_000_000),
  effort: Effort,
});
export type ChosenModel = z.infer<typeof ChosenModel>;

/** What one run may use; the envelope limits an incident over all its runs. */
export const RunLimits = z.strictObject({
  turns: z.number().int().min(1).max(200),
  reads: z.number().int().min(1).max(1_000),
  tokens: z.number().int().min(1_000).max(20_000_000),
  usd: z.number().min(0.01).max(1_000),
  wallSeconds: z.number().int().min(10).max(3_600),
});
export type RunLimits = z.infer<typeof RunLimits>;

/** Which analyst works on real incidents and which in drills. */
export const AnalystChoice = z.enum(['offline', 'model']);
export type AnalystChoice = z.infer<typeof AnalystChoice>;

export const ModelSettings = z.strictObject({
  real: AnalystChoice,
  drill: AnalystChoice,
  chosen: ChosenModel,
  limits: RunLimits,
  prices: z.array(ModelPrice).max(50),
  /** Whether network addresses and names of internal hosts are masked as well. */
  maskAddresses: z.boolean().default(false),
});
export type ModelSettings = z.infer<typeof ModelSettings>;

/** A named person agreed that what the analyst reads is sent to one model at one place. */
export const ModelConsent = z.strictObject({
  baseUrl: z.string(),
  model: z.string(),
  person: z.string(),
  atMs: EpochMs,
});
export type ModelConsent = z.infer<typeof ModelConsent>;

/** How often two things were the same, and what differed, in a run replayed with another model. */
export const ReplayedRun = z.strictObject({
  run: z.string(),
  incident: z.string(),
  atMs: EpochMs,
  /** What the run on record and the replayed one ended with. */
  before: z.lazy(() => RunConclusion),
  after: z.lazy(() => RunConclusion),
  hypotheses: z.enum(['same', 'same-first', 'different']),
  proposals: z.strictObject({
    both: z.array(z.string()),
    onlyBefore: z.array(z.string()),
    onlyAfter: z.array(z.string()),
  }),
  /** Proposals made both times on which the guard's verdict differs. */
  verdicts: z.array(z.strictObject({ proposal: z.string(), before: z.string(), after: z.string() })),
  /** Calls that the record does not hold: the outside world was not asked. */
  notRecorded: z.number().int(),
  diverges: z.boolean(),
});
export type ReplayedRun = z.infer<typeof ReplayedRun>;

export const RunConclusion = z.strictObject({
  model: z.string(),
  /** Causes of the last hypotheses stated, likeliest first; null stands for "not seen in our data". */
  causes: z.array(z.string().nullable()),
  /** Whether a cause was named, or it was inconclusive, or nothing to do; null when nothing was stated. */
  conclusion: z.string().nullable(),
  /** What was proposed, with the guard's verdict on it where it is known. */
  proposals: z.array(z.strictObject({ proposal: z.string(), verdict: z.string() })),
  turns: z.number().int(),
  tokens: z.number().int().nullable(),
  usd: z.number().nullable(),
  ended: z.string(),
});
export type RunConclusion = z.infer<typeof RunConclusion>;

export const ReplayReport = z.strictObject({
  model: z.string(),
  baseUrl: z.string().nullable(),
  /** Which prompt stood in front, as the first characters of its SHA-256. */
  prompt: z.string(),
  fromMs: EpochMs,
  toMs: EpochMs,
  runs: z.array(ReplayedRun),
  diverged: z.number().int(),
  notRecorded: z.number().int(),
  /** Why it ended before the last run, if it did. */
  cutShort: z.string().nullable(),
});
export type ReplayReport = z.infer<typeof ReplayReport>;

/** What Settings shows of the model. The key itself never leaves the host. */
export const ModelView = z.strictObject({
  settings: ModelSettings,
  /** The servers (`https://host`) for which the vault holds a key. */
  keysFor: z.array(z.string()),
  /** What a person agrees to, in a paragraph. */
  whatLeaves: z.string(),
  consents: z.array(ModelConsent),
  /** Which analyst would begin now, and why that one. */
  uses: z.strictObject({
    real: z.strictObject({ model: z.string(), why: z.string() }),
    drill: z.strictObject({ model: z.string(), why: z.string() }),
  }),
  replay: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('none') }),
    z.strictObject({ state: z.literal('running'), done: z.number().int(), of: z.number().int() }),
    z.strictObject({ state: z.literal('done'), of: ChosenModel, report: ReplayReport }),
    z.strictObject({ state: z.literal('failed'), because: z.string() }),
  ]),
});
export type ModelView = z.infer<typeof ModelView>;
