import { z } from 'zod';

/** The envelope in words, for the screen. */
export const EnvelopeView = z.strictObject({
  version: z.string(),
  digest: z.string(),
  where: z.string(),
  mayPropose: z.array(z.string()),
  tiers: z.array(z.string()),
  limits: z.array(z.string()),
});
export type EnvelopeView = z.infer<typeof EnvelopeView>;
