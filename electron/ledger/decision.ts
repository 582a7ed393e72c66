/**
 * A decision is signed by the approver's own key, apart from the log's: whoever keeps the log cannot decide for them.
 * Version 2 signs for the whole proposal as it was asked, the verdict and the envelope; version 1, without `v`, signed
 * for the id of the proposal alone, and still verifies.
 */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { isSignedBy } from '../platform/ed25519.ts';
import type { LedgerEntry } from './entry.ts';
import { fromBase64 } from './note.ts';
import { setApart } from './personal/personal.ts';

const HexDigest = z.string().regex(/^[0-9a-f]{64}$/);

/** What of a decision the approver signs. In the place of `reason` stands the commitment to it. */
const SignedBody = z.strictObject({
  v: z.literal(2),
  answer: z.enum(['approve', 'deny']),
  person: z.string().min(1),
  atMs: z.int(),
  reason: z.union([z.literal(''), z.strictObject({ $personal: z.string() })]),
  proposal: z.string(),
  /** SHA-256 over the canonical JSON of the proposal as asked: what the `proposal` entry holds. */
  proposalDigest: HexDigest,
  /** SHA-256 of exactly the text that was shown. */
  shownDigest: HexDigest,
  /** SHA-256 over the canonical JSON of the verdict that it was offered with. */
  verdictDigest: HexDigest,
  /** Digest of the envelope that it was offered under. */
  envelope: z.string(),
});
export type SignedBody = z.infer<typeof SignedBody>;

export type SignedDecision = Omit<SignedBody, 'v' | 'reason'> & { reason: string };

/**
 * The body of the entry, without signature and key, and the bytes that an approver signs: the RFC 8785 form of that body.
 * The reason is set apart before, so that the signature holds when the words are erased.
 */
export function decisionToSign(decision: SignedDecision, newSalt?: () => Uint8Array) {
  const { body, apart } = setApart('decision', { v: 2, ...decision }, newSalt);
  return { body, apart, text: canonical(body) };
}

/** What a decision is bound to, recomputed from the stored proposal. */
export function digestsOf(proposal: Proposal): Pick<SignedBody, 'proposalDigest' | 'verdictDigest'> {
  return {
    proposalDigest: sha256(canonical(asked(proposal))),
    verdictDigest: sha256(canonical(proposal.verdict)),
  };
}

/** The proposal as it was asked for, before verdict and progress: the body of its entry. */
export function asked({ progress: _progress, verdict: _verdict, ...rest }: Proposal) {
  return rest;
}

/** Reads back what was signed; undefined when it is not of version 2 or not in canonical form. */
export function signedBody(text: string): SignedBody | undefined {
  try {
    const parsed = SignedBody.safeParse(JSON.parse(text));
    return parsed.success && canonicalize(parsed.data) === text ? parsed.data : undefined;
  } catch {
    // It is no JSON, which is the answer.
    return undefined;
  }
}

const Signed = z.looseObject({ person: z.string(), signature: z.string(), publicKey: z.string() });

/** What is wrong with the approver's signature on a decision, in words; undefined for every other entry. */
export function decisionProblem({ kind, actor, body }: LedgerEntry): string | undefined {
  if (kind !== 'decision' || !('signature' in body || 'v' in body)) return undefined;
  const parsed = Signed.safeParse(body);
  if (!parsed.success) return 'is a decision whose signature cannot be read';
  const { signature, publicKey, ...decision } = parsed.data;
  if (actor.kind !== 'person' || actor.name !== decision.person) {
    return 'is a decision of somebody else than the person it names';
  }
  if ('v' in decision && !SignedBody.safeParse(decision).success) {
    return 'is a decision whose members are not those of version 2';
  }
  const key = fromBase64(publicKey) ?? new Uint8Array();
  const isSigned = isSignedBy(key, canonical(decision), fromBase64(signature) ?? new Uint8Array());
  return isSigned ? undefined : 'is a decision that the approver did not sign';
}

function canonical(value: unknown): Buffer {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('What is decided on always has a canonical form');
  return Buffer.from(text);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
