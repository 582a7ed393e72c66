/**
 * The ledger of one realm: append, sign, read.
 *
 * INVARIANT: when `record` returns, its entries and whatever state the caller changed with them are on disk, all or
 * nothing; when it throws, nothing happened. A decision, a result, an outcome and a stop are signed in that transaction.
 * INVARIANT: a checkpoint is only ever signed over a log that extends the one signed before it.
 */
import SqliteDatabase, { type Database } from 'better-sqlite3';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { Signer } from '../platform/ed25519.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import type { Ids } from '../platform/ids.ts';
import { type Logger, silentLogger } from '../platform/logger.ts';
import { encodeEntry, type LedgerEntry, SIGNED_AT_ONCE } from './entry.ts';
import { type EntryFilter, ledgerTables } from './ledger-tables.ts';
import { KeyBody, OpenedBody } from './log-key.ts';
import { fromBase64, readCheckpoint, signCheckpoint, toBase64 } from './note.ts';
import { append, areSame, frontierAt, leafHash, rootOf } from './tree.ts';

/** What the caller says of an entry; place, time and realm are the log's to say. */
export type NewEntry = Pick<LedgerEntry, 'kind' | 'actor' | 'body'> & {
  incident?: string | undefined;
  /** Places of earlier entries that led here. */
  causes?: readonly number[] | undefined;
};

export type LedgerHead = {
  origin: string;
  size: number;
  rootHex: string;
  /** The newest signed checkpoint, if there ever was one. */
  checkpoint: string | null;
  /** Whether that checkpoint covers every entry. */
  signed: boolean;
  /** Why the newest entries are not signed yet, in words; null when they are. */
  because: string | null;
};

/** `signed: false` is an answer: the log goes on, and the entries are signed as soon as the key can be used. */
export type CheckpointAnswer = { signed: true; checkpoint: string } | { signed: false; because: string };

export type Ledger = ReturnType<typeof openLedger>;

type Wiring = {
  db: Database;
  realm: Realm;
  clock: Clock;
  ids: Ids;
  /** The log's key; undefined, or a thrown `Failure` that says why, while it cannot be had (the vault is locked). */
  signer?: (() => Signer | undefined) | undefined;
  logger?: Logger;
};

/** What need not be signed at once is signed within a minute. */
const SIGN_EVERY_MS = 60_000;

export function openLedger({ db, realm, clock, ids, signer, logger = silentLogger }: Wiring) {
  const tables = ledgerTables(db);
  const listeners = new Set<(entries: readonly LedgerEntry[]) => void>();
  /** What the transaction under way, or the last one, added. */
  let appended: LedgerEntry[] = [];
  const origin = openLog();
  let unsignedBecause = 'nothing was signed yet';
  checkpoint();
  const stopSigning = clock.every(SIGN_EVERY_MS, async () => void checkpoint());

  function record(entries: NewEntry | readonly NewEntry[], alsoInTransaction?: () => void): LedgerEntry[] {
    const list = Array.isArray(entries) ? (entries as readonly NewEntry[]) : [entries as NewEntry];
    return inTransaction(() => {
      begin(origin);
      const added = list.map(add);
      demandSynchronous(alsoInTransaction?.());
      if (added.some(({ kind }) => SIGNED_AT_ONCE.has(kind))) sign();
      return added;
    });
  }

  /** Signs what is new. Does nothing when everything is signed already. */
  function checkpoint(): CheckpointAnswer {
    return inTransaction(sign);
  }

  function head(): LedgerHead {
    const size = tables.size();
    const latest = tables.latestCheckpoint();
    const signed = latest?.size === size;
    return {
      origin,
      size,
      rootHex: Buffer.from(rootOf(frontierAt(size, tables.node))).toString('hex'),
      checkpoint: latest?.note ?? null,
      signed,
      because: signed ? null : unsignedBecause,
    };
  }

  /** Without a key to announce, a log begins only with its first record: a realm never used has nothing to verify. */
  function openLog(): string {
    if (tables.size() === 0) {
      const name = `countersign.local/${realm}/${ids('log')}`;
      if (!('because' in currentSigner())) inTransaction(() => begin(name));
      return name;
    }
    const first = tables.entry(0);
    const body = OpenedBody.safeParse(first?.body);
    if (first?.kind !== 'log.opened' || first.realm !== realm || !body.success) {
      throw new Failure(
        'storage',
        `The ledger in ${db.name} does not begin as a log of ${realm === 'real' ? 'real incidents' : 'drills'}. ` +
          'Verify it with `ledger verify`, keep a copy, and start with another data directory.',
      );
    }
    return body.data.origin;
  }

  /** The first entry says which log this is. Announcing the key in it lets a verifier pin both at once. */
  function begin(name: string): void {
    if (tables.size() > 0) return;
    const key = currentSigner();
    const body: OpenedBody = { origin: name, publicKey: 'because' in key ? null : toBase64(key.publicKey) };
    tables.noteBegun();
    add({ kind: 'log.opened', actor: HOST, body });
  }

  function add(entry: NewEntry): LedgerEntry {
    const size = tables.size();
    const atMs = clock.now();
    const encoded = encodeEntry({ v: 1, seq: size, at: new Date(atMs).toISOString(), realm, ...entry });
    const { completed } = append(frontierAt(size, tables.node), leafHash(encoded.bytes));
    appended.push(encoded.entry);
    tables.insert({ entry: encoded.entry, atMs, bytes: encoded.bytes, nodes: completed });
    return encoded.entry;
  }

  /** Runs inside a transaction, so that the signed size and the entries it covers reach the disk together. */
  function sign(): CheckpointAnswer {
    const answer = signNewest();
    if (!answer.signed) unsignedBecause = answer.because;
    return answer;
  }

  function signNewest(): CheckpointAnswer {
    if (tables.size() === 0) return { signed: false, because: 'nothing is on record yet' };
    const latest = tables.latestCheckpoint();
    if (latest?.size === tables.size()) return { signed: true, checkpoint: latest.note };
    const key = currentSigner();
    if ('because' in key) return { signed: false, because: key.because };
    const announced = announcedKey();
    if (announced && !areSame(announced, key.publicKey)) return { signed: false, because: OTHER_KEY };
    if (latest && !extendsSigned(latest.note)) return { signed: false, because: DIVERGED };
    if (!announced)
      add({ kind: 'key', actor: HOST, body: { publicKey: toBase64(key.publicKey) } satisfies KeyBody });
    const size = tables.size();
    const note = signCheckpoint({ origin, size, root: rootOf(frontierAt(size, tables.node)) }, key);
    tables.insertCheckpoint({ size, atMs: clock.now(), note });
    return { signed: true, checkpoint: note };
  }

  function currentSigner(): Signer | { because: string } {
    try {
      return signer?.() ?? { because: 'there is no key to sign with' };
    } catch (error) {
      // A key that cannot be had must not keep a stop or a result from being recorded: it is signed later.
      if (error instanceof Failure) return { because: error.message };
      throw error;
    }
  }

  function announcedKey(): Uint8Array | undefined {
    const opened = OpenedBody.safeParse(tables.entry(0)?.body).data;
    const later = KeyBody.safeParse(tables.firstOfKind('key')?.body).data;
    return fromBase64(opened?.publicKey ?? later?.publicKey ?? '');
  }

  function extendsSigned(note: string): boolean {
    const signed = readCheckpoint(note);
    if (!signed || signed.size > tables.size()) return false;
    return areSame(signed.root, rootOf(frontierAt(signed.size, tables.node)));
  }

  function inTransaction<T>(work: () => T): T {
    if (db.inTransaction)
      throw new Error('The ledger must own its transaction, or its entries are not on disk yet');
    appended = [];
    let result: T;
    try {
      result = db.transaction(work).immediate();
    } catch (error) {
      throw asFailure(error, db.name);
    }
    const onDisk = appended;
    for (const listener of onDisk.length > 0 ? listeners : []) tell(listener, onDisk);
    return result;
  }

  /** The entries are on disk by now, so a listener that throws must not look like a failed record. */
  function tell(listener: (entries: readonly LedgerEntry[]) => void, entries: readonly LedgerEntry[]): void {
    try {
      listener(entries);
    } catch (error) {
      logger.error({ error: messageOf(error) }, 'a listener of the ledger failed');
    }
  }

  return {
    record,
    checkpoint,
    head,
    /** Oldest first unless told otherwise. */
    entries: (filter: EntryFilter = {}): LedgerEntry[] => tables.select(filter),
    /** Calls the listener after each record, once it is on disk. Returns how to stop. */
    onAppend(listener: (entries: readonly LedgerEntry[]) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Signs what is left; the database belongs to whoever opened it. */
    close(): void {
      stopSigning();
      checkpoint();
      listeners.clear();
    },
  };
}

const HOST = { kind: 'host', name: 'countersign' } as const;

const OTHER_KEY =
  'the signing key is not the one this log was opened with; restore the vault or key file it was opened with, ' +
  'or start a new log with another data directory';
const DIVERGED =
  'the log no longer contains what was signed before; run `ledger verify` on the data directory and keep a copy of it';

function demandSynchronous(returned: unknown): void {
  if (returned instanceof Promise) throw new Error('What is recorded with an entry must not be asynchronous');
}

function asFailure(error: unknown, file: string): unknown {
  if (!(error instanceof SqliteDatabase.SqliteError)) return error;
  if (!/^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY|CORRUPT|NOTADB)/.test(error.code)) return error;
  return new Failure(
    'storage',
    `The ledger could not write to ${file}: ${error.message}. Nothing was recorded and nothing is executed until it can.`,
    error,
  );
}
