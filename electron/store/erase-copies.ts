import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Database } from 'better-sqlite3';

/** Tables whose bodies repeat what people and the model said in an incident. */
const REPEATING = [
  'proposal',
  'event',
  'analyst_step',
  'escalation',
  'memory',
  'recorded_run',
  'recorded_step',
  'report_section',
] as const;

/** Members that hold free text: another one that reads the same means something else. */
const FREE_TEXT: ReadonlySet<string> = new Set([
  'reason',
  'because',
  'title',
  'detail',
  'text',
  'stated',
  'line',
  'what',
  'inWords',
  'helped',
  'didNotHelp',
  'question',
  'sentence',
]);
/** A title may hold the beginning of a text, and more around it; a text this short is looked for only as a whole. */
const SHORTENED = 300;
const SHORT = 8;

/**
 * Replaces a value wherever the state of an incident repeats it, with a sentence that says what became of it. Runs in the
 * transaction that erases the value itself.
 */
export function eraseCopies(db: Database, incident: string, value: unknown, sentence: string): void {
  if (typeof value !== 'string' || value === '') return;
  const start = value.slice(0, SHORTENED);
  const repeats = (member: unknown): boolean =>
    member === value || (typeof member === 'string' && start.length >= SHORT && member.includes(start));
  for (const table of REPEATING) {
    const rows = db
      .prepare<[string, string], { place: number; body: string }>(
        `SELECT rowid AS place, body FROM ${table} WHERE incident = ? AND instr(body, ?) > 0`,
      )
      .all(incident, JSON.stringify(start).slice(1, -1));
    const update = db.prepare(`UPDATE ${table} SET body = ? WHERE rowid = ?`);
    for (const { place, body } of rows) {
      const replaced = JSON.stringify(JSON.parse(body), (name, member: unknown) =>
        FREE_TEXT.has(name) && repeats(member) ? sentence : member,
      );
      update.run(replaced, place);
    }
  }
  eraseSent(db, incident, JSON.stringify(start).slice(1, -1), sentence);
}

/** Where parts were masked before it was sent nobody can tell whether the value was among them, so that text goes as well. */
const MASKED = /<[A-Z]+_\d+>/;

/** The exact texts that were sent to a model and hold the value. Their digests stay in the ledger. */
function eraseSent(db: Database, incident: string, start: string, sentence: string): void {
  const rows = db
    .prepare<[string], { place: number; packed: Buffer }>(
      'SELECT rowid AS place, packed FROM sent_request WHERE incident = ?',
    )
    .all(incident);
  const update = db.prepare('UPDATE sent_request SET packed = ? WHERE rowid = ?');
  for (const { place, packed } of rows) {
    const text = gunzipSync(packed).toString('utf8');
    if (text.includes(start) || MASKED.test(text)) update.run(gzipSync(sentence), place);
  }
}

/**
 * The copy of what a read answered that is kept to play its run again. Without it a replay counts the call as one that was
 * not recorded.
 */
export function eraseRecorded(db: Database, read: string): void {
  const body = db.prepare('SELECT body FROM analyst_read WHERE id = ?').pluck().get(read);
  const digest = createHash('sha256').update(String(body)).digest('hex');
  db.prepare('DELETE FROM recorded_text WHERE digest = ?').run(digest);
}
