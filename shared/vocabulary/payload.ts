import { z } from 'zod';
import { EpochMs } from './ids.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** No text is kept that is longer. */
export const MOST_PAYLOAD_CHARACTERS = 65_536;

/** What is kept of what a source delivered of a fact, under the SHA-256 that the fact names. */
export const Payload = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('kept'),
    digest,
    text: z.string(),
    keptMs: EpochMs,
    /** It was longer, and only its beginning is kept. */
    isCut: z.boolean(),
  }),
  /** Of this incident so much was delivered that it is not among what is kept. */
  z.strictObject({ kind: z.literal('absent'), digest }),
  /** Under a retention rule, by an entry of the ledger. */
  z.strictObject({ kind: z.literal('erased'), digest, by: z.number().int() }),
  /** What stands there is not what was delivered. */
  z.strictObject({ kind: z.literal('altered'), digest }),
]);
export type Payload = z.infer<typeof Payload>;
