/**
 * Erases what retention rules say is due. INVARIANT: what is erased and the entry that says so reach the disk together,
 * and what the entry says was erased is gone from the data file: from beside the log, from the search index, and from the
 * state that repeats it.
 */
import type { Database } from 'better-sqlite3';
import { eraseCopies, eraseRecorded } from '../../store/erase-copies.ts';
import { searchIndex } from '../search/search-index.ts';
import type { ErasureBody } from './personal.ts';
import { personalTables } from './personal-tables.ts';
import { dueBefore, type Retention, type RetentionRule, rulesInForce } from './retention.ts';

export type Erasure = { rule: string; values: number; reads: number };

type Ports = {
  db: Database;
  /** Puts an erasure on record, and what it does with it in the same transaction. */
  record(body: ErasureBody, erase: () => void): void;
  nowMs: number;
};

/** So that the entry stays small. */
const AT_ONCE = 500;

/**
 * What each rule erased; rules that had nothing to erase are left out. Time counts from when the incident was
 * closed, or from the entry where it is about none.
 */
export function eraseDue(ports: Ports, retention: Retention): Erasure[] {
  const { db } = ports;
  // Freed pages are overwritten, and what the write-ahead log still holds goes with the checkpoint.
  db.pragma('secure_delete = ON');
  const done = rulesInForce(retention).map((rule) => eraseUnder(ports, retention.jurisdiction, rule));
  const erased = done.filter(({ values, reads }) => values + reads > 0);
  if (erased.length > 0) db.pragma('wal_checkpoint(TRUNCATE)');
  return erased;
}

function eraseUnder({ db, record, nowMs }: Ports, jurisdiction: string, rule: RetentionRule): Erasure {
  const due = dueRows(db, rule, dueBefore(rule, nowMs));
  const tables = personalTables(db);
  const index = searchIndex(db);
  const total: Erasure = { rule: rule.rule, values: 0, reads: 0 };
  for (;;) {
    const values = due.values();
    const reads = due.reads();
    const payloads = due.payloads();
    if (values.length + reads.length + payloads.length === 0) return total;
    const body: ErasureBody = {
      rule: rule.rule,
      jurisdiction,
      because: rule.because,
      entries: values.map(({ seq, member }) => [seq, member]),
      reads: [...reads.map(({ id }) => id), ...payloads.map(({ digest }) => `payload:${digest}`)],
    };
    record(body, () => {
      const by = Number(db.prepare('SELECT max(seq) FROM ledger_entry').pluck().get());
      const seqs = [...new Set(values.map(({ seq }) => seq))];
      index.replace(seqs, () => {
        for (const { seq, member, incident, value } of values) {
          tables.erase(by, seq, member);
          if (incident !== null) eraseCopies(db, incident, textOf(value), `erased under rule ${rule.rule}`);
        }
      });
      const erase = db.prepare('UPDATE analyst_read SET body = ?, erased_by = ? WHERE id = ?');
      for (const { id } of reads) {
        eraseRecorded(db, id);
        erase.run(`erased under rule ${rule.rule}`, by, id);
      }
      const unpack = db.prepare('UPDATE payload SET bytes = NULL, erased_by = ? WHERE rowid = ?');
      for (const { place } of payloads) unpack.run(by, place);
    });
    total.values += values.length;
    total.reads += reads.length + payloads.length;
  }
}

function dueRows(db: Database, { kinds }: RetentionRule, beforeMs: number) {
  const asked = { kinds: JSON.stringify(kinds), beforeMs, limit: AT_ONCE };
  const isClosed = 'incident IN (SELECT id FROM incident WHERE closed_ms < @beforeMs)';
  const values = db.prepare<
    [typeof asked],
    { seq: number; member: string; incident: string | null; value: Buffer }
  >(
    `SELECT p.seq, p.member, e.incident, p.value FROM ledger_personal p JOIN ledger_entry e ON e.seq = p.seq
     WHERE p.erased_by IS NULL AND e.kind IN (SELECT value FROM json_each(@kinds))
       AND (${isClosed} OR (incident IS NULL AND e.at_ms < @beforeMs)) ORDER BY p.seq, p.member LIMIT @limit`,
  );
  const reads = db.prepare<[Omit<typeof asked, 'kinds'>], { id: string }>(
    `SELECT id FROM analyst_read WHERE erased_by IS NULL AND ${isClosed} ORDER BY id LIMIT @limit`,
  );
  const payloads = db.prepare<[Omit<typeof asked, 'kinds'>], { place: number; digest: string }>(
    `SELECT rowid AS place, digest FROM payload WHERE bytes IS NOT NULL AND ${isClosed} ORDER BY rowid LIMIT @limit`,
  );
  const isRead = kinds.includes('read');
  return {
    values: () => values.all(asked),
    reads: () => (isRead ? reads.all({ beforeMs, limit: AT_ONCE }) : []),
    /** What sources delivered was read from them, too. */
    payloads: () => (isRead ? payloads.all({ beforeMs, limit: AT_ONCE }) : []),
  };
}

const textOf = (value: Buffer): unknown => JSON.parse(value.toString('utf8'));
