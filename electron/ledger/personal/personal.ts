/**
 * What is personal in an entry stands apart from it: in the entry is a salted commitment to it, `{"$personal": "<base64>"}`,
 * so that it can be erased and the entry still hashes to what was signed. The salt goes with the value: without it, nobody
 * can find out by trying what was there. Pure, but for the salt.
 */
import { createHash, randomBytes } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import { fromBase64, toBase64 } from '../note.ts';

/**
 * Members of a body that are set apart: what people wrote in their own words, and what a model made of what it read. The
 * names of those who decide stay in the entry: that they answer for it is what the log is for. A member once listed stays:
 * verifiers look for commitments there.
 */
export const PERSONAL: Readonly<Record<string, readonly string[] | undefined>> = {
  'incident.closed': ['reason'],
  'model.turn': ['stated'],
  decision: ['reason'],
  note: ['text', 'challenge'],
  report: ['text'],
  stop: ['reason'],
  'stop.lifted': ['reason'],
  'breaker.closed': ['reason'],
  'cause.confirmed': ['inWords', 'helped', 'didNotHelp'],
  question: ['question'],
  review: ['note'],
};

export type Body = Readonly<Record<string, unknown>>;

/** A value that was set apart: everything needed to show that the commitment in the entry is to it. */
export type Apart = {
  member: string;
  salt: Uint8Array;
  /** RFC 8785 canonical JSON in UTF-8. */
  value: Uint8Array;
};

const Commitment = z.strictObject({ $personal: z.string() });

const SALT_BYTES = 32;
/** Of one value, as of an entry. */
const MOST_BYTES = 65_535;

/**
 * The body with commitments in the place of what is personal in an entry of its kind, and what they are to.
 * @throws Failure `bad_input` for a value that is too long.
 */
export function setApart(
  kind: string,
  body: Body,
  newSalt: () => Uint8Array = () => randomBytes(SALT_BYTES),
): { body: Body; apart: Apart[] } {
  const members = PERSONAL[kind]?.filter((member) => body[member] !== undefined && body[member] !== '') ?? [];
  if (members.length === 0) return { body, apart: [] };
  const apart = members.map((member) => ({ member, salt: newSalt(), value: bytesOf(member, body[member]) }));
  const committed = Object.fromEntries(
    apart.map(({ member, salt, value }) => [member, { $personal: toBase64(commitment(salt, value)) }]),
  );
  return { body: { ...body, ...committed }, apart };
}

function bytesOf(member: string, value: unknown): Uint8Array {
  const bytes = Buffer.from(canonicalize(value) ?? 'null');
  if (bytes.length <= MOST_BYTES) return bytes;
  throw new Failure(
    'bad_input',
    `The ${member} takes ${bytes.length} bytes, more than ${MOST_BYTES}: shorten it.`,
  );
}

/** SHA-256 over a line that says what it is for, the salt (32 bytes) and the value. */
export const commitment = (salt: Uint8Array, value: Uint8Array): Uint8Array =>
  createHash('sha256').update('countersign.personal/1\n').update(salt).update(value).digest();

/** The members of a body in whose place a commitment stands, with the commitments. */
export function commitmentsIn(kind: string, body: Body): { member: string; hash: Uint8Array | undefined }[] {
  return (PERSONAL[kind] ?? []).flatMap((member) => {
    const parsed = Commitment.safeParse(body[member]);
    return parsed.success ? [{ member, hash: fromBase64(parsed.data.$personal) }] : [];
  });
}

/** What became of a value that was set apart. */
export type Kept =
  | { kind: 'kept'; salt: Uint8Array; value: Uint8Array }
  /** `by` is the place of the entry that records the erasure. */
  | { kind: 'erased'; by: number; rule: string };

/** The body as people read it: with the values where they still are, and the rule where they were erased. */
export function opened(kind: string, body: Body, kept: (member: string) => Kept | undefined): Body {
  const restored = commitmentsIn(kind, body).map(({ member }) => {
    const found = kept(member);
    if (!found) return [member, { $withheld: true }];
    if (found.kind === 'erased') return [member, { $erased: `erased under rule ${found.rule}` }];
    return [member, JSON.parse(Buffer.from(found.value).toString('utf8'))];
  });
  return restored.length === 0 ? body : { ...body, ...Object.fromEntries(restored) };
}

/**
 * The body of an entry that records an erasure. `entries` names place and member, in order; `reads` the readings whose
 * result was erased, of which the log holds only a digest.
 */
export const ErasureBody = z.strictObject({
  rule: z.string().min(1).max(100),
  jurisdiction: z.string().min(1).max(100),
  because: z.string().min(1).max(500),
  entries: z.array(z.tuple([z.number().int().nonnegative(), z.string().min(1).max(100)])).max(1000),
  reads: z.array(z.string().min(1).max(100)).max(1000),
});
export type ErasureBody = z.infer<typeof ErasureBody>;
