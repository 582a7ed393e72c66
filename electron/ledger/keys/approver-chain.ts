/**
 * Who may decide, from the entries alone: the log announces each person and their key before their first decision. The
 * first is taken at its word; each later key must be vouched for by a key that was announced before it. A decision with
 * any other key, or under another name than the one announced for the key, is nobody's. Pure.
 *
 * Before persons were announced (version 1) a log had one key that approved, under any name; such logs still hold.
 */
import { z } from 'zod';
import { isSignedBy, type Signer } from '../../platform/ed25519.ts';
import type { LedgerEntry } from '../entry.ts';
import { fromBase64, toBase64 } from '../note.ts';
import { KeyBody } from './log-key.ts';

/** `person` is null for a key that was announced without one. */
export type Approver = { publicKey: Uint8Array; person: string | null };

/** Body of an `approver.key` entry that names its person; the signatures are over `approverText`. */
export const ApproverBody = z.strictObject({
  /** No line break: it is a line of what is signed. */
  person: z.string().regex(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,80}$/u),
  publicKey: z.base64(),
  /** The announced key that vouches for this one; null for the first of a log and for a key that names itself. */
  vouchedBy: z.base64().nullable(),
  signatures: z.strictObject({ own: z.base64(), voucher: z.base64().optional() }),
  /** Why, in the words of whoever vouches. */
  reason: z.string().optional(),
});
export type ApproverBody = z.infer<typeof ApproverBody>;

/** Follows the entries of the log `origin` in order. `add` answers with what is wrong with an entry, in words. */
export function approverChain(origin: () => string | undefined) {
  /** By public key in base64. */
  const active = new Map<string, string | null>();
  const givenUp = new Set<string>();
  let changes = 0;

  function add({ kind, seq, body }: LedgerEntry): string | undefined {
    if (kind === 'decision') return check(body);
    if (kind !== 'approver.key') return undefined;
    return 'person' in body
      ? announce(seq, ApproverBody.safeParse(body).data)
      : change(seq, KeyBody.safeParse(body).data);
  }

  const isNamed = () => [...active.values()].some((person) => person !== null);

  function check({ v, person, publicKey }: LedgerEntry['body']): string | undefined {
    if (v === undefined && !isNamed()) {
      // A log from before approvers were announced announces none.
      const isKnown = active.size === 0 || publicKey === undefined || active.has(String(publicKey));
      return isKnown ? undefined : OTHER_KEY;
    }
    const announced = active.get(String(publicKey));
    if (typeof announced !== 'string') return OTHER_KEY;
    return v !== undefined && announced === person ? undefined : OTHER_PERSON;
  }

  function announce(seq: number, body: ApproverBody | undefined): string | undefined {
    const key = fromBase64(body?.publicKey ?? '');
    const name = origin();
    if (!body || name === undefined || key?.length !== 32) return NO_KEY;
    const { person, publicKey, vouchedBy, signatures } = body;
    const text = approverText(name, seq, vouchedBy, publicKey, person);
    if (!isSignedBy(key, text, bytesOf(signatures.own)))
      return 'announces a key for approvers that did not sign for itself';
    if (givenUp.has(publicKey)) return 'announces a key for approvers that was given up before';
    const holder = [...active].find(([, other]) => other === person)?.[0];
    if (vouchedBy === null) {
      if (active.size > 0 && !active.has(publicKey)) return UNVOUCHED;
      if (holder !== undefined && holder !== publicKey) return SAME_NAME;
    } else {
      if (typeof active.get(vouchedBy) !== 'string' || active.has(publicKey)) return UNVOUCHED;
      if (!isSignedBy(bytesOf(vouchedBy), text, bytesOf(signatures.voucher))) return UNVOUCHED;
      if (holder !== undefined && holder !== vouchedBy) return SAME_NAME;
      if (holder === vouchedBy) giveUp(vouchedBy);
    }
    active.set(publicKey, person);
    changes += 1;
    return undefined;
  }

  /** Version 1: one key, and each later one in its place. */
  function change(seq: number, body: KeyBody | undefined): string | undefined {
    const next = fromBase64(body?.publicKey ?? '');
    const name = origin();
    if (!body || name === undefined || next?.length !== 32) return NO_KEY;
    if (isNamed()) return 'announces a key for approvers without the person it belongs to';
    const [before] = active.keys();
    if (before !== undefined) {
      const current = bytesOf(before);
      const text = rotationText(name, seq, current, next);
      const signed = (key: Uint8Array, encoded = '') => isSignedBy(key, text, bytesOf(encoded));
      if (!signed(current, body.signatures?.old) || !signed(next, body.signatures?.new)) {
        return 'announces a second key for approvers, which the first one did not vouch for';
      }
      giveUp(before);
    }
    active.set(body.publicKey, null);
    changes += 1;
    return undefined;
  }

  function giveUp(publicKey: string): void {
    active.delete(publicKey);
    givenUp.add(publicKey);
  }

  return {
    add,
    /** Whose decisions hold now, in the order they were announced. */
    current: (): Approver[] =>
      [...active].map(([publicKey, person]) => ({ publicKey: bytesOf(publicKey), person })),
    changes: (): number => changes,
  };
}

/** The body of the entry `seq` that announces a person's key, vouched for where `voucher` is given. */
export function approverAnnouncement(
  origin: string,
  seq: number,
  { person, signer, voucher, reason }: Announcement,
): ApproverBody {
  const publicKey = toBase64(signer.publicKey);
  const vouchedBy = voucher ? toBase64(voucher.publicKey) : null;
  const text = approverText(origin, seq, vouchedBy, publicKey, person);
  const own = toBase64(signer.sign(text));
  return {
    person,
    publicKey,
    vouchedBy,
    signatures: voucher ? { own, voucher: toBase64(voucher.sign(text)) } : { own },
    ...(reason === undefined ? {} : { reason }),
  };
}

export type Announcement = {
  person: string;
  signer: Signer;
  /** Whose announced key vouches for this one. */
  voucher?: Signer | undefined;
  reason?: string;
};

/** Version 1: the body of the entry `seq` that hands approvals over from one key to the next. */
export function approverRotation(origin: string, seq: number, old: Signer, next: Signer, reason: string) {
  const text = rotationText(origin, seq, old.publicKey, next.publicKey);
  return {
    publicKey: toBase64(next.publicKey),
    signatures: { old: toBase64(old.sign(text)), new: toBase64(next.sign(text)) },
    reason,
  } satisfies KeyBody;
}

/** Begins unlike a checkpoint, a decision, the hand-over of the log itself and version 1. */
const approverText = (
  origin: string,
  seq: number,
  vouchedBy: string | null,
  publicKey: string,
  person: string,
): Uint8Array =>
  Buffer.from(`countersign.approver/2\n${origin}\n${seq}\n${vouchedBy ?? '-'}\n${publicKey}\n${person}\n`);

const rotationText = (origin: string, seq: number, old: Uint8Array, next: Uint8Array): Uint8Array =>
  Buffer.from(`countersign.approver/1\n${origin}\n${seq}\n${toBase64(old)}\n${toBase64(next)}\n`);

const OTHER_KEY = 'was decided with another key than the one announced for approvers';
const OTHER_PERSON = 'was decided under another name than the one announced for its key';
const NO_KEY = 'announces a key for approvers that is none';
const UNVOUCHED = 'announces another key for approvers, which none of those announced vouched for';
const SAME_NAME = 'announces a second key under the name of another approver';
const bytesOf = (encoded: string | undefined): Uint8Array => fromBase64(encoded ?? '') ?? new Uint8Array();
