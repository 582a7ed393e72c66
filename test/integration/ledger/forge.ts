/** What somebody with the file, our code and patience, but without our key, can do to a log to hide an edit. */
import type { Database } from 'better-sqlite3';
import { readCheckpoint, signCheckpoint } from '../../../electron/ledger/note.ts';
import { growingTree, hashOf, leafDigest } from '../../../electron/ledger/tree.ts';
import type { Signer } from '../../../electron/platform/ed25519.ts';

const rows = (db: Database) =>
  db.prepare<[], { seq: number; bytes: Buffer }>('SELECT seq, bytes FROM ledger_entry ORDER BY seq').all();

/** Makes the stored tree that of the entries again. */
export function rehash(db: Database): void {
  db.exec('DELETE FROM ledger_node');
  const insert = db.prepare('INSERT INTO ledger_node VALUES (@level, @position, @hash)');
  const beside = db.prepare('UPDATE ledger_entry SET leaf = ? WHERE seq = ?');
  const tree = growingTree();
  for (const { seq, bytes } of rows(db)) {
    const leaf = leafDigest(bytes);
    beside.run(hashOf(leaf), seq);
    for (const node of tree.add(leaf)) insert.run(node);
  }
}

/** Signs every checkpoint of a size from `from` on anew, over the entries that are there now. */
export function signAnew(db: Database, from: number, signer: Signer, origin?: string): void {
  const notes = db
    .prepare<[number], { size: number; note: string }>(
      'SELECT size, note FROM ledger_checkpoint WHERE size >= ?',
    )
    .all(from);
  const update = db.prepare('UPDATE ledger_checkpoint SET note = ? WHERE size = ?');
  const roots = rootsOf(db);
  for (const { size, note } of notes) {
    const root = roots[size];
    if (!root) continue;
    const name = origin ?? readCheckpoint(note)?.origin ?? 'nobody';
    update.run(signCheckpoint({ origin: name, size, root }, signer), size);
  }
}

function rootsOf(db: Database): Uint8Array[] {
  const tree = growingTree();
  const roots = [tree.root()];
  for (const { bytes } of rows(db)) {
    tree.add(leafDigest(bytes));
    roots.push(tree.root());
  }
  return roots;
}

/** Makes room for one entry at `place`, or closes the gap after `place`, in the places and not in what is stored. */
export function shift(db: Database, place: number, by: 1 | -1): void {
  // In two steps, for two entries cannot have one place even for a moment.
  const far = 1_000_000;
  db.prepare('UPDATE ledger_entry SET seq = seq + ? WHERE seq >= ?').run(far, place);
  db.prepare('UPDATE ledger_entry SET seq = seq - ? WHERE seq >= ?').run(far - by, far);
}

/** Makes entries say the place they stand at, from `from` on. */
export function renumber(db: Database, from: number): void {
  const rows = db
    .prepare<[number], { seq: number; bytes: Buffer }>('SELECT seq, bytes FROM ledger_entry WHERE seq >= ?')
    .all(from);
  const update = db.prepare('UPDATE ledger_entry SET bytes = ? WHERE seq = ?');
  for (const { seq, bytes } of rows) {
    update.run(Buffer.from(bytes.toString().replace(/"seq":\d+,"v":1\}$/, `"seq":${seq},"v":1}`)), seq);
  }
}
