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
});
export type LedgerEntryView = z.infer<typeof LedgerEntryView>;

export const LedgerVerification = z.strictObject({
  ok: z.boolean(),
  size: z.number().int(),
  rootHex: z.string(),
  problems: z.array(z.string()),
});
export type LedgerVerification = z.infer<typeof LedgerVerification>;
