import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { LedgerEntry } from '../entry.ts';
import { type Apart, type Body, type Kept, opened } from './personal.ts';
import type { PersonalReader, PersonalRow } from './personal-check.ts';

type Opening = { kind: string; seq: number; body: Body };
type Row = { salt: unknown; value: unknown; erasedBy: unknown };

/** The SQL of what stands apart from the entries. Prepared when first wanted: an older data file has no such table. */
export function personalTables(db: Database) {
  const at = lazily(() =>
    db.prepare<[number, string], Row>(
      'SELECT salt, value, erased_by AS erasedBy FROM ledger_personal WHERE seq = ? AND member = ?',
    ),
  );
  const insert = lazily(() =>
    db.prepare<[number, string, Uint8Array, Uint8Array]>(
      'INSERT INTO ledger_personal (seq, member, salt, value) VALUES (?, ?, ?, ?)',
    ),
  );
  const erase = lazily(() =>
    db.prepare<[number, number, string]>(
      'UPDATE ledger_personal SET salt = NULL, value = NULL, erased_by = ? WHERE seq = ? AND member = ?',
    ),
  );
  const rule = lazily(() =>
    db.prepare<[number], Uint8Array>('SELECT bytes FROM ledger_entry WHERE seq = ?').pluck(),
  );
  // Once it is there it stays.
  let isThere = false;
  const hasTable = (): boolean => {
    isThere ||= db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'ledger_personal'").get() !== undefined;
    return isThere;
  };

  function row(seq: number, member: string): PersonalRow | undefined {
    const found = at().get(seq, member);
    if (!found) return undefined;
    const { salt, value, erasedBy } = found;
    if (typeof erasedBy === 'number') return { erasedBy };
    return { salt: asBytes(salt), value: asBytes(value) };
  }

  function kept(seq: number, member: string): Kept | undefined {
    const found = hasTable() ? row(seq, member) : undefined;
    if (!found) return undefined;
    if (!('erasedBy' in found)) return { kind: 'kept', ...found };
    return { kind: 'erased', by: found.erasedBy, rule: ruleOf(rule().get(found.erasedBy)) };
  }

  const openedBody = ({ kind, seq, body }: Opening): Body =>
    opened(kind, body, (member) => kept(seq, member));

  return {
    insert(seq: number, apart: readonly Apart[]): void {
      for (const { member, salt, value } of apart) insert().run(seq, member, salt, value);
    },
    erase: (by: number, seq: number, member: string): void => void erase().run(by, seq, member),
    /** The entry as people read it. */
    opened: (entry: LedgerEntry): LedgerEntry => {
      const body = openedBody(entry) as LedgerEntry['body'];
      return body === entry.body ? entry : { ...entry, body };
    },
    openedBody,
    /** Undefined where there is no such table. */
    reader: (): PersonalReader | undefined =>
      hasTable()
        ? {
            at: row,
            count: () => Number(db.prepare('SELECT count(*) FROM ledger_personal').pluck().get()),
            mayBeWithheld: false,
          }
        : undefined,
  };
}

const Ruled = z.object({ body: z.object({ rule: z.string() }) });

function ruleOf(bytes: Uint8Array | undefined): string {
  try {
    return Ruled.parse(JSON.parse(Buffer.from(bytes ?? []).toString('utf8'))).body.rule;
  } catch {
    // The verifier says what is wrong with that entry.
    return 'unknown';
  }
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** A damaged file can hold anything anywhere, whatever its schema says. */
const asBytes = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array());
