/**
 * Ways to edit a data file behind our code. Each makes one edit at a place chosen by chance and says where a verifier
 * must find it: the first entry it names lies from `from` to `to`, both included. The range has more than one place only
 * where the edit was covered up so well that nothing but a signature, which covers many entries, still tells.
 */
import type { Database } from 'better-sqlite3';
import { toBase64 } from '../../../electron/ledger/note.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';
import { rehash, renumber, shift, signAnew } from './forge.ts';
import type { Chance } from './seeded.ts';

export type Found = { from: number; to: number } | 'replaced as a whole';
export type Edit = (db: Database, log: Log, by: Chance) => Found;

/** The log before the edit; `signed` are the sizes of its checkpoints, smallest first. */
export type Log = { size: number; signed: readonly number[] };

const at = (place: number): Found => ({ from: place, to: place });
const lastSigned = ({ signed }: Log, place: number): number => signed.findLast((size) => size <= place) ?? 0;
/** Somewhere in what the first checkpoint over `place` covers and the one before does not. */
const under = (log: Log, place: number): Found => ({ from: lastSigned(log, place), to: place });
const anywhere = ({ size }: Log): Found => ({ from: 0, to: size });

const thief = signerOf(newPrivateKey());

const bytesAt = (db: Database, seq: number): Buffer =>
  db.prepare<[number], Buffer>('SELECT bytes FROM ledger_entry WHERE seq = ?').pluck().get(seq) ??
  Buffer.alloc(0);
const put = (db: Database, seq: number, bytes: Uint8Array): void =>
  void db.prepare('UPDATE ledger_entry SET bytes = ? WHERE seq = ?').run(bytes, seq);

export function flipped(bytes: Uint8Array, by: Chance): Buffer {
  const copy = Buffer.from(bytes);
  const place = by.below(copy.length);
  copy[place] = (copy[place] ?? 0) ^ (1 << by.below(8));
  return copy;
}

/** An entry that reads well and says something else. */
const reworded = (bytes: Uint8Array): Buffer =>
  Buffer.from(Buffer.from(bytes).toString().replace('"name":"', '"name":"x'));

/** A second row with what stands at `seq`, put at `place`, where there is room. */
const copyTo = (db: Database, seq: number, place: number): void =>
  void db
    .prepare(
      'INSERT INTO ledger_entry SELECT ?, kind, incident, at_ms, leaf, bytes FROM ledger_entry WHERE seq = ?',
    )
    .run(place, seq);

export const edits: Readonly<Record<string, Edit>> = {
  'a byte of an entry flipped'(db, { size }, by) {
    const place = by.below(size);
    put(db, place, flipped(bytesAt(db, place), by));
    return at(place);
  },
  'an entry reworded'(db, { size }, by) {
    const place = by.below(size);
    put(db, place, reworded(bytesAt(db, place)));
    return at(place);
  },
  'an entry reworded and the tree made to fit'(db, log, by) {
    const place = by.below(log.size);
    put(db, place, reworded(bytesAt(db, place)));
    rehash(db);
    return under(log, place);
  },
  'an entry emptied'(db, { size }, by) {
    const place = by.below(size);
    put(db, place, new Uint8Array());
    return at(place);
  },
  'an entry filed under another kind, incident or time'(db, { size }, by) {
    const place = by.below(size);
    const change = by.of([
      `kind = kind || 'x'`,
      `incident = coalesce(incident, '') || 'x'`,
      'at_ms = at_ms + 1',
    ]);
    db.prepare(`UPDATE ledger_entry SET ${change} WHERE seq = ?`).run(place);
    return at(place);
  },
  'a copy of another entry inserted'(db, { size }, by) {
    const place = by.below(size);
    shift(db, place, 1);
    copyTo(db, by.of([place + 1, by.below(place + 1) + size - place]), place);
    const isItself = bytesAt(db, place).equals(bytesAt(db, place + 1));
    return at(isItself ? place + 1 : place);
  },
  'an entry made up, inserted, and all after it renumbered'(db, log, by) {
    const place = 1 + by.below(log.size - 1);
    shift(db, place, 1);
    copyTo(db, place + 1, place);
    put(db, place, reworded(bytesAt(db, place)));
    renumber(db, place);
    if (by.happens(0.5)) return at(place);
    rehash(db);
    return under(log, place);
  },
  'entries deleted'(db, { size }, by) {
    const place = by.below(size);
    db.prepare('DELETE FROM ledger_entry WHERE seq >= ? AND seq < ?').run(place, place + 1 + by.below(3));
    return at(place);
  },
  'an entry deleted and the gap closed'(db, { size }, by) {
    const place = by.below(size);
    db.prepare('DELETE FROM ledger_entry WHERE seq = ?').run(place);
    shift(db, place, -1);
    return at(place);
  },
  'an entry deleted, all after it renumbered and the tree made to fit'(db, log, by) {
    const place = 1 + by.below(log.size - 1);
    db.prepare('DELETE FROM ledger_entry WHERE seq = ?').run(place);
    shift(db, place, -1);
    renumber(db, place);
    rehash(db);
    // Under the last checkpoint nobody can tell which entry is missing, only that the log is too short by one.
    const isAtTheEnd = place >= (log.signed.at(-2) ?? 0);
    return { from: lastSigned(log, place), to: isAtTheEnd ? log.size - 1 : place };
  },
  'two entries swapped'(db, { size }, by) {
    const place = by.below(size - 1);
    const other = place + 1 + by.below(size - place - 1);
    const [one, two] = [bytesAt(db, place), bytesAt(db, other)];
    put(db, place, two);
    put(db, other, one);
    return at(place);
  },
  'two rows swapped'(db, { size }, by) {
    const place = by.below(size - 1);
    const other = place + 1 + by.below(size - place - 1);
    const move = db.prepare('UPDATE ledger_entry SET seq = ? WHERE seq = ?');
    for (const [from, to] of [
      [place, 1_000_000],
      [other, place],
      [1_000_000, other],
    ] as const)
      move.run(to, from);
    if (by.happens(0.5)) rehash(db);
    return at(place);
  },
  'an entry doubled'(db, { size }, by) {
    const place = by.below(size);
    shift(db, place + 1, 1);
    copyTo(db, place, place + 1);
    return at(place + 1);
  },
  'the tail cut off, entries alone'(db, { size }, by) {
    const place = by.below(size);
    db.prepare('DELETE FROM ledger_entry WHERE seq >= ?').run(place);
    return at(place);
  },
  'the tail cut off with its tree and its checkpoints'(db, { size }, by) {
    const place = by.below(size);
    db.prepare('DELETE FROM ledger_entry WHERE seq >= ?').run(place);
    db.prepare('DELETE FROM ledger_checkpoint WHERE size > ?').run(place);
    rehash(db);
    // What is left is a log that once was: only the head kept outside knows better, or its unsigned end shows.
    return { from: 0, to: place };
  },
  'the tail cut off, and no trace left that there was a log'(db) {
    for (const part of ['entry', 'node', 'checkpoint']) db.exec(`DELETE FROM ledger_${part}`);
    db.exec('DELETE FROM setting');
    return at(0);
  },
  'a leaf hash changed'(db, { size }, by) {
    const place = by.below(size);
    db.prepare('UPDATE ledger_entry SET leaf = ? WHERE seq = ?').run(Buffer.alloc(32, by.below(256)), place);
    return at(place);
  },
  'a hash of the tree changed'(db, { size }, by) {
    const { level, position } = someNode(db, by);
    const hash = Buffer.alloc(32, by.below(256));
    db.prepare('UPDATE ledger_node SET hash = ? WHERE level = ? AND position = ?').run(hash, level, position);
    return { from: position * 2 ** level, to: Math.min(size, (position + 1) * 2 ** level) };
  },
  'a hash of the tree removed'(db, _log, by) {
    const { level, position } = someNode(db, by);
    db.prepare('DELETE FROM ledger_node WHERE level = ? AND position = ?').run(level, position);
    return at(position * 2 ** level);
  },
  'a hash of the tree too many'(db, { size }, by) {
    db.prepare('INSERT INTO ledger_node VALUES (?, ?, ?)').run(by.below(9), 1_000, Buffer.alloc(32));
    return at(size);
  },
  'a byte of a checkpoint flipped'(db, log, by) {
    const size = by.of(log.signed);
    const note = db.prepare('SELECT note FROM ledger_checkpoint WHERE size = ?').pluck().get(size);
    const damaged = flipped(Buffer.from(String(note)), by);
    db.prepare('UPDATE ledger_checkpoint SET note = CAST(? AS TEXT) WHERE size = ?').run(damaged, size);
    return anywhere(log);
  },
  'two checkpoints swapped'(db, log, by) {
    const place = by.below(log.signed.length - 1);
    const [one, two] = [log.signed[place] ?? 0, log.signed[place + 1] ?? 0];
    const noteOf = db.prepare('SELECT note FROM ledger_checkpoint WHERE size = ?').pluck();
    const notes = [noteOf.get(two), noteOf.get(one)];
    [one, two].forEach((size, index) => {
      db.prepare('UPDATE ledger_checkpoint SET note = ? WHERE size = ?').run(notes[index], size);
    });
    return anywhere(log);
  },
  'every checkpoint removed'(db) {
    db.exec('DELETE FROM ledger_checkpoint');
    return at(0);
  },
  'an entry reworded and everything after it signed with another key'(db, log, by) {
    const place = by.below(log.size);
    put(db, place, reworded(bytesAt(db, place)));
    rehash(db);
    signAnew(db, place + 1, thief);
    return under(log, place);
  },
  'another key announced half way and everything after it signed with that one'(db, log, by) {
    const place = 1 + by.below(log.size - 1);
    const body = { publicKey: toBase64(thief.publicKey) };
    const text = bytesAt(db, place)
      .toString()
      .replace(
        /"body":\{.*\},"incident":"[^"]*","kind":"[^"]*"/,
        `"body":${JSON.stringify(body)},"kind":"key"`,
      );
    put(db, place, Buffer.from(text));
    db.prepare(`UPDATE ledger_entry SET kind = 'key', incident = NULL WHERE seq = ?`).run(place);
    rehash(db);
    signAnew(db, place + 1, thief);
    return under(log, place);
  },
  'the whole log made anew with another key from its first entry on'(db, _log, by) {
    const first = bytesAt(db, 0).toString();
    const key = toBase64(thief.publicKey);
    put(db, 0, Buffer.from(first.replace(/"publicKey":"[^"]*"/, `"publicKey":"${key}"`)));
    if (by.happens(0.5)) put(db, 5, reworded(bytesAt(db, 5)));
    rehash(db);
    signAnew(db, 0, thief);
    return 'replaced as a whole';
  },
};

const someNode = (db: Database, by: Chance): { level: number; position: number } =>
  by.of(db.prepare<[], { level: number; position: number }>('SELECT level, position FROM ledger_node').all());
