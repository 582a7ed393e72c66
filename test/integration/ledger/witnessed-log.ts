/** A real log that grows, is copied, put back and replaced, as the tests of witnesses need it. */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { keyChain } from '../../../electron/ledger/keys/key-chain.ts';
import type { VerifierKey } from '../../../electron/ledger/note.ts';
import { pushOnce, type WithLog, type WitnessStanding } from '../../../electron/ledger/witness/push.ts';
import { signedLog } from '../../../electron/ledger/witness/signed-log.ts';
import type { Witness } from '../../../electron/ledger/witness/witness.ts';
import { dataFiles } from '../../../electron/store/data-files.ts';
import { openReadOnly } from '../../../electron/store/open-store.ts';
import { openLog, temporaryDirectory } from './data-dir.ts';

export type WitnessedLog = ReturnType<typeof witnessedLog>;

export function witnessedLog(folder = temporaryDirectory()) {
  const file = join(folder, dataFiles.real);
  let key: VerifierKey | undefined;

  /** Adds entries and closes; the last one is signed with all before it. */
  function grow(count: number, about = 'x'): void {
    const { add, close, ledger } = openLog(folder);
    for (let turn = 0; turn < count; turn += 1) add('signal', { turn, about });
    ledger.checkpoint();
    const chain = keyChain();
    for (const entry of ledger.entries({ limit: 1 })) chain.add(entry);
    key = chain.current();
    close();
  }

  const withLog: WithLog = async (use) => {
    if (!existsSync(file)) return use(undefined);
    const { db, close } = openReadOnly(file);
    try {
      return await use(signedLog(db));
    } finally {
      close();
    }
  };

  return {
    folder,
    file,
    grow,
    withLog,
    key: (): VerifierKey | undefined => key,
    push: (witness: Witness): Promise<WitnessStanding> =>
      pushOnce(witness, withLog, new AbortController().signal),
    copy(): string {
      const copy = `${file}.copy`;
      copyFileSync(file, copy);
      return copy;
    },
    /** Back to a copy; without one the log is gone. */
    putBack(copy?: string): void {
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
      if (copy) copyFileSync(copy, file);
    },
  };
}
