import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EntryKind } from '../../../electron/ledger/entry.ts';
import { type LedgerQuery, ledgerQueries } from '../../../electron/ledger/search/query.ts';
import { searchIndex } from '../../../electron/ledger/search/search-index.ts';
import { facetToken } from '../../../electron/ledger/search/search-terms.ts';
import { why } from '../../../electron/ledger/search/why.ts';
import { verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { migrations } from '../../../electron/store/migrations/all.ts';
import { openReadOnly, openStore } from '../../../electron/store/open-store.ts';
import { openLog, tamper, temporaryDirectory } from './data-dir.ts';

const target = { cluster: 'prod', kind: 'Deployment', namespace: 'shop', name: 'Checkout' };

let folder: string;
let log: ReturnType<typeof openLog>;
let closing: (() => void)[];

beforeEach(() => {
  folder = temporaryDirectory();
  log = openLog(folder);
  closing = [];
});
afterEach(() => {
  for (const close of closing.reverse()) close();
  log.close();
});

function record(
  kind: EntryKind,
  body: Record<string, unknown>,
  incident = 'inc-a',
  actor: { kind: 'person' | 'host' | 'analyst'; name: string } = { kind: 'host', name: 'countersign' },
): void {
  log.ledger.record({ kind, actor, body: body as Record<string, string>, incident });
}

/** 0 is the opening of the log. */
function fill(): void {
  record('incident.opened', { id: 'inc-a', title: 'Checkout crashes' });
  record('read', { read: 'read-1', tool: 'read_metric' }, 'inc-a', { kind: 'analyst', name: 'offline' });
  record('proposal', { id: 'prop-1', target, title: 'Roll back', evidence: [{ reads: ['read-1'] }] });
  record('note', { text: 'Café is “closed” — latency rose, then fell' }, 'inc-b', {
    kind: 'person',
    name: 'kim',
  });
  record('stop', { proposal: 'prop-1', reason: 'rose latency' }, 'inc-b', { kind: 'person', name: 'kim' });
  record('note', { sentence: 'nothing to see' }, 'inc-b', { kind: 'person', name: 'ada' });
}

const found = (question: LedgerQuery): number[] =>
  ledgerQueries(log.db)
    .query(question)
    .entries.map(({ seq }) => seq);

function readOnly() {
  const opened = openReadOnly(log.file);
  closing.push(opened.close);
  return opened.db;
}

describe('a ledger query', () => {
  it.each<[string, LedgerQuery, number[]]>([
    ['nothing in particular', {}, [0, 1, 2, 3, 4, 5, 6]],
    ['an incident', { incident: 'inc-a' }, [1, 2, 3]],
    ['two kinds', { kinds: ['note', 'read'] }, [2, 4, 6]],
    ['kind and incident', { kinds: ['note'], incident: 'inc-a' }, []],
    ['a sort of actor', { actorKind: 'analyst' }, [2]],
    ['an actor by name', { actorName: 'kim' }, [4, 5]],
    ['an actor and two kinds', { actorName: 'kim', kinds: ['note', 'read'] }, [4]],
    ['a target by name, in any case', { target: 'checkout' }, [3, 5]],
    ['a target by its full name', { target: 'prod/shop/checkout' }, [3, 5]],
    ['a target and a kind', { target: 'shop/checkout', kinds: ['stop'] }, [5]],
    ['a word without its accent', { text: 'cafe' }, [4]],
    ['words in any order', { text: 'latency rose' }, [4, 5]],
    ['a phrase', { text: '"latency rose"' }, [4]],
    ['the beginning of a word', { text: 'lat*' }, [4, 5]],
    ['text and actor and incident', { text: 'nothing', actorName: 'ada', incident: 'inc-b' }, [6]],
    ['a key of a body, which is no text', { text: 'sentence' }, []],
    ['a facet, which is no text either', { text: facetToken(['kind', 'read']) }, []],
  ])('finds %s', (_, question, places) => {
    fill();
    expect(found(question)).toEqual(places);
    expect(found({ ...question, newestFirst: true })).toEqual(places.toReversed());
  });

  it.each([
    '"',
    '""',
    '*',
    '***',
    'a"b',
    '"open',
    'NEAR(a b)',
    'a AND',
    'OR',
    'NOT x',
    '^a',
    'text:x',
    'facets : f1',
    '{text}: a',
    '-a',
    '(',
    ')',
    "'; DROP TABLE ledger_entry; --",
    '\0',
    'a\0b',
    '\ud800',
    '+',
    '\u0301',
    'a'.repeat(1001),
    'a '.repeat(50),
    '½',
    '日本',
    '"a" * *',
    '"*"',
    'a*b*',
    '🙂',
    '①',
    '\ue000',
  ])('takes %j for text, or says that it cannot be searched for', (text) => {
    fill();
    const outcome = (): string => {
      try {
        found({ text });
        return 'answered';
      } catch (error) {
        return (error as { code?: string }).code ?? 'defect';
      }
    };
    expect(['answered', 'bad_input']).toContain(outcome());
    expect(found({})).toHaveLength(7);
  });

  it('gives every entry once, page after page, in both directions', () => {
    for (let turn = 0; turn < 40; turn += 1) record(turn % 2 ? 'note' : 'signal', { text: `turn ${turn}` });
    for (const newestFirst of [false, true]) {
      const all = found({ kinds: ['note'], text: 'turn', newestFirst });
      const pages: number[] = [];
      for (let after: number | undefined; ; ) {
        const page = ledgerQueries(log.db).query({
          kinds: ['note'],
          text: 'turn',
          newestFirst,
          limit: 3,
          ...(after !== undefined && { after }),
        });
        pages.push(...page.entries.map(({ seq }) => seq));
        if (page.next === null) break;
        after = page.next;
      }
      expect(pages).toEqual(all);
      expect(pages).toHaveLength(20);
    }
  });

  it('finds a time range also where the clock was put back', () => {
    const { db, close } = openStore(join(folder, 'clock.db'), migrations);
    closing.push(close);
    const insert = db.prepare(
      "INSERT INTO ledger_entry (seq, kind, incident, at_ms, leaf, bytes) VALUES (?, 'note', NULL, ?, zeroblob(32), ?)",
    );
    const write = db.transaction(() => {
      for (let seq = 0; seq < 2000; seq += 1) {
        const atMs = seq < 1000 ? 1_000_000 + seq : seq;
        const at = new Date(atMs).toISOString();
        const text = `{"actor":{"kind":"host","name":"h"},"at":"${at}","body":{},"kind":"note","realm":"real","seq":${seq},"v":1}`;
        insert.run(seq, atMs, Buffer.from(text));
      }
    });
    write();
    const places = (question: LedgerQuery) =>
      ledgerQueries(db)
        .query(question)
        .entries.map(({ seq }) => seq);
    expect(places({ fromMs: 1_000_500, toMs: 1_000_502 })).toEqual([500, 501, 502]);
    expect(places({ fromMs: 1500, toMs: 1501, newestFirst: true })).toEqual([1501, 1500]);
    expect(places({ fromMs: 1500, toMs: 1501, kinds: ['note'] })).toEqual([1500, 1501]);
    expect(places({ toMs: 1000, limit: 1 })).toEqual([1000]);
    expect(() => places({ fromMs: 2, toMs: 1 })).toThrow('ends before it begins');
  });

  it('does not show what the index claims but the entry does not say', () => {
    fill();
    expect(found({ kinds: ['read'] })).toEqual([2]);
    const claim = facetToken(['kind', 'read']);
    log.db.prepare("INSERT INTO ledger_search (rowid, facets, text) VALUES (6, ?, 'claimed')").run(claim);
    expect(found({ text: 'claimed' })).toEqual([6]);
    expect(found({ kinds: ['read'] })).toEqual([2]);
  });

  it('names the damaged entry that would answer, instead of showing it', () => {
    fill();
    found({ text: 'cafe' });
    tamper(log.file, (db) => db.exec("UPDATE ledger_entry SET bytes = x'7b7d' WHERE seq = 4"));
    expect(() => found({ text: 'cafe' })).toThrow(/Entry 4 .*damaged.*ledger verify/s);
    expect(found({ text: 'nothing' })).toEqual([6]);
  });
});

describe('the beginning of a word', () => {
  it.each(['a*', 'la*', '"latency r*"*', 'é́a*'])('is not searched for by so little as in %j', (text) => {
    fill();
    expect(() => found({ text })).toThrow(/at least 3 letters/);
  });
});

describe('the index behind it', () => {
  it('is caught up in batches of the size asked for', () => {
    fill();
    const index = searchIndex(log.db);
    expect(index.catchUp(5)).toEqual({ indexed: 5, behind: 2 });
    expect(index.catchUp(5)).toEqual({ indexed: 2, behind: 0 });
    expect(index.catchUp(5)).toEqual({ indexed: 0, behind: 0 });
  });

  it('leaves the log as verifiable as it was', () => {
    fill();
    found({ text: 'cafe' });
    log.close();
    expect(verifyDataFile(log.file).problems).toEqual([]);
    log = openLog(folder);
  });

  it('starts again when the log beside it is another one', () => {
    fill();
    expect(found({ text: 'cafe' })).toEqual([4]);
    tamper(log.file, (db) => db.exec('DELETE FROM ledger_entry WHERE seq > 4'));
    expect(searchIndex(log.db).covered()).toBe(0);
    expect(found({ text: 'latency' })).toEqual([4]);
    tamper(log.file, (db) => db.exec("UPDATE ledger_entry SET bytes = x'7b7d' WHERE seq = 0"));
    expect(searchIndex(log.db).covered()).toBe(0);
    expect(found({ text: 'latency' })).toEqual([4]);
  });

  it('can be thrown away and comes back', () => {
    fill();
    found({ text: 'cafe' });
    ledgerQueries(log.db).rebuild();
    expect(searchIndex(log.db).covered()).toBe(0);
    expect(found({ text: 'cafe' })).toEqual([4]);
  });
});

describe('a file that is only read', () => {
  it('answers the same from a whole, half and empty index, and writes nothing', () => {
    fill();
    const questions: LedgerQuery[] = [
      { text: 'latency' },
      { target: 'checkout' },
      { kinds: ['note'], newestFirst: true, limit: 1 },
    ];
    const answers = () => questions.map((question) => ledgerQueries(readOnly()).query(question));
    const fromNothing = answers();
    expect(searchIndex(log.db).covered()).toBe(0);
    searchIndex(log.db).catchUp(4);
    const fromHalf = answers();
    expect(searchIndex(log.db).covered()).toBe(4);
    searchIndex(log.db).catchUp();
    expect(fromNothing).toEqual(answers());
    expect(fromHalf).toEqual(answers());
    expect(fromNothing.map(({ entries }) => entries.map(({ seq }) => seq))).toEqual([[4, 5], [3, 5], [6]]);
  });

  it('says which entries it could not search when the index is far behind', () => {
    fill();
    const parts = searchIndex(readOnly()).parts(2);
    expect(parts.map(({ from, to }) => [from, to])).toEqual([[5, 7]]);
  });

  it('answers for a file from before there was an index', () => {
    fill();
    log.db.exec(
      'DROP TABLE ledger_search_state; DROP TABLE ledger_search_block; DROP TABLE ledger_search; DROP TABLE ledger_search_proposal',
    );
    expect(
      ledgerQueries(readOnly())
        .query({ text: 'cafe' })
        .entries.map(({ seq }) => seq),
    ).toEqual([4]);
  });
});

describe('why, over a real log', () => {
  it('leads from an entry that names a proposal to the read behind it', () => {
    fill();
    const tree = why(ledgerQueries(log.db), 5);
    expect(tree.because.map(({ seq }) => seq)).toEqual([3]);
    expect(tree.because[0]?.because.map(({ seq }) => seq)).toEqual([2]);
    expect(why(ledgerQueries(readOnly()), 5)).toEqual(tree);
  });

  it('says so when there is no such entry', () => {
    expect(() => why(ledgerQueries(log.db), 99)).toThrow(/no entry 99/);
  });
});

describe('an upgrade', () => {
  it('gives a file of the first version its index', () => {
    fill();
    log.close();
    const old = join(folder, 'old.db');
    const [first] = migrations;
    openStore(old, first ? [first] : []).close();
    const store = openStore(old, migrations);
    expect(ledgerQueries(store.db).query({ text: 'x' })).toEqual({
      entries: [],
      next: null,
      unsearched: null,
    });
    store.close();
    log = openLog(folder);
  });
});
