import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../../../electron/ledger/entry.ts';
import { entriesCsv } from '../../../electron/ledger/search/entries-csv.ts';

const entry = (change: Partial<LedgerEntry> = {}): LedgerEntry => ({
  v: 1,
  seq: 3,
  kind: 'note',
  at: '2026-03-01T10:00:00.000Z',
  realm: 'real',
  actor: { kind: 'person', name: 'kim' },
  body: { text: 'hello' },
  ...change,
});

const HEADER = 'seq,at,realm,incident,kind,actor_kind,actor,causes,body\r\n';

describe('entries as CSV', () => {
  it('has a header even when nothing was found', () => {
    expect(entriesCsv([])).toBe(HEADER);
  });

  it('quotes cells with commas, quotes and line breaks as RFC 4180 says', () => {
    const csv = entriesCsv([
      entry({ incident: 'a,b', causes: [1, 2], actor: { kind: 'person', name: 'two\r\nlines' } }),
    ]);
    expect(csv).toBe(
      `${HEADER}3,2026-03-01T10:00:00.000Z,real,"a,b",note,person,"two\r\nlines",1 2,"{""text"":""hello""}"\r\n`,
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('does not let %j run as a formula', (name) => {
    const csv = entriesCsv([entry({ actor: { kind: 'person', name } })]);
    expect(csv).toContain(`'${name}`);
    expect(csv).not.toMatch(/,"?[=+\-@\t\r](?!\n)/);
  });
});
