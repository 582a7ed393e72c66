/**
 * A bundle is a folder to hand over: anyone can check it without Countersign and without asking us. Which files are in it
 * and what is in them is described, for whoever writes a verifier, in `docs/ledger-format.md`.
 *
 *     entries.jsonl            the stored bytes, one entry a line
 *     checkpoint               the newest signed head (C2SP tlog-checkpoint)
 *     public-key               the keys of the log, one a line in the order they were announced (C2SP verifier keys)
 *     leaf-hashes              only in a bundle of the whole log: the RFC 6962 leaf hash of each entry in base64, one a line.
 *                              They lead to the signed root, so that an entry that was changed can be named
 *     personal                 only when something was set apart from the entries in it: a line for each such value, in
 *                              canonical JSON, `{"member":"reason","salt":"<base64>","seq":7,"value":"…"}`, or for one
 *                              that was erased `{"erasedBy":9,"member":"reason","seq":7}`. Lines left out were withheld
 *     proofs                   only in a bundle of a part: a line for each entry, `<seq> <hash> <hash> …`, the RFC 6962
 *                              inclusion proof in base64, since the root cannot be recomputed without the other entries
 *     entry-<seq>.tlog-proof   the proof of an entry that decides, as a C2SP tlog-proof of its own
 *     checkpoint-<size>        an earlier signed head, and
 *     consistency-<size>       the proof that the log still begins with it (the body of a C2SP add-checkpoint request)
 *     index.html verify.html   a summary to read, and a page that verifies the bundle without a network
 *     SHA256SUMS               the digest of every other file, as `sha256sum -c` reads it
 *
 * It reaches as far as the checkpoint does; entries that were not signed yet are not in it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { LedgerEntry } from '../entry.ts';
import { fromBase64, toBase64 } from '../note.ts';
import type { PersonalRow } from '../personal/personal-check.ts';
import type { Hash } from '../tree.ts';

export const bundleFiles = {
  entries: 'entries.jsonl',
  checkpoint: 'checkpoint',
  key: 'public-key',
  leaves: 'leaf-hashes',
  personal: 'personal',
  proofs: 'proofs',
  summary: 'index.html',
  page: 'verify.html',
  digests: 'SHA256SUMS',
} as const;

export const proofFile = (seq: number): string => `entry-${seq}.tlog-proof`;
export const olderCheckpointFile = (size: number): string => `checkpoint-${size}`;
export const consistencyFile = (size: number): string => `consistency-${size}`;

/** The number in one of the names above; undefined for any other name. */
export function numberIn(kind: 'proof' | 'checkpoint' | 'consistency', name: string): number | undefined {
  const nameOf = { proof: proofFile, checkpoint: olderCheckpointFile, consistency: consistencyFile }[kind];
  const value = Number(/\d{1,16}/.exec(name)?.[0]);
  return Number.isSafeInteger(value) && nameOf(value) === name ? value : undefined;
}

/** Either file suffices, so that a bundle that lost the other is still seen to be one, and a damaged one. */
export const isBundle = (directory: string): boolean =>
  existsSync(join(directory, bundleFiles.entries)) || existsSync(join(directory, bundleFiles.digests));

/** What every bundle carries: the keys, and what was erased, must be read from the log and not from beside it. */
export const isAboutTheLog = ({ kind }: LedgerEntry): boolean => ABOUT_THE_LOG.has(kind);
const ABOUT_THE_LOG: ReadonlySet<LedgerEntry['kind']> = new Set([
  'log.opened',
  'key',
  'approver.key',
  'erasure',
]);

const Place = z.number().int().nonnegative();

export type Proof = { seq: number; hashes: Hash[] };

/** Without its newline. */
export const proofLine = (seq: number, hashes: readonly Hash[]): string =>
  [seq, ...hashes.map(toBase64)].join(' ');

/** Undefined for anything that `proofLine` does not write. */
export function parseProof(line: Uint8Array | undefined): Proof | undefined {
  const [seq, ...encoded] = Buffer.from(line ?? [])
    .toString('latin1')
    .split(' ');
  const hashes = encoded.map(fromBase64).filter((hash) => hash?.length === 32) as Hash[];
  if (!seq || !/^(0|[1-9][0-9]{0,15})$/.test(seq) || hashes.length !== encoded.length) return undefined;
  return { seq: Number(seq), hashes };
}

/** Without its newline. */
export const personalLine = (seq: number, member: string, row: PersonalRow): string =>
  canonicalize(
    'erasedBy' in row
      ? { seq, member, erasedBy: row.erasedBy }
      : {
          seq,
          member,
          salt: toBase64(row.salt),
          value: JSON.parse(Buffer.from(row.value).toString('utf8')),
        },
  ) ?? '';

const PersonalLine = z.union([
  z.strictObject({ seq: Place, member: z.string(), erasedBy: Place }),
  z.strictObject({ seq: Place, member: z.string(), salt: z.string(), value: z.json() }),
]);

/** Undefined for anything that `personalLine` does not write. */
export function parsePersonal(
  line: Uint8Array,
): { seq: number; member: string; row: PersonalRow } | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
    const parsed = PersonalLine.parse(JSON.parse(text));
    const { seq, member } = parsed;
    if ('erasedBy' in parsed) {
      const row = { erasedBy: parsed.erasedBy };
      return personalLine(seq, member, row) === text ? { seq, member, row } : undefined;
    }
    const salt = fromBase64(parsed.salt);
    if (salt?.length !== 32) return undefined;
    const row = { salt, value: Buffer.from(canonicalize(parsed.value) ?? '') };
    return personalLine(seq, member, row) === text ? { seq, member, row } : undefined;
  } catch {
    return undefined;
  }
}

/** The lines of `SHA256SUMS`, by name in order; `digests` maps a file name to its SHA-256 in hex. */
export const digestLines = (digests: ReadonlyMap<string, string>): string =>
  [...digests]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hex]) => `${hex}  ${name}\n`)
    .join('');

/** Undefined for anything that `digestLines` does not write. */
export function parseDigests(text: string): Map<string, string> | undefined {
  const lines = text.split('\n').slice(0, -1);
  const pairs = lines.map((line) => /^([0-9a-f]{64}) {2}([A-Za-z0-9][A-Za-z0-9.-]*)$/.exec(line));
  const digests = new Map(pairs.map((pair) => [pair?.[2] ?? '', pair?.[1] ?? '']));
  return digestLines(digests) === text ? digests : undefined;
}
