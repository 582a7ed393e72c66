import { z } from 'zod';

/** The log that a new one takes the place of, and why: a broken log is never continued, and never forgotten. */
export const FollowedLog = z.strictObject({
  origin: z.string(),
  size: z.number().int().nonnegative(),
  rootHex: z.string().regex(/^[0-9a-f]{64}$/),
  /** Signed head of that log as it was kept outside, where there was one. */
  checkpoint: z.string().max(65_536).nullable(),
  /** What was wrong with it. */
  because: z.string(),
  /** Why this person began anew. */
  reason: z.string(),
});
export type FollowedLog = z.infer<typeof FollowedLog>;

/** Body of the first entry, `log.opened`. The key is null when the vault was still locked. */
export const OpenedBody = z.strictObject({
  origin: z.string(),
  publicKey: z.base64().nullable(),
  follows: FollowedLog.optional(),
});
export type OpenedBody = z.infer<typeof OpenedBody>;

/**
 * Body of a `key` entry: the key that signs this log from here on. The first one may come late, when the vault was
 * locked at the start; every other is signed by the key before it and by itself, over `rotationText`.
 */
export const KeyBody = z.strictObject({
  publicKey: z.base64(),
  signatures: z.strictObject({ old: z.base64(), new: z.base64() }).optional(),
  /** Why the key was changed, in the person's words. */
  reason: z.string().optional(),
});
export type KeyBody = z.infer<typeof KeyBody>;
