import type { Database } from 'better-sqlite3';
import type { Ledger } from '../ledger/log.ts';
import { type Erasure, eraseDue } from '../ledger/personal/erase.ts';
import type { ErasureBody } from '../ledger/personal/personal.ts';
import type { Retention } from '../ledger/personal/retention.ts';
import type { Signer } from '../platform/ed25519.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import type { signingKeys } from '../vault/keys.ts';

type Ports = {
  db: Database;
  ledger: Ledger;
  keys: ReturnType<typeof signingKeys>;
  /** Wall-clock time, for the name of the copy. */
  nowMs(): number;
  /** The clock of the realm, by which entries tell the time. */
  now(): number;
  /** What was offered on the old log cannot be decided on the new one. */
  voidOffers(because: string): void;
  /** Rows of the state were overwritten. */
  onErased(): void;
};

/** What a named human does to a log itself, always with a reason that stands on record. */
export function ledgerUpkeep({ db, ledger, keys, nowMs, now, voidOffers, onErased }: Ports) {
  /** Announced for this person, or before there were names. */
  const keysOf = (person: string) =>
    ledger.approvers().filter((approver) => approver.person === null || approver.person === person);

  return {
    /**
     * New keys sign and approve from here on; the old ones vouch for them. The key of the first person changes only when
     * they ask for it: nobody gives another a new key. @throws Failure `locked`, `conflict`.
     */
    changeKey(person: string, reason: string): void {
      const old = keysOf(person).find(({ publicKey }) => isSame(publicKey, keys.of('approver', publicKey)));
      const approver = old && {
        old: keys.of('approver', old.publicKey),
        next: keys.next('approver'),
      };
      ledger.rotateKey({ log: keys.next('log'), approver }, { kind: 'person', name: person }, reason);
    },

    /** Erases what is due under the rules, and puts on record that it did. */
    eraseDue(retention: Retention): Erasure[] {
      const record = (body: ErasureBody, erase: () => void) =>
        void ledger.record({ kind: 'erasure', actor: { kind: 'host', name: 'countersign' }, body }, erase);
      const erased = eraseDue({ db, record, nowMs: now() }, retention);
      if (erased.length === 0) return erased;
      onErased();
      ledger.checkpoint();
      return erased;
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

const isSame = (announced: Uint8Array, { publicKey }: Signer): boolean =>
  Buffer.compare(announced, publicKey) === 0;

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
