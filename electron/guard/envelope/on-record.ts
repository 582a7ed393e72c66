/**
 * Envelopes in the ledger. Each accepted version stands there whole, in entries of bounded size: `envelope.part` entries
 * with the text of its files, and right after them, in the same transaction, one `envelope` entry that says what they
 * are. Whether an envelope was in force is on record too, so that "what was allowed on <date>" has one answer.
 */

import { z } from 'zod';
import { MANIFEST } from '../../../shared/formats/envelope-folder.ts';
import type { LedgerEntry } from '../../ledger/entry.ts';
import type { EntryFilter } from '../../ledger/ledger-tables.ts';
import type { NewEntry } from '../../ledger/log.ts';
import { Failure } from '../../platform/failure.ts';
import { EnvelopeVersion, manifestText, parseManifest, Signatory, sha256 } from './manifest.ts';
import type { Accepted, Judged } from './trust.ts';

/** The entries of one log. */
export type EnvelopeRecord = { entries(filter: EntryFilter): LedgerEntry[] };

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

const AcceptedBody = z.strictObject({
  state: z.literal('accepted'),
  version: EnvelopeVersion,
  digest: Digest,
  trustedAs: z.enum(['publisher', 'installation', 'approver']),
  signer: Signatory,
  signedAt: z.string(),
  validUntil: z.string().nullable(),
  /** Whom it names with a key: they may sign the next version. */
  approvers: z.array(z.strictObject({ name: z.string(), publicKey: z.string() })),
  /** How many `envelope.part` entries stand right before this one. */
  parts: z.number().int().positive(),
});
const AgainBody = z.strictObject({ state: z.literal('in-force'), version: EnvelopeVersion, digest: Digest });
const NoneBody = z.strictObject({ state: z.literal('none'), because: z.string() });
/** As it was recorded before envelopes were signed. */
const UnsignedBody = z.strictObject({ version: z.string(), digest: z.string(), text: z.string() });

const StateBody = z.discriminatedUnion('state', [AcceptedBody, AgainBody, NoneBody]);
const PartBody = z.strictObject({
  envelope: Digest,
  path: z.string(),
  part: z.number().int().nonnegative(),
  text: z.string(),
});

/** A version as the log accepted it, without its files. */
export type VersionOnRecord = z.infer<typeof AcceptedBody> & { seq: number; atMs: number };

/** What an entry says that was in force from then on. */
export type AllowedThen =
  | { kind: 'in-force'; version: string; digest: string; sinceMs: number }
  | { kind: 'none'; because: string; sinceMs: number };

/** The entries for a version that was not accepted before, whole. */
export function acceptanceEntries({
  loaded,
  manifest,
  trustedAs,
}: Extract<Judged, { kind: 'in-force' }>): NewEntry[] {
  const texts: [string, string][] = [...Object.entries(loaded.files), [MANIFEST, manifestText(manifest)]];
  const parts = texts.flatMap(([path, text]) =>
    pieces(text).map((piece, part) => ({ envelope: loaded.digest, path, part, text: piece })),
  );
  const body: z.infer<typeof AcceptedBody> = {
    state: 'accepted',
    version: loaded.envelope.version,
    digest: loaded.digest,
    trustedAs,
    signer: manifest.signer,
    signedAt: manifest.signedAt,
    validUntil: loaded.envelope.validUntil ?? null,
    approvers: loaded.envelope.approvers.flatMap(({ name, publicKey }) =>
      publicKey ? [{ name, publicKey }] : [],
    ),
    parts: parts.length,
  };
  return [
    ...parts.map((part) => ({ kind: 'envelope.part' as const, actor: HOST, body: part })),
    stateEntry(body),
  ];
}

/** The entry for a version on record that is in force again. */
export const againEntry = (version: string, digest: string): NewEntry =>
  stateEntry({ state: 'in-force', version, digest });

/** The entry for there being none in force any more. */
export const noneEntry = (because: string): NewEntry => stateEntry({ state: 'none', because });

/** What the log says is in force, by its newest entry; undefined for a log that says nothing yet. */
export function stateOnRecord(record: EnvelopeRecord): AllowedThen | undefined {
  const [newest] = record.entries({ kind: 'envelope', newestFirst: true, limit: 1 });
  return newest && allowedBy(newest);
}

/** The version that was accepted last. */
export function lastAccepted(record: EnvelopeRecord): Accepted | null {
  for (const entry of newestFirst(record)) {
    const version = acceptedIn(entry);
    if (version) return version;
    // Only Countersign's own default was ever in force before envelopes were signed.
    const unsigned = UnsignedBody.safeParse(entry.body).data;
    if (unsigned) return { version: '1', digest: unsigned.digest, trustedAs: 'publisher', approvers: [] };
  }
  return null;
}

const MOST_VERSIONS = 1_000;

/** Versions on record, newest first. */
export function versionsOnRecord(record: EnvelopeRecord): VersionOnRecord[] {
  const found: VersionOnRecord[] = [];
  for (const entry of newestFirst(record)) {
    const version = acceptedIn(entry);
    if (version) found.push(version);
    if (found.length >= MOST_VERSIONS) break;
  }
  return found;
}

/** What was in force at a time, by the entries up to then; undefined when nothing was on record yet. */
export function allowedAt(record: EnvelopeRecord, atMs: number): AllowedThen | undefined {
  for (const entry of newestFirst(record)) {
    const allowed = allowedBy(entry);
    if (allowed && allowed.sinceMs <= atMs) return expiredBy(record, allowed, atMs);
  }
  return undefined;
}

/**
 * The texts of a version on record, by path; each is what was accepted, checked against the digests that were signed.
 * @throws Failure `not_found` when it is not there, `storage` when it does not hold.
 */
export function textsOf(
  record: EnvelopeRecord,
  { seq, digest, parts }: VersionOnRecord,
): Map<string, string> {
  const texts = new Map<string, string>();
  const found = record.entries({ kind: 'envelope.part', after: seq - parts - 1, before: seq, limit: parts });
  for (const { body } of found) {
    const part = PartBody.parse(body);
    if (part.envelope !== digest) continue;
    texts.set(part.path, (texts.get(part.path) ?? '') + part.text);
  }
  const manifest = parseManifest(texts.get(MANIFEST) ?? '');
  for (const { path, sha256: signed } of manifest.files) {
    if (sha256(texts.get(path) ?? '') === signed) continue;
    throw new Failure(
      'storage',
      `${path} of the envelope ${digest.slice(0, 12)} is not on record as it was signed. Verify the log with \`ledger verify\`.`,
    );
  }
  return texts;
}

function* newestFirst(record: EnvelopeRecord): Generator<LedgerEntry> {
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const page = record.entries({ kind: 'envelope', newestFirst: true, limit: PAGE, before });
    yield* page;
    const oldest = page.at(-1);
    if (page.length < PAGE || !oldest) return;
    before = oldest.seq;
  }
}

/** Mostly the newest one answers. */
const PAGE = 8;

function acceptedIn({ seq, at, body }: LedgerEntry): VersionOnRecord | undefined {
  const parsed = AcceptedBody.safeParse(body).data;
  return parsed && { ...parsed, seq, atMs: Date.parse(at) };
}

function allowedBy({ at, body }: LedgerEntry): AllowedThen | undefined {
  const sinceMs = Date.parse(at);
  const unsigned = UnsignedBody.safeParse(body).data;
  if (unsigned) return { kind: 'in-force', version: unsigned.version, digest: unsigned.digest, sinceMs };
  const state = StateBody.safeParse(body).data;
  if (!state) return undefined;
  if (state.state === 'none') return { kind: 'none', because: state.because, sinceMs };
  return { kind: 'in-force', version: state.version, digest: state.digest, sinceMs };
}

/** An envelope that expired while nothing ran that could have said so. */
function expiredBy(record: EnvelopeRecord, allowed: AllowedThen, atMs: number): AllowedThen {
  if (allowed.kind === 'none') return allowed;
  const version = versionsOnRecord(record).find(({ digest }) => digest === allowed.digest);
  const untilMs = version?.validUntil ? Date.parse(version.validUntil) : Number.POSITIVE_INFINITY;
  if (atMs < untilMs) return allowed;
  return {
    kind: 'none',
    because: `Version ${allowed.version} of the envelope had expired`,
    sinceMs: untilMs,
  };
}

const HOST = { kind: 'host', name: 'countersign' } as const;
const stateEntry = (body: z.infer<typeof StateBody>): NewEntry => ({ kind: 'envelope', actor: HOST, body });

/** Characters to an entry: even if each took the six bytes of an escape, the entry would be short enough. */
const PIECE = 8_000;

/** Never between the two halves of a character. */
function pieces(text: string): string[] {
  const found: string[] = [];
  for (let from = 0; from < text.length; ) {
    const cut = from + PIECE;
    const splits = /[\uD800-\uDBFF]/.test(text.charAt(cut - 1));
    const to = splits ? cut - 1 : cut;
    found.push(text.slice(from, to));
    from = to;
  }
  return found.length === 0 ? [''] : found;
}
