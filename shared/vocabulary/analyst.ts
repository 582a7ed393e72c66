import { z } from 'zod';
import { EpochMs, IncidentId } from './ids.ts';

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
    z.strictObject({ kind: z.literal('stated'), hypotheses: z.number().int(), dropped: z.number().int() }),
    z.strictObject({
      kind: z.literal('proposed'),
      proposal: z.string(),
      title: z.string(),
      verdict: z.string(),
    }),
    z.strictObject({ kind: z.literal('ended'), because: z.string() }),
  ]),
});
export type AnalystStep = z.infer<typeof AnalystStep>;

export const AnalystBudget = z.strictObject({
  turns: z.strictObject({ used: z.number(), limit: z.number() }),
  reads: z.strictObject({ used: z.number(), limit: z.number() }),
  wallMs: z.strictObject({ used: z.number(), limit: z.number() }),
});
export type AnalystBudget = z.infer<typeof AnalystBudget>;

export const AnalystRun = z.strictObject({
  state: z.enum(['idle', 'reading', 'stopped', 'done', 'failed']),
  model: z.string(),
  budget: AnalystBudget,
  steps: z.array(AnalystStep),
});
export type AnalystRun = z.infer<typeof AnalystRun>;
