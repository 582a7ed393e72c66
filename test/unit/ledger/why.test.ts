import { describe, expect, it } from 'vitest';
import type { EntryKind, LedgerEntry } from '../../../electron/ledger/entry.ts';
import { namedIn } from '../../../electron/ledger/search/search-terms.ts';
import { gistOf, type WhyReader, type WhyStep, why, whyLines } from '../../../electron/ledger/search/why.ts';

type Said = { kind: EntryKind; body?: LedgerEntry['body']; causes?: number[] };

/** A log in memory, its entries all of one incident. */
function readerOf(log: readonly Said[]): WhyReader {
  const entries = log.map(
    ({ kind, body = {}, causes }, seq): LedgerEntry => ({
      v: 1,
      seq,
      kind,
      at: '2026-03-01T10:00:00.000Z',
      realm: 'real',
      incident: 'inc-1',
      actor: { kind: 'host', name: 'countersign' },
      body,
      ...(causes && { causes }),
    }),
  );
  const nearest = (before: number, is: (entry: LedgerEntry) => boolean) =>
    entries.slice(0, Math.max(before, 0)).findLast(is);
  return {
    entryAt(seq) {
      const entry = entries[seq];
      if (!entry) throw new Error(`no entry ${seq}`);
      return entry;
    },
    introducing: (id, before) => nearest(before, (entry) => namedIn(entry).includes(id)),
    lastOf: (kind, _incident, before) => nearest(before, (entry) => entry.kind === kind),
  };
}

const shape = ({ seq, because }: WhyStep): unknown =>
  because.length === 0 ? seq : [seq, ...because.map(shape)];
const count = ({ because }: WhyStep): number => 1 + because.reduce((sum, step) => sum + count(step), 0);

const life: Said[] = [
  { kind: 'log.opened' },
  { kind: 'incident.opened', body: { id: 'inc-1', title: 'checkout fails' } },
  { kind: 'read', body: { read: 'read-1', tool: 'read_metric' } },
  { kind: 'read', body: { read: 'read-2', tool: 'read_rollout' } },
  { kind: 'proposal', body: { id: 'prop-1', title: 'Roll back', evidence: [{ reads: ['read-2'] }] } },
  { kind: 'decision', body: { proposal: 'prop-1', answer: 'approve', reason: 'worst since noon' } },
  { kind: 'intent', body: { proposal: 'prop-1', command: 'kubectl rollout undo' } },
  { kind: 'result', body: { proposal: 'prop-1' } },
  { kind: 'outcome', body: { proposal: 'prop-1', sentence: 'errors are gone' } },
];

describe('why an entry came about', () => {
  it('leads from an outcome through result, intent and decision to the read that the proposal rests on', () => {
    expect(shape(why(readerOf(life), 8))).toEqual([8, [4, 3], [7, 4, [6, 4, [5, 4]]]]);
  });

  it('prefers the causes that an entry names itself', () => {
    const log = life.map((said, seq) => (seq === 8 ? { ...said, causes: [2] } : said));
    expect(shape(why(readerOf(log), 8))).toEqual([8, 2]);
  });

  it('does not take the decision about another proposal for the cause of an intent', () => {
    const other: Said = { kind: 'decision', body: { proposal: 'prop-2', answer: 'deny' } };
    const log = life.with(5, other);
    expect(shape(why(readerOf(log), 6))).toEqual([6, [4, 3]]);
  });

  it('follows no id forward in time, so that it ends whatever entries claim', () => {
    const log: Said[] = [
      { kind: 'intent', body: { proposal: 'prop-1' } },
      { kind: 'proposal', body: { id: 'prop-1', proposal: 'prop-1' } },
      { kind: 'note', causes: [2, 3] },
      { kind: 'note', causes: [3] },
    ];
    expect(shape(why(readerOf(log), 0))).toBe(0);
    expect(shape(why(readerOf(log), 2))).toBe(2);
  });

  it('stays small over a log in which everything causes everything', () => {
    const log = Array.from(
      { length: 600 },
      (_, seq): Said => ({
        kind: 'note',
        causes: Array.from({ length: Math.min(seq, 20) }, (__, back) => seq - 1 - back),
      }),
    );
    const tree = why(readerOf(log), 599);
    expect(count(tree)).toBeLessThan(200 * 21);
    expect(JSON.stringify(tree)).toContain('"shortened":"cut"');
  });

  it('tells each step in one line, also when an entry holds line breaks and terminal codes', () => {
    const log: Said[] = [{ kind: 'note', body: { sentence: `a\n\u001b[31mb ${'long '.repeat(99)}` } }];
    const [line, ...more] = whyLines(why(readerOf(log), 0));
    expect(more).toEqual([]);
    expect(line).toMatch(/^0 2026-03-01T10:00:00\.000Z note by countersign: a \[31mb long/);
    expect(line).not.toMatch(/\p{Cc}/u);
    expect(line?.length).toBeLessThan(200);
  });
});

it.each([
  [{ tool: 'read_topology', arguments: { service: 'cart', depth: 3 } }, 'asked read_topology for cart, 3'],
  [{ tool: 'list_alerts', arguments: {} }, 'asked list_alerts'],
  [
    { tool: 'read_secrets', asked: '{"name":"db"}', refused: 'no such tool' },
    'asked read_secrets for {"name":"db"}',
  ],
  [
    { tool: 'read_metric', arguments: { service: { $erased: 'erased by rule 2' } } },
    'asked read_metric for erased by rule 2',
  ],
  [{}, 'asked something'],
])('tells of a read %j: %s', (body, gist) => {
  const entry = readerOf([{ kind: 'read', body }]).entryAt(0);
  expect(gistOf(entry)).toBe(gist);
});
