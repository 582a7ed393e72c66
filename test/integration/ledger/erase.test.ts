import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExportOptions, exportBundle } from '../../../electron/ledger/bundle/export-bundle.ts';
import { verifyBundle } from '../../../electron/ledger/bundle/verify-bundle.ts';
import { databaseReader } from '../../../electron/ledger/log-reader.ts';
import { eraseDue } from '../../../electron/ledger/personal/erase.ts';
import { Retention } from '../../../electron/ledger/personal/retention.ts';
import { ledgerQueries } from '../../../electron/ledger/search/query.ts';
import { verifyDataFile } from '../../../electron/ledger/verify/verify-data-dir.ts';
import { analystRepository } from '../../../electron/store/analyst-repository.ts';
import { eventRepository } from '../../../electron/store/event-repository.ts';
import { incidentRepository } from '../../../electron/store/incident-repository.ts';
import { payloadRepository } from '../../../electron/store/payload-repository.ts';
import { runRepository } from '../../../electron/store/run-repository.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import { openLog, tamper, temporaryDirectory } from './data-dir.ts';

const DAY_MS = 86_400_000;
const CLOSED_MS = Date.parse('2026-03-01T11:00:00Z');
const ended = IncidentId.parse('inc-ended');
const running = IncidentId.parse('inc-running');
const WORDS = 'Ask Mina Verhoeven from payments about the zebrafish flag';
const RESULT = '{"lines":["login of zoe@example.org failed"]}';

let folder: string;
let log: ReturnType<typeof openLog>;
beforeEach(() => {
  folder = temporaryDirectory();
  log = openLog(folder);
  for (const [id, closedMs] of [
    [ended, CLOSED_MS],
    [running, null],
  ] as const) {
    incidentRepository(log.db).save({
      id,
      realm: 'real',
      title: 'checkout is slow',
      severity: 'sev1',
      status: closedMs === null ? 'open' : 'closed',
      commander: 'Ada',
      openedMs: CLOSED_MS - 3_600_000,
      closedMs,
      fromMs: CLOSED_MS - 7_200_000,
      services: [],
      drill: null,
    });
  }
  log.add('note', { key: 'note-1', text: WORDS }, ended);
  log.add('note', { key: 'note-2', text: 'still needed here' }, running);
  log.ledger.record(
    {
      kind: 'read',
      incident: ended,
      actor: { kind: 'analyst', name: 'model' },
      body: { read: 'read-1', tool: 'search_logs', arguments: {}, digest: 'ab' },
    },
    () => analystRepository(log.db).addRead('read-1', ended, RESULT),
  );
  const runs = runRepository(log.db);
  runs.keepText(createHash('sha256').update(RESULT).digest('hex'), RESULT);
  runs.flush();
  eventRepository(log.db).add([
    {
      kind: 'note',
      incident: ended,
      key: 'note-1',
      atMs: CLOSED_MS,
      service: null,
      title: `Ada: ${WORDS}`,
      source: 'Ada',
      author: 'Ada',
    },
  ]);
  log.ledger.checkpoint();
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true });
});

const retention = Retention.parse({
  format: 'countersign.retention/1',
  jurisdiction: 'EU',
  rules: [{ rule: 'EU-30', kinds: ['note', 'read'], afterDays: 30, because: 'GDPR Art. 5(1)(e)' }],
});

function erase(nowMs = CLOSED_MS + 31 * DAY_MS) {
  const erased = eraseDue(
    {
      db: log.db,
      record: (body, also) =>
        void log.ledger.record({ kind: 'erasure', actor: { kind: 'host', name: 'countersign' }, body }, also),
      nowMs,
    },
    retention,
  );
  log.ledger.checkpoint();
  return erased;
}

const found = (text: string) => ledgerQueries(log.db).query({ text }).entries;
const bytesOnDisk = (): string =>
  readdirSync(folder)
    .filter((name) => name.startsWith('countersign.db'))
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('');

describe('what is due', () => {
  it('is erased after so many days, and the log still holds and says by which rule', () => {
    expect(found('zebrafish').map(({ body }) => body['text'])).toEqual([WORDS]);
    expect(erase()).toEqual([{ rule: 'EU-30', values: 1, reads: 1 }]);
    expect(verifyDataFile(log.file)).toMatchObject({ ok: true, erased: [{ rule: 'EU-30', values: 1 }] });
    expect(log.ledger.entries({ kind: 'note' }).map(({ body }) => body['text'])).toEqual([
      { $erased: 'erased under rule EU-30' },
      'still needed here',
    ]);
    expect(log.ledger.entries({ kind: 'erasure' })[0]?.body).toMatchObject({
      rule: 'EU-30',
      jurisdiction: 'EU',
      entries: [[1, 'text']],
      reads: ['read-1'],
    });
    expect(erase()).toEqual([]);
  });

  it('is no longer in any byte of the data files, nor found, nor repeated on the timeline', () => {
    expect(bytesOnDisk()).toContain('zebrafish');
    found('zebrafish');
    erase();
    for (const word of ['zebrafish', 'Verhoeven', 'zoe@example.org'])
      expect(bytesOnDisk()).not.toContain(word);
    expect(found('zebrafish')).toEqual([]);
    expect(found('needed')).toHaveLength(1);
    expect(eventRepository(log.db).ofIncident(ended)[0]?.title).toBe('erased under rule EU-30');
    expect(analystRepository(log.db).read('read-1', ended)).toBe('erased under rule EU-30');
  });

  it('takes what sources delivered along, of what has ended alone, and names it by its digest', () => {
    const payloads = payloadRepository(log.db);
    const digest = createHash('sha256').update(RESULT).digest('hex');
    for (const incident of [ended, running]) payloads.keep(incident, { digest, text: RESULT }, CLOSED_MS);
    expect(erase()).toEqual([{ rule: 'EU-30', values: 1, reads: 2 }]);
    const [entry] = log.ledger.entries({ kind: 'erasure' });
    expect(entry?.body).toMatchObject({ reads: ['read-1', `payload:${digest}`] });
    expect(payloads.find(ended, digest)).toEqual({ kind: 'erased', by: entry?.seq });
    expect(payloads.find(running, digest)).toMatchObject({ kind: 'kept', text: RESULT });
    expect(verifyDataFile(log.file)).toMatchObject({ ok: true });
    expect(erase()).toEqual([]);
  });

  it('stays until the days are over, and while the incident is open', () => {
    expect(erase(CLOSED_MS + 29 * DAY_MS)).toEqual([]);
    erase(CLOSED_MS + 900 * DAY_MS);
    expect(found('needed')).toHaveLength(1);
  });

  it('is left alone as a whole when its erasure cannot be put on record', () => {
    log.db.exec("CREATE TRIGGER full BEFORE UPDATE ON ledger_personal BEGIN SELECT RAISE(ABORT, 'no'); END");
    const { size } = log.ledger.head();
    expect(() => erase()).toThrow();
    log.db.exec('DROP TRIGGER full');
    expect(log.ledger.head().size).toBe(size);
    expect(found('zebrafish')).toHaveLength(1);
    expect(verifyDataFile(log.file).ok).toBe(true);
  });
});

describe('whoever has the file', () => {
  const changed = (change: (db: Database) => void) => {
    log.close();
    tamper(log.file, change);
    const verified = verifyDataFile(log.file);
    log = openLog(folder);
    return verified.problems[0];
  };

  it.each<[string, string]>([
    ['puts other words in', `UPDATE ledger_personal SET value = CAST('"I agreed"' AS BLOB) WHERE seq = 1`],
    ['gives them another salt', 'UPDATE ledger_personal SET salt = zeroblob(32) WHERE seq = 1'],
    ['takes them away', 'DELETE FROM ledger_personal WHERE seq = 1'],
    [
      'calls them erased by an entry that is about something else',
      'UPDATE ledger_personal SET salt = NULL, value = NULL, erased_by = 2 WHERE seq = 1',
    ],
    ['moves them to another entry', 'UPDATE ledger_personal SET seq = 99 WHERE seq = 1'],
  ])('is found when they %s', (_what, sql) => {
    const problem = changed((db) => db.exec(sql));
    expect(problem?.how).toBe('altered');
  });

  it('cannot do so through the application: the table only erases', () => {
    for (const sql of [
      `UPDATE ledger_personal SET value = CAST('"x"' AS BLOB)`,
      'DELETE FROM ledger_personal',
    ]) {
      expect(() => log.db.exec(sql)).toThrow();
    }
  });
});

describe('a bundle', () => {
  const bundle = (options: ExportOptions = {}) => {
    const out = join(folder, `bundle-${Math.random()}`);
    exportBundle(databaseReader(log.db), out, options);
    return { out, text: (name: string) => readFileSync(join(out, name), 'utf8') };
  };

  it('carries the words and shows them, and holds', () => {
    const { out, text } = bundle();
    expect(text('personal')).toContain('zebrafish');
    expect(text('entries.jsonl')).not.toContain('zebrafish');
    expect(text('index.html')).toContain('zebrafish');
    expect(verifyBundle(out)).toMatchObject({ ok: true, erased: [] });
  });

  it('holds without the words when they are withheld', () => {
    const { out, text } = bundle({ withoutPersonal: true });
    expect(readdirSync(out)).not.toContain('personal');
    expect(text('index.html')).not.toContain('zebrafish');
    expect(verifyBundle(out).ok).toBe(true);
  });

  it.each([{}, { incident: ended }])('says by which rule they were erased (%j)', (options) => {
    erase();
    const { out, text } = bundle(options);
    expect(text('index.html')).toContain('erased under rule EU-30');
    expect(verifyBundle(out)).toMatchObject({ ok: true, erased: [{ rule: 'EU-30', values: 1 }] });
  });

  it('does not hold with other words', () => {
    const { out, text } = bundle();
    writeFileSync(join(out, 'personal'), text('personal').replace('zebrafish', 'goldfish'));
    expect(verifyBundle(out).problems[0]).toMatchObject({ how: 'altered', seq: 1 });
  });
});
