import { existsSync } from 'node:fs';
import { isBundle } from '../ledger/bundle-format.ts';
import type { Verification } from '../ledger/verify.ts';
import { verifyBundle } from '../ledger/verify-bundle.ts';
import { verifyDataDir } from '../ledger/verify-data-dir.ts';
import { Failure } from '../platform/failure.ts';
import { keptHeads } from './kept-heads.ts';

export type PathVerification = { ok: boolean; logs: { what: string; verification: Verification }[] };

/**
 * Verifies what lies at a path: an exported bundle, or every log of a data directory.
 * @throws Failure `not_found` when there is nothing to verify.
 */
export function verifyPath(path: string): PathVerification {
  if (!existsSync(path)) throw new Failure('not_found', `There is nothing at ${path}`);
  if (isBundle(path)) {
    const verification = verifyBundle(path);
    return { ok: verification.ok, logs: [{ what: `bundle ${path}`, verification }] };
  }
  const { ok, logs } = verifyDataDir(path, keptHeads(path));
  return {
    ok,
    logs: logs.map(({ realm, file, ...verification }) => ({ what: `${realm} log ${file}`, verification })),
  };
}
