import { z } from 'zod';
import { Conclusion } from './hypothesis.ts';
import { EpochMs, IncidentId } from './ids.ts';

/** A sentence of an answer with the facts it rests on: keys of timeline events, ids of recorded reads. */
export const AnswerLine = z.strictObject({
  sentence: z.string().min(1).max(1_000),
  events: z.array(z.string()).max(60),
  reads: z.array(z.string()).max(20),
});
export type AnswerLine = z.infer<typeof AnswerLine>;

/** What the analyst did, one line each, as the screen streams it. */
export const AnalystStep = z.strictObject({
  incident: IncidentId,
  seq: z.number().int().nonnegative(),
  atMs: EpochMs,
  step: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('started'), model: z.string(), because: z.string() }),
    z.strictObject({ kind: z.literal('said'), text: z.string() }),
    /** `read` is the id that evidence cites; `digest` is the SHA-256 of the whole result. */
    z.strictObject({
      kind: z.literal('read'),
      read: z.string(),
      tool: z.string(),
      arguments: z.record(z.string(), z.json()),
      found: z.string(),
      digest: z.string(),
      failed: z.boolean(),
    }),
    /** `dropped` is how many pieces of evidence cited nothing on record. */
    z.strictObject({
      kind: z.literal('stated'),
      hypotheses: z.number().int(),
      dropped: z.number().int(),
      conclusion: Conclusion.exactOptional(),
    }),
    z.strictObject({
      kind: z.literal('proposed'),
      proposal: z.string(),
      title: z.string(),
      verdict: z.string(),
    }),
    z.strictObject({ kind: z.literal('asked'), person: z.string(), question: z.string() }),
    /** `dropped` sentences cited something, and nothing of it is on record. */
    z.strictObject({ kind: z.literal('answered'), answer: z.array(AnswerLine), dropped: z.number().int() }),
    z.strictObject({ kind: z.literal('ended'), because: z.string() }),
  ]),
});
export type AnalystStep = z.infer<typeof AnalystStep>;

const Used = z.strictObject({ used: z.number(), limit: z.number() });

/** What a run has used. Tokens are not counted (`null`) by a model that has none, money not without a price. */
export const AnalystBudget = z.strictObject({
  turns: Used,
  reads: Used,
  tokens: Used.nullable(),
  usd: Used.nullable(),
  wallMs: Used,
});
export type AnalystBudget = z.infer<typeof AnalystBudget>;

export const AnalystRun = z.strictObject({
  state: z.enum(['idle', 'reading', 'stopped', 'done', 'failed']),
  model: z.string(),
  /** Why this model and no other, in words: what the person chose, or what keeps that from being used. */
  why: z.string(),
  /** The text of the turn that is under way, as far as it has come; empty between turns. */
  saying: z.string(),
  budget: AnalystBudget,
  steps: z.array(AnalystStep),
});
export type AnalystRun = z.infer<typeof AnalystRun>;
