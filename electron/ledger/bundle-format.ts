/**
 * A bundle is a folder to hand over: anyone can check it without Countersign and without asking us.
 *
 *     entries.jsonl   the stored bytes, one entry a line
 *     checkpoint      the newest signed head (C2SP tlog-checkpoint)
 *     public-key      the key it is signed with (C2SP signed-note verifier key)
 *     proofs          only in a bundle of one incident: a line for each entry, `<seq> <hash> <hash> …`, the RFC 6962
 *                     inclusion proof in base64, since the root cannot be recomputed without the other entries
 *
 * It reaches as far as the checkpoint does; entries that were not signed yet are not in it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerEntry } from './entry.ts';
import { KeyBody, OpenedBody } from './log-key.ts';
import { fromBase64, toBase64, type VerifierKey } from './note.ts';
import type { Hash } from './tree.ts';

export const bundleFiles = {
  entries: 'entries.jsonl',
  checkpoint: 'checkpoint',
  key: 'public-key',
  proofs: 'proofs',
} as const;

export const isBundle = (directory: string): boolean => existsSync(join(directory, bundleFiles.entries));

/** What every bundle carries, because the key must be read from the log and not from beside it. */
export const isAboutTheLog = ({ kind }: LedgerEntry): boolean => kind === 'log.opened' || kind === 'key';

/** The key that an entry announces, if it is the one that opened this log or a `key` entry. */
export function announcedKey({ kind, seq, body }: LedgerEntry, origin: string): VerifierKey | undefined {
  const opened = kind === 'log.opened' && seq === 0 ? OpenedBody.safeParse(body).data : undefined;
  if (opened && opened.origin !== origin) return undefined;
  const encoded = opened?.publicKey ?? (kind === 'key' ? KeyBody.safeParse(body).data?.publicKey : undefined);
  const publicKey = fromBase64(encoded ?? '');
  return publicKey?.length === 32 ? { name: origin, publicKey } : undefined;
}

export type Proof = { seq: number; hashes: Hash[] };

/** Without its newline. */
export const proofLine = (seq: number, hashes: readonly Hash[]): string =>
  [seq, ...hashes.map(toBase64)].join(' ');

export function parseProof(line: Uint8Array | undefined): Proof | undefined {
  const [seq, ...encoded] = Buffer.from(line ?? [])
    .toString('latin1')
    .split(' ');
  const hashes = encoded.map(fromBase64).filter((hash) => hash?.length === 32) as Hash[];
  if (!seq || !/^(0|[1-9][0-9]{0,15})$/.test(seq) || hashes.length !== encoded.length) return undefined;
  return { seq: Number(seq), hashes };
}
