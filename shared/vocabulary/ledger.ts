import { z } from 'zod';
import { EpochMs, IncidentId } from './ids.ts';

/** An entry as the screen reads it; the bytes that were hashed stay in the log. */
export const LedgerEntryView = z.strictObject({
  seq: z.number().int().nonnegative(),
  kind: z.string(),
  atMs: EpochMs,
  actor: z.strictObject({ kind: z.string(), name: z.string() }),
  incident: IncidentId.nullable(),
  causes: z.array(z.number().int()),
  body: z.record(z.string(), z.json()),
  /** What it says, in a few words. */
  says: z.string(),
});
export type LedgerEntryView = z.infer<typeof LedgerEntryView>;

/** One of the entries that led to another; `depth` steps back, a cause below what it led to. */
export const WhyLine = z.strictObject({
  seq: z.number().int().nonnegative(),
  depth: z.number().int().nonnegative(),
  atMs: EpochMs,
  /** Who did what. */
  says: z.string(),
  /** Spelled out elsewhere in the list, or more led to it than is shown. */
  shortened: z.enum(['repeated', 'cut']).nullable(),
});
export type WhyLine = z.infer<typeof WhyLine>;

export const LedgerVerification = z.strictObject({
  ok: z.boolean(),
  size: z.number().int(),
  rootHex: z.string(),
  problems: z.array(z.string()),
});
export type LedgerVerification = z.infer<typeof LedgerVerification>;
