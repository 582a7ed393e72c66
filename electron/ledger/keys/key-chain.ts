/**
 * Which key signs a log, and which one approves on it, from its entries alone. The first key is announced by the log itself; each later one must be
 * signed by the key before it, so that whoever holds only the data cannot put a key of their own in its place. Pure.
 */
import { isSignedBy, type Signer } from '../../platform/ed25519.ts';
import type { LedgerEntry } from '../entry.ts';
import { fromBase64, toBase64, type VerifierKey } from '../note.ts';
import { approverChain } from './approver-chain.ts';
import { KeyBody, OpenedBody } from './log-key.ts';

export type KeyChain = ReturnType<typeof keyChain>;

/**
 * Follows the entries of one log in order; those that are about something else are passed over.
 * `add` answers with what is wrong with an entry, in words, and then the key stays what it was.
 */
export function keyChain() {
  let origin: string | undefined;
  const keys: VerifierKey[] = [];
  const approver = approverChain(() => origin);

  function add(entry: LedgerEntry): string | undefined {
    if (entry.kind === 'log.opened' && entry.seq === 0) return open(OpenedBody.safeParse(entry.body).data);
    if (entry.kind === 'key') return change(entry.seq, KeyBody.safeParse(entry.body).data);
    return approver.add(entry);
  }

  function open(body: OpenedBody | undefined): string | undefined {
    if (!body) return 'does not say which log it opens';
    origin = body.origin;
    return body.publicKey === null ? undefined : announce(body.publicKey);
  }

  function change(seq: number, body: KeyBody | undefined): string | undefined {
    const current = keys.at(-1);
    if (!body) return NO_KEY;
    if (!current) return announce(body.publicKey);
    const next = fromBase64(body.publicKey);
    if (origin === undefined || next?.length !== 32) return NO_KEY;
    const text = rotationText(origin, seq, current.publicKey, next);
    if (!isSignedBy(current.publicKey, text, bytesOf(body.signatures?.old))) {
      return 'announces a second key, which the first one did not vouch for';
    }
    if (!isSignedBy(next, text, bytesOf(body.signatures?.new))) {
      return 'announces a key that did not sign for itself';
    }
    return announce(body.publicKey);
  }

  function announce(encoded: string): string | undefined {
    const publicKey = fromBase64(encoded);
    if (origin === undefined || publicKey?.length !== 32) return NO_KEY;
    keys.push({ name: origin, publicKey });
    return undefined;
  }

  return {
    add,
    origin: (): string | undefined => origin,
    /** The key that signs what ends with the entry added last. */
    current: (): VerifierKey | undefined => keys.at(-1),
    /** How many keys were announced, for whatever. */
    changes: (): number => keys.length + approver.changes(),
    /** Whose decisions hold, in the order they were announced. */
    approvers: approver.current,
    /** In the order they were announced. */
    keys: (): readonly VerifierKey[] => keys,
  };
}

/** The body of the entry `seq` that hands the log `origin` over from one key to the next. */
export function rotation(origin: string, seq: number, old: Signer, next: Signer, reason: string) {
  const text = rotationText(origin, seq, old.publicKey, next.publicKey);
  return {
    publicKey: toBase64(next.publicKey),
    signatures: { old: toBase64(old.sign(text)), new: toBase64(next.sign(text)) },
    reason,
  } satisfies KeyBody;
}

/** Begins unlike any checkpoint, whose first line is an origin, so that neither signature can stand for the other. */
const rotationText = (origin: string, seq: number, old: Uint8Array, next: Uint8Array): Uint8Array =>
  Buffer.from(`countersign.key/1\n${origin}\n${seq}\n${toBase64(old)}\n${toBase64(next)}\n`);

const NO_KEY = 'announces a key that is none';
const bytesOf = (encoded: string | undefined): Uint8Array => fromBase64(encoded ?? '') ?? new Uint8Array();
