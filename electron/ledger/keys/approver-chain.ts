/**
 * Which key approves, from the entries alone: the log announces it before the first decision, and each later one must be
 * signed by the key before it. A decision with any other key is nobody's. Pure.
 */
import { isSignedBy, type Signer } from '../../platform/ed25519.ts';
import type { LedgerEntry } from '../entry.ts';
import { fromBase64, toBase64 } from '../note.ts';
import { KeyBody } from './log-key.ts';

/** Follows the entries of the log `origin` in order. `add` answers with what is wrong with an entry, in words. */
export function approverChain(origin: () => string | undefined) {
  let current: Uint8Array | undefined;
  let changes = 0;

  function add({ kind, seq, body }: LedgerEntry): string | undefined {
    if (kind === 'decision') return check(body['publicKey']);
    return kind === 'approver.key' ? change(seq, KeyBody.safeParse(body).data) : undefined;
  }

  /** A log from before approvers were announced announces none. */
  function check(publicKey: unknown): string | undefined {
    if (!current || publicKey === undefined || publicKey === toBase64(current)) return undefined;
    return 'was decided with another key than the one announced for approvers';
  }

  function change(seq: number, body: KeyBody | undefined): string | undefined {
    const next = fromBase64(body?.publicKey ?? '');
    const name = origin();
    if (!body || name === undefined || next?.length !== 32)
      return 'announces a key for approvers that is none';
    if (current) {
      const text = approverText(name, seq, current, next);
      const signed = (key: Uint8Array, encoded = '') =>
        isSignedBy(key, text, fromBase64(encoded) ?? new Uint8Array());
      if (!signed(current, body.signatures?.old) || !signed(next, body.signatures?.new)) {
        return 'announces a second key for approvers, which the first one did not vouch for';
      }
    }
    current = next;
    changes += 1;
    return undefined;
  }

  return { add, current: (): Uint8Array | undefined => current, changes: (): number => changes };
}

/** The body of the entry `seq` that hands approvals over from one key to the next. */
export function approverRotation(origin: string, seq: number, old: Signer, next: Signer, reason: string) {
  const text = approverText(origin, seq, old.publicKey, next.publicKey);
  return {
    publicKey: toBase64(next.publicKey),
    signatures: { old: toBase64(old.sign(text)), new: toBase64(next.sign(text)) },
    reason,
  } satisfies KeyBody;
}

/** Begins unlike a checkpoint, a decision and the hand-over of the log itself. */
const approverText = (origin: string, seq: number, old: Uint8Array, next: Uint8Array): Uint8Array =>
  Buffer.from(`countersign.approver/1\n${origin}\n${seq}\n${toBase64(old)}\n${toBase64(next)}\n`);
