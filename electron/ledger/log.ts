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
import { type EntryKind, encodeEntry, type LedgerEntry, SIGNED_AT_ONCE } from './entry.ts';
import {
  type Announcement,
  type Approver,
  type ApproverBody,
  approverAnnouncement,
  approverRotation,
} from './keys/approver-chain.ts';
import { type KeyChain, keyChain, rotation } from './keys/key-chain.ts';
import { type FollowedLog, type KeyBody, OpenedBody } from './keys/log-key.ts';
import { type EntryFilter, type Insertion, ledgerTables } from './ledger-tables.ts';
import { readCheckpoint, signCheckpoint, toBase64 } from './note.ts';
import { breakOf, type HeadKeeper } from './outside-head.ts';
import { type Apart, setApart } from './personal/personal.ts';
import { areSame, frontierAt, growingTree, hashOf, leafDigest, rootOf } from './tree.ts';
import type { Problem } from './verify/verification.ts';

/** What the caller says of an entry; place, time and realm are the log's to say. */
export type NewEntry = Pick<LedgerEntry, 'kind' | 'actor' | 'body'> & {
  incident?: string | undefined;
  /** Places of earlier entries that led here. */
  causes?: readonly number[] | undefined;
  /** What was set apart from the body already, because a signature covers it; the log does it otherwise. */
  apart?: readonly Apart[];
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
  /** Why the log contradicts the head kept outside it, in words; nothing is signed or decided on it then. */
  brokenBy: string | null;
};

/** `signed: false` is an answer: the log goes on, and the entries are signed as soon as the key can be used. */
export type CheckpointAnswer = { signed: true; checkpoint: string } | { signed: false; because: string };

export type Ledger = ReturnType<typeof openLedger>;

type Wiring = {
  db: Database;
  realm: Realm;
  clock: Clock;
  ids: Ids;
  /**
   * The log's key: the one that was announced, or any for a new log. Undefined, or a thrown `Failure` that says why,
   * while it cannot be had (the vault is locked).
   */
  signer?: ((announced?: Uint8Array) => Signer | undefined) | undefined;
  /** Where the head is kept outside the database. */
  headKeeper?: HeadKeeper | undefined;
  logger?: Logger;
};

/** What need not be signed at once is signed within a minute. */
const SIGN_EVERY_MS = 60_000;
/** Heads signed in quick succession are kept outside as one: what a cut tail could hide is at most this old. */
const KEEP_HEAD_AFTER_MS = 250;
/** What a log that does not hold refuses: nothing is decided and nothing is done on it. */
const NEEDS_A_LOG_THAT_HOLDS: ReadonlySet<EntryKind> = new Set(['decision', 'intent']);

export function openLedger(wiring: Wiring) {
  const { db, realm, clock, ids, signer, headKeeper, logger = silentLogger } = wiring;
  const newName = () => `countersign.local/${realm}/${ids('log')}`;
  const tables = ledgerTables(db);
  const transaction = db.transaction((work: () => unknown): unknown => {
    catchUp();
    return work();
  });
  const listeners = new Set<(entries: readonly LedgerEntry[]) => void>();
  /** What the transaction under way, or the last one, added. */
  let appended: LedgerEntry[] = [];
  /** The tree of what is stored, as of the transaction under way. */
  let tree = growingTree();
  /** What other connections had done to the file when it was last looked at; undefined when nothing remembered counts. */
  let seen: number | undefined;
  let latest: SignedNote | undefined;
  /** The newest checkpoint of which it is known that the tree extends it. */
  let extended: SignedNote | undefined;
  let spelled = { atMs: Number.NaN, text: '' };
  let keys = keyChain();
  let waiting: Waiting[] = [];
  let keepingHead: NodeJS.Timeout | undefined;
  let unsignedBecause = 'nothing was signed yet';
  let brokenBy: Problem | undefined;
  let origin = newName();
  openLog();
  brokenBy = breakOfLog();
  checkpoint();
  const stopSigning = clock.every(SIGN_EVERY_MS, async () => void checkpoint());

  function record(entries: NewEntry | readonly NewEntry[], alsoInTransaction?: () => void): LedgerEntry[] {
    return inTransaction(() => {
      begin();
      return addAll(entries, alsoInTransaction);
    });
  }

  function addAll(
    entries: NewEntry | readonly NewEntry[],
    alsoInTransaction: (() => void) | undefined,
  ): LedgerEntry[] {
    const list = Array.isArray(entries) ? (entries as readonly NewEntry[]) : [entries as NewEntry];
    if (brokenBy && list.some(({ kind }) => NEEDS_A_LOG_THAT_HOLDS.has(kind))) throw refusedBy(brokenBy);
    const added = addInOrder(list);
    demandSynchronous(alsoInTransaction?.());
    if (added.some(({ kind }) => SIGNED_AT_ONCE.has(kind))) sign();
    return added;
  }

  /**
   * Like `record`, but whatever is asked for within one turn of the event loop shares one write to the disk. Resolves
   * when that is done. For what nothing must wait for: readings, of which many come at once.
   */
  function recordGrouped(
    entries: NewEntry | readonly NewEntry[],
    alsoInTransaction?: () => void,
  ): Promise<LedgerEntry[]> {
    return new Promise((resolve, reject) => {
      waiting.push({ entries, alsoInTransaction, resolve, reject });
      if (waiting.length === 1) setImmediate(recordWaiting);
    });
  }

  /** A group that cannot be written as a whole is written one by one, so that one bad entry fails alone. */
  function recordWaiting(): void {
    const group = waiting;
    waiting = [];
    if (group.length === 0) return;
    try {
      const added = inTransaction(() => {
        begin();
        return group.map(({ entries, alsoInTransaction }) => addAll(entries, alsoInTransaction));
      });
      group.forEach(({ resolve }, index) => {
        resolve(added[index] ?? []);
      });
    } catch {
      for (const { entries, alsoInTransaction, resolve, reject } of group) {
        try {
          resolve(record(entries, alsoInTransaction));
        } catch (error) {
          reject(error);
        }
      }
    }
  }

  /** Signs what is new. Does nothing when everything is signed already. */
  function checkpoint(): CheckpointAnswer {
    return inTransaction(sign);
  }

  function head(): LedgerHead {
    const size = tables.size();
    catchUp();
    const signed = latest?.size === size;
    return {
      origin,
      size,
      rootHex: Buffer.from(tree.root()).toString('hex'),
      checkpoint: latest?.note ?? null,
      signed,
      because: signed ? null : unsignedBecause,
      brokenBy: brokenBy?.says ?? null,
    };
  }

  /** Without a key to announce, a log begins only with its first record: a realm never used has nothing to verify. */
  function openLog(): void {
    if (tables.size() === 0) {
      if (!headKeeper?.read() && !('because' in currentSigner())) inTransaction(() => begin());
      return;
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
    keys = storedKeys();
    catchUp();
    origin = body.data.origin;
  }

  function storedKeys(): KeyChain {
    const chain = keyChain();
    const first = tables.entry(0);
    const of = (kind: EntryKind) => tables.select({ kind, limit: Number.MAX_SAFE_INTEGER });
    for (const entry of first ? [first, ...of('key'), ...of('approver.key')] : []) chain.add(entry);
    return chain;
  }

  function breakOfLog(): Problem | undefined {
    const node = (level: number, position: number) => tables.node(level, position);
    try {
      const size = tables.size();
      return breakOf(headKeeper?.read(), { origin: size === 0 ? null : origin, size, node });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { how: 'unreadable', seq: null, says: error.message };
    }
  }

  /**
   * The first entry says which log this is. Announcing the key in it lets a verifier pin both at once; it is signed in the
   * same transaction, so that no crash leaves a log that nobody signed.
   */
  function begin(anew?: { actor: NewEntry['actor']; follows: FollowedLog }): void {
    if (tree.size() > 0) return;
    const key = currentSigner();
    tables.noteBegun();
    add({
      kind: 'log.opened',
      actor: anew?.actor ?? HOST,
      body: {
        origin,
        publicKey: 'because' in key ? null : toBase64(key.publicKey),
        ...(anew && { follows: anew.follows }),
      },
    });
    sign();
  }

  function add(entry: NewEntry): LedgerEntry {
    const rows: Insertion[] = [];
    const added = grow(entry, rows);
    tables.insert(rows);
    return added;
  }

  function addInOrder(entries: readonly NewEntry[]): LedgerEntry[] {
    const rows: Insertion[] = [];
    const added = entries.map((entry) => grow(entry, rows));
    tables.insert(rows);
    return added;
  }

  /** Adds to the tree, and the row that belongs to it to `rows`. */
  function grow(entry: NewEntry, rows: Insertion[]): LedgerEntry {
    const atMs = clock.now();
    const { body, apart } = entry.apart
      ? { body: entry.body, apart: entry.apart }
      : setApart(entry.kind, entry.body);
    const place = { v: 1, seq: tree.size(), at: timeText(atMs), realm };
    const encoded = encodeEntry({ ...place, ...entry, body, apart: undefined });
    const leaf = leafDigest(encoded.bytes);
    rows.push({
      entry: encoded.entry,
      atMs,
      leaf: hashOf(leaf),
      bytes: encoded.bytes,
      nodes: tree.add(leaf),
    });
    keys.add(encoded.entry);
    const added = apart.length === 0 ? encoded.entry : tables.setApart(encoded.entry, apart);
    appended.push(added);
    return added;
  }

  /** As entries tell the time. Many are recorded in one millisecond. */
  function timeText(atMs: number): string {
    if (atMs !== spelled.atMs) spelled = { atMs, text: new Date(atMs).toISOString() };
    return spelled.text;
  }

  /** Much is remembered, but what is stored decides: another hand may have been at the file. */
  function catchUp(): void {
    const now = tables.changesByOthers();
    const size = tables.size();
    if (seen === undefined || tree.size() !== size) tree = growingTree(frontierAt(size, tables.node));
    if (seen === now) return;
    latest = tables.latestCheckpoint();
    extended = undefined;
    seen = now;
  }

  /** Runs inside a transaction, so that the signed size and the entries it covers reach the disk together. */
  function sign(): CheckpointAnswer {
    const answer = signNewest();
    if (!answer.signed) unsignedBecause = answer.because;
    return answer;
  }

  function signNewest(): CheckpointAnswer {
    if (brokenBy) return { signed: false, because: `${brokenBy.says} ${BEGIN_ANEW}` };
    if (tree.size() === 0) return { signed: false, because: 'nothing is on record yet' };
    if (latest?.size === tree.size()) return { signed: true, checkpoint: latest.note };
    const announced = keys.current()?.publicKey;
    const key = currentSigner(announced);
    if ('because' in key) return { signed: false, because: key.because };
    if (announced && !areSame(announced, key.publicKey)) return { signed: false, because: OTHER_KEY };
    if (latest && latest !== extended && !extendsSigned(latest.note))
      return { signed: false, because: DIVERGED };
    if (!announced)
      add({ kind: 'key', actor: HOST, body: { publicKey: toBase64(key.publicKey) } satisfies KeyBody });
    return { signed: true, checkpoint: signWith(key) };
  }

  function signWith(key: Signer): string {
    const size = tree.size();
    const note = signCheckpoint({ origin, size, root: tree.root() }, key);
    tables.insertCheckpoint({ size, atMs: clock.now(), note });
    // From here on the tree only grows by what is added here.
    latest = extended = { size, note };
    return note;
  }

  function currentSigner(announced?: Uint8Array): Signer | { because: string } {
    try {
      return signer?.(announced) ?? { because: 'there is no key to sign with' };
    } catch (error) {
      // A key that cannot be had must not keep a stop or a result from being recorded: it is signed later.
      if (error instanceof Failure) return { because: error.message };
      throw error;
    }
  }

  /**
   * Hands the log over to a new key: both sign the hand-over, the old one everything before it and the new one
   * everything since. @throws Failure `conflict` when the old key cannot sign.
   */
  function rotateKey(
    next: { log: Signer; approver?: { old: Signer; next: Signer } | undefined },
    actor: NewEntry['actor'],
    reason: string,
  ): LedgerEntry {
    return inTransaction(() => {
      begin();
      const signed = sign();
      const old = currentSigner(keys.current()?.publicKey);
      if (!signed.signed || 'because' in old) {
        const because = signed.signed ? 'because' in old && old.because : signed.because;
        throw new Failure(
          'conflict',
          `The key was not changed, since the present one does not sign: ${because}.`,
        );
      }
      if (next.approver) add({ kind: 'approver.key', actor, body: handedOver(next.approver, reason) });
      const body = rotation(origin, tree.size(), old, next.log, reason);
      const entry = add({ kind: 'key', actor, body });
      signWith(next.log);
      return entry;
    });
  }

  /** A person keeps their name with another key. */
  function handedOver({ old, next }: { old: Signer; next: Signer }, reason: string): NewEntry['body'] {
    const person = approverWith(old.publicKey)?.person ?? null;
    if (person === null) return approverRotation(origin, tree.size(), old, next, reason);
    return plainBody(
      approverAnnouncement(origin, tree.size(), { person, signer: next, voucher: old, reason }),
    );
  }

  const approverWith = (publicKey: Uint8Array): Approver | undefined =>
    keys.approvers().find((approver) => areSame(approver.publicKey, publicKey));

  /**
   * Puts on record who decides with a key, unless it is. The first person of a log is taken at their word; each other
   * takes somebody who vouches. @throws Failure `conflict` when the log would not accept it.
   */
  function announceApprover(announcement: Announcement, actor: NewEntry['actor']): void {
    const { person, signer } = announcement;
    if (approverWith(signer.publicKey)?.person === person) return;
    inTransaction(() => {
      begin();
      const before = keys.changes();
      const body = plainBody(approverAnnouncement(origin, tree.size(), announcement));
      const added = add({ kind: 'approver.key', actor, body });
      if (keys.changes() > before) return;
      const because = keys.add(added) ?? 'it is not accepted';
      throw new Failure(
        'conflict',
        `The log does not take ${person} as an approver: entry ${added.seq} ${because}. Whoever decides already has to admit them, in Settings.`,
      );
    });
  }

  /** Something outside contradicts the log: from here on nothing is signed or decided on it. */
  function breakBy(problem: Problem): void {
    brokenBy ??= problem;
  }

  /**
   * Begins a new log in the place of one that is broken or whose key is lost. Its first entry names the head of the old
   * one, as it was kept outside where there is such a head. The caller has kept a copy of the old one.
   * @throws Failure `conflict` when there is nothing wrong with the old one.
   */
  function beginAnew(actor: NewEntry['actor'], reason: string): LedgerEntry {
    const because = brokenBy?.says ?? whySigningFails();
    if (because === undefined)
      throw new Failure('conflict', 'The log holds: there is no reason to begin a new one.');
    const before = head();
    const kept = headKeeper?.read()?.note ?? null;
    const old = kept === null ? undefined : readCheckpoint(kept);
    const follows: FollowedLog = {
      origin: old?.origin ?? before.origin,
      size: old?.size ?? before.size,
      rootHex: old ? Buffer.from(old.root).toString('hex') : before.rootHex,
      checkpoint: kept ?? before.checkpoint,
      because,
      reason,
    };
    const state = { origin, keys, brokenBy };
    try {
      inTransaction(() => {
        tables.clear();
        tree = growingTree();
        latest = undefined;
        keys = keyChain();
        brokenBy = undefined;
        origin = newName();
        begin({ actor, follows });
      });
    } catch (error) {
      ({ origin, keys, brokenBy } = state);
      throw error;
    }
    keepHead();
    const [first] = tables.select({ limit: 1 });
    if (!first) throw new Error('A log that began has a first entry');
    return first;
  }

  function whySigningFails(): string | undefined {
    const answer = checkpoint();
    return answer.signed || answer.because !== OTHER_KEY ? undefined : answer.because;
  }

  /** Keeps the newest signed head outside. What cannot be kept now is kept with the next: the log itself is safe. */
  function keepHead(): void {
    clearTimeout(keepingHead);
    keepingHead = undefined;
    // The timer may outlive the database of whoever did not close the log.
    const newest = brokenBy || !db.open ? undefined : tables.latestCheckpoint();
    if (!headKeeper || !newest) return;
    try {
      if (headKeeper.read()?.note !== newest.note) headKeeper.write({ note: newest.note });
    } catch (error) {
      logger.error({ error: messageOf(error) }, 'the head of the ledger could not be kept outside it');
    }
  }

  function extendsSigned(note: string): boolean {
    const signed = readCheckpoint(note);
    if (!signed || signed.size > tree.size()) return false;
    return areSame(signed.root, rootOf(frontierAt(signed.size, tables.node)));
  }

  function inTransaction<T>(work: () => T): T {
    if (db.inTransaction)
      throw new Error('The ledger must own its transaction, or its entries are not on disk yet');
    appended = [];
    const changesBefore = keys.changes();
    let result: T;
    try {
      result = transaction.immediate(work) as T;
    } catch (error) {
      seen = undefined;
      if (keys.changes() !== changesBefore) keys = storedKeys();
      throw asFailure(error, db.name);
    }
    if (headKeeper) keepingHead ??= setTimeout(keepHead, KEEP_HEAD_AFTER_MS).unref();
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
    recordGrouped,
    checkpoint,
    head,
    rotateKey,
    announceApprover,
    /** Whose decisions the log accepts, in the order they were announced. */
    approvers: (): Approver[] => keys.approvers(),
    breakBy,
    beginAnew,
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
      recordWaiting();
      checkpoint();
      keepHead();
      listeners.clear();
    },
  };
}

const HOST = { kind: 'host', name: 'countersign' } as const;

/** Without the members that are absent, which JSON cannot hold. */
const plainBody = (body: ApproverBody): NewEntry['body'] => JSON.parse(JSON.stringify(body));

type Waiting = {
  entries: NewEntry | readonly NewEntry[];
  alsoInTransaction: (() => void) | undefined;
  resolve(added: LedgerEntry[]): void;
  reject(error: unknown): void;
};

type SignedNote = { size: number; note: string };

const BEGIN_ANEW =
  'Nothing is signed, approved or executed until a person begins a new log, on the Ledger page or with `ledger begin-anew`.';

const refusedBy = ({ says }: Problem): Failure =>
  new Failure('refused', `The ledger does not hold. ${says} ${BEGIN_ANEW}`);

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
  const remedy = remedies.find(([code]) => error.code.startsWith(code))?.[1];
  if (remedy === undefined) return error;
  return new Failure(
    'storage',
    `The ledger could not write to ${file}: ${error.message}. Nothing was recorded and nothing is executed until it can. ${remedy}`,
    error,
  );
}

const remedies: readonly (readonly [code: string, remedy: string])[] = [
  ['SQLITE_FULL', 'The disk is full: free some space there.'],
  ['SQLITE_READONLY', 'The file or its disk is read-only: make both writable for this user.'],
  ['SQLITE_BUSY', 'Another program holds the file: close it, or wait until it is done.'],
  ['SQLITE_LOCKED', 'Another program holds the file: close it, or wait until it is done.'],
  ['SQLITE_IOERR', 'The disk reports an error, or is full: check it and free some space.'],
  [
    'SQLITE_CANTOPEN',
    'The file or its folder is gone or closed to this user: put it back and make it writable.',
  ],
  ['SQLITE_PERM', 'Make the file and its folder writable for this user.'],
  ['SQLITE_CORRUPT', 'The file is damaged: stop, keep a copy of it, and restore a backup.'],
  ['SQLITE_NOTADB', 'The file is damaged: stop, keep a copy of it, and restore a backup.'],
];
