import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import { databaseReader } from '../ledger/log-reader.ts';
import { checkOutsideHead, type OutsideHead } from '../ledger/outside-head.ts';
import type { Problem } from '../ledger/verify/verification.ts';
import type { LogVerification } from '../ledger/verify/verify-data-dir.ts';
import { heldInFolder } from '../ledger/witness/folder-witness.ts';
import { readWitnessSettings } from '../ledger/witness/settings.ts';
import { witnessSays } from '../ledger/witness/witness.ts';
import { Failure } from '../platform/failure.ts';
import { withStoredLog } from './stored-log.ts';

/** The head of one log that a folder holds; or why it cannot be read, in words. */
export type WitnessedHead = { realm: Realm; says: string; held: OutsideHead | { because: string } };

/**
 * What the folders that a data directory names as witnesses hold; those that hold nothing yet are left out.
 * @throws Failure `bad_input` when `witnesses.yaml` does not hold.
 */
export const witnessedHeads = (dataDir: string): WitnessedHead[] =>
  readWitnessSettings(dataDir).flatMap((settings) =>
    settings.kind === 'folder' ? settings.realms.flatMap((realm) => headIn(settings, realm)) : [],
  );

/** What contradicts a log that was verified; a witness that cannot be asked is a problem too, for it was meant to be. */
export const againstWitnesses = (
  dataDir: string,
  log: LogVerification,
  heads: readonly WitnessedHead[],
): Problem[] =>
  heads
    .filter(({ realm }) => realm === log.realm)
    .flatMap(({ says, held }) => problemsOf(dataDir, log, says, held));

function headIn(settings: { name: string; path: string }, realm: Realm): WitnessedHead[] {
  const says = witnessSays({ name: settings.name, where: join(settings.path, realm) });
  try {
    const note = heldInFolder({ ...settings, inside: realm });
    return note === undefined ? [] : [{ realm, says, held: { note } }];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [{ realm, says, held: { because: error.message } }];
  }
}

function problemsOf(
  dataDir: string,
  log: LogVerification,
  says: string,
  held: WitnessedHead['held'],
): Problem[] {
  if ('because' in held) return [{ how: 'unreadable', seq: null, says: held.because }];
  // What cannot be read is told already, and there is nothing to compare.
  if (log.problems.some(({ how }) => how === 'unreadable')) return [];
  const problem = existsSync(log.file)
    ? withStoredLog(dataDir, { realm: log.realm }, (db) => checkOutsideHead(held, databaseReader(db), log))
    : checkOutsideHead(held, { entries: () => [], checkpoints: () => [] }, log);
  return problem ? [{ ...problem, says: `${says} contradicts the log. ${problem.says}` }] : [];
}
