import { z } from 'zod';
import { EpochMs } from './ids.ts';
import { ReceivedKind } from './receiver-place.ts';

/** More of them would make each signature that nobody made costly to refuse. */
export const MOST_SENDERS = 20;

export const SenderId = z.string().min(1).max(100);
export type SenderId = z.infer<typeof SenderId>;

/** Stands on every fact that comes from it, so it is one line. */
export const SenderName = z
  .string()
  .trim()
  .min(1, 'what it is called')
  .max(60)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, 'one line of plain text');

/** At which addresses its secret opens. */
export const Sends = z
  .array(ReceivedKind)
  .min(1, 'at least one of what it may send')
  .max(ReceivedKind.options.length)
  .refine((kinds) => new Set(kinds).size === kinds.length, 'each kind once');

/** A secret that somebody else has made: what fits into a header as it stands. */
export const GivenSecret = z
  .string()
  .max(200)
  .regex(/^[\x21-\x7e]*$/, 'letters, digits and signs without spaces');

/** Who may post to a receiver, as stored and shown: its secret is in the vault alone. */
export const ReceiverSender = z.strictObject({
  id: SenderId,
  name: SenderName,
  sends: Sends,
  /** When its secret was made or given; null where that is not known. */
  sinceMs: EpochMs.nullable(),
  /** Until then the secret before it is good as well. */
  previousUntilMs: EpochMs.optional(),
});
export type ReceiverSender = z.infer<typeof ReceiverSender>;

/**
 * The one sender of a receiver with one secret for all: of connections from before senders had their own, and of
 * `auth: { bearer }`. What it sends is told as if nobody stood between.
 */
export const EVERY_SENDER = 'all';
export const everySender = (sends: readonly ReceivedKind[]): ReceiverSender => ({
  id: EVERY_SENDER,
  name: 'Every sender',
  sends: [...sends],
  sinceMs: null,
});

/** For how long an old secret may stay good beside its successor, in hours. */
export const OverlapHours = z.number().int().min(0).max(168);

export const NewSender = z.strictObject({
  name: SenderName,
  sends: Sends,
  /** Made for it where none is given. */
  secret: GivenSecret.optional(),
});
export type NewSender = z.infer<typeof NewSender>;

/** `secret` where it was made here: shown this once, and read by nobody again. */
export const SenderWithSecret = z.strictObject({ sender: ReceiverSender, secret: z.string().nullable() });
export type SenderWithSecret = z.infer<typeof SenderWithSecret>;

const Refused = z.strictObject({ atMs: EpochMs, sentence: z.string() });

/** What came of each sender since the receiver began to listen. */
export const SenderReport = z.strictObject({
  sinceMs: EpochMs,
  senders: z.array(
    z.strictObject({
      id: SenderId,
      /** Requests that were taken. */
      taken: z.number().int().nonnegative(),
      lastMs: EpochMs.nullable(),
      /** When it last showed the secret before its present one. */
      lastByPreviousMs: EpochMs.nullable(),
      refused: z.number().int().nonnegative(),
      lastRefused: Refused.nullable(),
    }),
  ),
  /** Requests that showed no sender's secret. */
  strangers: z.strictObject({ refused: z.number().int().nonnegative(), lastRefused: Refused.nullable() }),
});
export type SenderReport = z.infer<typeof SenderReport>;
