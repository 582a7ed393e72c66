import { existsSync } from 'node:fs';
import { Realm } from '../../shared/vocabulary/ids.ts';
import { isBundle } from '../ledger/bundle/bundle-format.ts';
import { verifyBundle } from '../ledger/bundle/verify-bundle.ts';
import type { Verification } from '../ledger/verify/verification.ts';
import { type KeptHeads, verifyDataDir } from '../ledger/verify/verify-data-dir.ts';
import { Failure } from '../platform/failure.ts';
import { keptHeads } from './kept-heads.ts';
import { againstWitnesses, type WitnessedHead, witnessedHeads } from './witnessed-heads.ts';

export type PathVerification = { ok: boolean; logs: { what: string; verification: Verification }[] };

/** How far the verification of one log of a data directory got. */
export type LogProgress = { realm: Realm; done: number; total: number };

/**
 * Verifies what lies at a path: an exported bundle, or every log of a data directory, that one also against the heads
 * that folders hold as its witnesses.
 * @throws Failure `not_found` when there is nothing to verify, `bad_input` when `witnesses.yaml` does not hold.
 */
export function verifyPath(path: string, onProgress?: (how: LogProgress) => void): PathVerification {
  if (!existsSync(path)) throw new Failure('not_found', `There is nothing at ${path}`);
  if (isBundle(path)) {
    const verification = verifyBundle(path);
    return { ok: verification.ok, logs: [{ what: `bundle ${path}`, verification }] };
  }
  const witnessed = witnessedHeads(path);
  const { logs } = verifyDataDir(path, headsOf(path, witnessed), onProgress);
  const compared = logs.map((log) => {
    const problems = [...log.problems, ...againstWitnesses(path, log, witnessed)];
    return { ...log, ok: log.ok && problems.length === log.problems.length, problems };
  });
  return {
    ok: compared.every(({ ok }) => ok),
    logs: compared.map(({ realm, file, ...verification }) => ({
      what: `${realm} log ${file}`,
      verification,
    })),
  };
}

/** Where the data directory keeps no head of a log, that of a witness shows that there was one. */
function headsOf(path: string, witnessed: readonly WitnessedHead[]): KeptHeads {
  const kept = keptHeads(path);
  const notes = witnessed.flatMap(({ realm, held }) => ('note' in held ? [{ realm, held }] : []));
  return Object.fromEntries(
    Realm.options.map((realm) => [realm, kept[realm] ?? notes.find((one) => one.realm === realm)?.held]),
  );
}
