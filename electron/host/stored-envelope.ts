/** Questions about the envelope of a data directory, also while Countersign runs on it. Nothing is written. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvelopeDiff, EnvelopeThen, EnvelopeView } from '../../shared/vocabulary/envelope.ts';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { compareRequests } from '../guard/envelope/compare-requests.ts';
import { loadEnvelope } from '../guard/envelope/load-envelope.ts';
import type { LoadedEnvelope } from '../guard/envelope/loaded-envelope.ts';
import { lastAccepted } from '../guard/envelope/on-record.ts';
import { type Judged, judgeFolder } from '../guard/envelope/trust.ts';
import { keyChain } from '../ledger/keys/key-chain.ts';
import { latestTime } from '../ledger/latest-time.ts';
import { ledgerTables } from '../ledger/ledger-tables.ts';
import { Failure } from '../platform/failure.ts';
import { dataFiles } from '../store/data-files.ts';
import { openReadOnly } from '../store/open-store.ts';
import { proposalRepository } from '../store/proposal-repository.ts';
import { envelopeDirOf } from './envelope-desk.ts';
import { envelopeDiff, envelopeThen, envelopeView, recordedEnvelope } from './envelope-view.ts';
import { type TrustedLog, trustIn } from './trust-in.ts';

/** The log of real incidents as it lies on disk; an empty one where nothing was recorded yet. */
export type StoredRecord = TrustedLog & { latestMs: number | undefined; proposals(): Proposal[] };

export function withRealLog<T>(dataDir: string, read: (record: StoredRecord) => T): T {
  const file = join(dataDir, dataFiles.real);
  if (!existsSync(file))
    return read({ entries: () => [], approvers: () => [], latestMs: undefined, proposals: () => [] });
  const { db, close } = openReadOnly(file);
  try {
    // One transaction makes all reads one moment.
    return db
      .transaction(() => {
        const { select } = ledgerTables(db);
        return read({
          entries: select,
          approvers: () => {
            const chain = keyChain();
            for (const kind of ['log.opened', 'key', 'approver.key'] as const)
              for (const entry of select({ kind, limit: Number.MAX_SAFE_INTEGER })) chain.add(entry);
            return chain.approvers();
          },
          latestMs: latestTime(db),
          proposals: () => proposalRepository(db).all(),
        });
      })
      .deferred();
  } finally {
    close();
  }
}

export type EnvelopeDirs = { dataDir: string; resourcesDir: string; envelope?: string | undefined };

/** Whether the envelope would be in force for real incidents in this data directory now, and why not. */
export function verifyStored(dirs: EnvelopeDirs, nowMs: number): { dir: string; judged: Judged } {
  const dir = dirs.envelope ?? envelopeDirOf(dirs.dataDir, dirs.resourcesDir);
  return withRealLog(dirs.dataDir, (log) => ({ dir, judged: judgeBy(log, dir, nowMs) }));
}

const judgeBy = (log: StoredRecord, dir: string, nowMs: number): Judged =>
  judgeFolder(dir, { ...trustIn(log), nowMs: Math.max(nowMs, log.latestMs ?? 0) });

/** What is in force for real incidents, in words, and every version that was accepted. */
export function showStored(dirs: EnvelopeDirs, nowMs: number): EnvelopeView {
  const dir = envelopeDirOf(dirs.dataDir, dirs.resourcesDir);
  return withRealLog(dirs.dataDir, (log) =>
    envelopeView(dir, judgeBy(log, dir, nowMs), log, log.proposals()),
  );
}

/** What was allowed at a time, from the log alone. */
export const storedAt = (dataDir: string, atMs: number, nowMs: number): EnvelopeThen =>
  withRealLog(dataDir, (log) => envelopeThen(log, atMs, nowMs));

/**
 * Two folders compared, signed or not; without the older one, a folder with the version that was accepted last.
 * @throws Failure `not_found` where none was accepted yet.
 */
export function diffStored(
  dataDir: string,
  { older, newer }: { older?: string; newer: string },
): EnvelopeDiff {
  return withRealLog(dataDir, (log) => {
    const before = older === undefined ? lastVersion(log, dataDir) : loadEnvelope(older);
    const after = loadEnvelope(newer);
    return envelopeDiff(before, after, log.proposals(), compareRequests(before, after));
  });
}

function lastVersion(log: StoredRecord, dataDir: string): LoadedEnvelope {
  const last = lastAccepted(log);
  if (last) return recordedEnvelope(log, last.digest);
  throw new Failure('not_found', `No envelope was accepted in ${dataDir} yet: name two folders to compare.`);
}
