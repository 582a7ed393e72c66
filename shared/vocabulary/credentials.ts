import { z } from 'zod';
import { EpochMs, Realm } from './ids.ts';

/** A right that could do more harm than anything the envelope allows. */
export const DangerousRight = z.strictObject({
  right: z.string(),
  /** A namespace, or `everywhere`. */
  where: z.string(),
  /** What one can do with it. */
  why: z.string(),
});
export type DangerousRight = z.infer<typeof DangerousRight>;

/** What the credential of a connection may do, beside what the envelope could ever need. */
export const CredentialView = z.strictObject({
  connection: z.string(),
  name: z.string(),
  realm: Realm,
  state: z.enum(['reviewing', 'reviewed', 'failed']),
  /** "Needs 6, holds 41, 7 dangerous", or why it could not be told. */
  sentence: z.string(),
  /** The worst first. */
  dangerous: z.array(DangerousRight),
  /** The other rights beyond the need, as far as the server lists them. */
  surplus: z.array(z.string()),
  /** The server's list of rights may lack some. */
  incomplete: z.boolean(),
  /** Whether the envelope refuses every action through it for that. */
  refuses: z.boolean(),
  reviewedMs: EpochMs.nullable(),
});
export type CredentialView = z.infer<typeof CredentialView>;
