import { z } from 'zod';
import { EpochMs, IncidentId } from './ids.ts';

/** One request that was sent to a model, without its text. */
export const SentRequest = z.strictObject({
  id: z.string().min(1),
  incident: IncidentId,
  atMs: EpochMs,
  model: z.string(),
  /** Where it went, without credentials. */
  baseUrl: z.string(),
  bytes: z.number().int().nonnegative(),
  /** Lower-case hex SHA-256 of the bytes; it stands in the ledger. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** How many different values of each kind stand masked in it. */
  masked: z.record(z.string(), z.number().int().positive()),
});
export type SentRequest = z.infer<typeof SentRequest>;
