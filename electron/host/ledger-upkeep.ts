import type { Database } from 'better-sqlite3';
import type { Ledger } from '../ledger/log.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import type { signingKeys } from '../vault/keys.ts';

type Ports = {
  db: Database;
  ledger: Ledger;
  keys: ReturnType<typeof signingKeys>;
  /** Wall-clock time, for the name of the copy. */
  nowMs(): number;
  /** What was offered on the old log cannot be decided on the new one. */
  voidOffers(because: string): void;
};

/** What a named human does to a log itself, always with a reason that stands on record. */
export function ledgerUpkeep({ db, ledger, keys, nowMs, voidOffers }: Ports) {
  return {
    /** A new key signs from here on; the old one vouches for it. @throws Failure `locked`, `conflict`. */
    changeKey(person: string, reason: string): void {
      const next = keys.next('log');
      ledger.rotateKey(next, { kind: 'person', name: person }, reason);
    },

    /**
     * Sets a copy of the whole data file aside, then begins a new log that names the head of the old one. Answers with
     * the path of the copy. @throws Failure `conflict` when the old log holds, `storage` when it cannot be copied.
     */
    beginAnew(person: string, reason: string): string {
      if (ledger.head().brokenBy !== null) voidOffers('The ledger did not hold, and a new log was begun');
      const copy = `${db.name}.replaced-${new Date(nowMs()).toISOString().replace(/[-:]|\.\d+/g, '')}`;
      copyTo(db, copy);
      ledger.beginAnew({ kind: 'person', name: person }, reason);
      return copy;
    },
  };
}

function copyTo(db: Database, path: string): void {
  try {
    db.prepare('VACUUM INTO ?').run(path);
  } catch (error) {
    throw new Failure(
      'storage',
      `The old log could not be copied to ${path}: ${messageOf(error)}. No new one was begun; free some space and try again.`,
      error,
    );
  }
}
