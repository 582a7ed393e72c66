/** A decision is signed by the approver's own key, apart from the log's: whoever keeps the log cannot decide for them. */
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { isSignedBy } from '../platform/ed25519.ts';
import type { LedgerEntry } from './entry.ts';
import { fromBase64 } from './note.ts';
import { setApart } from './personal/personal.ts';

/** What of a decision the approver signs. */
export type SignedDecision = {
  answer: 'approve' | 'deny';
  person: string;
  atMs: number;
  reason: string;
  /** Lower-case hex SHA-256 of exactly what was shown. */
  shownDigest: string;
  proposal: string;
  /** Digest of the envelope that it was offered under. */
  envelope: string;
};

/**
 * The body of the entry, without signature and key, and the bytes that an approver signs: the RFC 8785 form of that body.
 * The reason is set apart before, so that the signature holds when the words are erased.
 */
export function decisionToSign(decision: SignedDecision) {
  const { body, apart } = setApart('decision', decision);
  const text = canonicalize(body);
  if (text === undefined) throw new Error('A decision always has a canonical form');
  return { body, apart, text: Buffer.from(text) };
}

const Signed = z.looseObject({ person: z.string(), signature: z.string(), publicKey: z.string() });

/** What is wrong with the approver's signature on a decision, in words; undefined for every other entry. */
export function decisionProblem({ kind, actor, body }: LedgerEntry): string | undefined {
  if (kind !== 'decision' || !('signature' in body)) return undefined;
  const parsed = Signed.safeParse(body);
  if (!parsed.success) return 'is a decision whose signature cannot be read';
  const { signature, publicKey, ...decision } = parsed.data;
  if (actor.kind !== 'person' || actor.name !== decision.person) {
    return 'is a decision of somebody else than the person it names';
  }
  const key = fromBase64(publicKey) ?? new Uint8Array();
  const isSigned = isSignedBy(
    key,
    Buffer.from(canonicalize(decision) ?? ''),
    fromBase64(signature) ?? new Uint8Array(),
  );
  return isSigned ? undefined : 'is a decision that the approver did not sign';
}
