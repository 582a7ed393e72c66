import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EntryKind } from '../../../electron/ledger/entry.ts';
import { type NewEntry, openLedger } from '../../../electron/ledger/log.ts';
import { databaseReader } from '../../../electron/ledger/log-reader.ts';
import type { HeadKeeper, OutsideHead } from '../../../electron/ledger/outside-head.ts';
import { verifyLog } from '../../../electron/ledger/verify/verify.ts';
import { verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { steppedClock } from '../../../electron/platform/clock.ts';
import { newPrivateKey, type Signer, signerOf } from '../../../electron/platform/ed25519.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openStore, type Store } from '../../../electron/store/open-store.ts';

let folder: string;
let store: Store;
let kept: OutsideHead | undefined;
let made: number;
const keeper: HeadKeeper = {
  read: () => kept,
  write: (head) => {
    kept = head;
  },
};
const key = signerOf(newPrivateKey());
const PERSON = { kind: 'person', name: 'Ada' } as const;

const file = () => join(folder, 'countersign.db');
const openFile = () => openStore(file(), migrations);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-'));
  store = openFile();
  kept = undefined;
  made = 0;
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

const { clock } = steppedClock((error) => {
  throw error;
}, Date.parse('2026-03-01T10:00:00Z'));

const open = (signer: (announced?: Uint8Array) => Signer | undefined = () => key) =>
  openLedger({
    db: store.db,
    realm: 'real',
    clock,
    ids(prefix) {
      made += 1;
      return `${prefix}-${made}`;
    },
    signer,
    headKeeper: keeper,
  });

const entry = (kind: EntryKind): NewEntry => ({
  kind,
  actor: { kind: 'host', name: 'countersign' },
  body: {},
});
const entries = (count: number) => Array.from({ length: count }, () => entry('note'));

/** Cuts the log back to a size it once had, so that nothing inside the file shows it. */
function cutBackTo(size: number): void {
  for (const part of ['entry', 'node', 'checkpoint']) store.db.exec(`DROP TRIGGER ledger_${part}_no_delete`);
  store.db.prepare('DELETE FROM ledger_entry WHERE seq >= ?').run(size);
  store.db.prepare('DELETE FROM ledger_checkpoint WHERE size > ?').run(size);
  store.db.prepare('DELETE FROM ledger_node WHERE (position + 1) * (1 << level) > ?').run(size);
}

describe('a head kept outside the log', () => {
  it('is the newest checkpoint once the log is closed', () => {
    const ledger = open();
    ledger.record(entries(3));
    ledger.close();
    expect(kept?.note).toBe(ledger.head().checkpoint);
    expect(verifyDataFile(file(), kept)).toMatchObject({ ok: true });
  });

  it('is kept within a second of a decision, without anyone closing anything', async () => {
    const ledger = open();
    ledger.record(entry('decision'));
    await expect.poll(() => kept?.note).toBe(ledger.head().checkpoint);
  });

  it('shows a tail that was cut back to an earlier signed size, which the file itself does not', () => {
    const ledger = open();
    ledger.record(entry('decision'));
    ledger.record([...entries(5), entry('decision')]);
    ledger.close();
    cutBackTo(2);
    expect(verifyLog(databaseReader(store.db))).toMatchObject({ ok: true, size: 2 });
    const { ok, problems } = verifyDataFile(file(), kept);
    expect(ok).toBe(false);
    expect(problems).toMatchObject([{ how: 'truncated', seq: 2 }]);
  });

  it('shows a data file that is gone or was begun anew', () => {
    const ledger = open();
    ledger.record(entry('decision'));
    ledger.close();
    expect(verifyDataFile(join(folder, 'elsewhere.db'), kept).problems).toMatchObject([{ how: 'truncated' }]);
    const before = kept;
    cutBackTo(0);
    kept = undefined;
    open().close();
    expect(verifyDataFile(file(), before).problems).toMatchObject([{ how: 'forked', seq: 0 }]);
  });

  it('shows a history that was written and signed again with the same key', () => {
    const ledger = open();
    ledger.record([entry('signal'), entry('decision')]);
    ledger.close();
    const before = kept;
    cutBackTo(1);
    kept = undefined;
    const again = open();
    again.record([...entries(2), entry('decision')]);
    again.close();
    expect(verifyLog(databaseReader(store.db))).toMatchObject({ ok: true });
    expect(verifyDataFile(file(), before).problems).toMatchObject([{ how: 'forked' }]);
  });
});

describe('a log that contradicts the head kept outside it', () => {
  beforeEach(() => {
    const ledger = open();
    ledger.record(entry('decision'));
    ledger.record([...entries(5), entry('decision')]);
    ledger.close();
    cutBackTo(2);
  });

  it('signs nothing and takes no decision and no intent, but still records a stop', () => {
    const ledger = open();
    expect(ledger.head()).toMatchObject({ signed: true, brokenBy: expect.stringContaining('cut off') });
    expect(() => ledger.record(entry('decision'))).toThrow('The ledger does not hold');
    expect(() => ledger.record(entry('intent'))).toThrow(expect.objectContaining({ code: 'refused' }));
    expect(ledger.head().size).toBe(2);
    ledger.record(entry('stop'));
    expect(ledger.head()).toMatchObject({ size: 3, signed: false });
    const before = kept;
    ledger.close();
    expect(kept).toBe(before);
  });

  it('gives way to a new log, whose first entry names the old head, who began it and why', () => {
    const before = kept;
    const ledger = open();
    const first = ledger.beginAnew(PERSON, 'The disk was swapped.');
    expect(first).toMatchObject({
      seq: 0,
      kind: 'log.opened',
      actor: PERSON,
      body: { follows: { size: 8, checkpoint: before?.note, reason: 'The disk was swapped.' } },
    });
    expect(ledger.head()).toMatchObject({ size: 1, signed: true, brokenBy: null });
    ledger.record(entry('decision'));
    ledger.close();
    expect(verifyDataFile(file(), kept)).toMatchObject({ ok: true, size: 2 });
    expect(open().head().brokenBy).toBeNull();
  });

  it('is still broken after a restart, whatever was appended since', () => {
    open().record(entries(20));
    expect(open().head().brokenBy).not.toBeNull();
  });
});

describe('a key that changes', () => {
  const next = signerOf(newPrivateKey());
  const either = (announced?: Uint8Array) =>
    [key, next].find(({ publicKey }) => !announced || Buffer.compare(publicKey, announced) === 0);

  it('is vouched for by the old one, and signs from then on', () => {
    const ledger = open(either);
    ledger.record(entry('decision'));
    ledger.rotateKey({ log: next }, PERSON, 'A laptop was lost.');
    ledger.record(entry('decision'));
    ledger.close();
    expect(verifyDataFile(file(), kept)).toMatchObject({
      ok: true,
      size: 4,
      key: { publicKey: Buffer.from(next.publicKey) },
    });
    const again = open(either);
    again.record(entry('decision'));
    expect(again.head()).toMatchObject({ signed: true, size: 5 });
  });

  it('is not accepted from whoever has only the new key', () => {
    const ledger = open(either);
    const forged = { publicKey: Buffer.from(next.publicKey).toString('base64') };
    ledger.record({ kind: 'key', actor: PERSON, body: forged });
    ledger.record({
      kind: 'key',
      actor: PERSON,
      body: { ...forged, signatures: { old: 'AAAA', new: 'AAAA' } },
    });
    ledger.close();
    expect(verifyDataFile(file()).problems).toMatchObject([
      { how: 'key', seq: 1 },
      { how: 'key', seq: 2 },
    ]);
  });

  it('stays as it was when the present one cannot sign', () => {
    let locked = false;
    const ledger = open(() => (locked ? undefined : key));
    ledger.record(entry('note'));
    locked = true;
    expect(() => ledger.rotateKey({ log: next }, PERSON, 'why')).toThrow('was not changed');
    expect(ledger.head().size).toBe(2);
  });

  it('that is lost makes way for a new log, and one that is there does not', () => {
    open().close();
    const ledger = open(() => next);
    ledger.record(entry('note'));
    expect(ledger.beginAnew(PERSON, 'The vault is gone.').body).toMatchObject({
      publicKey: Buffer.from(next.publicKey).toString('base64'),
      follows: { because: expect.stringContaining('not the one') },
    });
    expect(() => ledger.beginAnew(PERSON, 'again')).toThrow('no reason to begin a new one');
  });
});

describe('records that share one write', () => {
  it('are each on disk when they resolve, in the order they were asked for', async () => {
    const ledger = open();
    const added = await Promise.all([1, 2, 3].map(() => ledger.recordGrouped(entry('read'))));
    expect(added.map(([one]) => one?.seq)).toEqual([1, 2, 3]);
    expect(ledger.head().size).toBe(4);
  });

  it('fail alone', async () => {
    const ledger = open();
    const fails = ledger.recordGrouped(entry('read'), () => {
      throw new Error('no');
    });
    const holds = ledger.recordGrouped(entry('read'));
    await expect(fails).rejects.toThrow('no');
    await expect(holds).resolves.toMatchObject([{ seq: 1 }]);
  });

  it('are not lost when the log closes first', async () => {
    const ledger = open();
    const waiting = ledger.recordGrouped(entry('read'));
    ledger.close();
    await expect(waiting).resolves.toMatchObject([{ seq: 1 }]);
    expect(ledger.head()).toMatchObject({ size: 2, signed: true });
  });
});
