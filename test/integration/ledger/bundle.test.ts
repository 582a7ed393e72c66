import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportBundle } from '../../../electron/ledger/export-bundle.ts';
import { databaseReader } from '../../../electron/ledger/log-reader.ts';
import { verifyBundle } from '../../../electron/ledger/verify-bundle.ts';
import { openReadOnly } from '../../../electron/store/open-store.ts';
import { openLog, smallLog, tamper, temporaryDirectory } from './data-dir.ts';

let folder: string;
let out: string;
beforeEach(() => {
  folder = temporaryDirectory();
  out = join(folder, 'bundle');
});
afterEach(() => rmSync(folder, { recursive: true }));

function bundleOf(file: string, incident?: string) {
  const { db, close } = openReadOnly(file);
  try {
    return exportBundle(databaseReader(db), out, incident === undefined ? {} : { incident });
  } finally {
    close();
  }
}
const lines = (name: string) => readFileSync(join(out, name), 'utf8').split('\n').slice(0, -1);

describe('a bundle of the whole log', () => {
  it('holds, and contains the stored bytes, one entry a line', () => {
    const file = smallLog(folder);
    expect(bundleOf(file)).toEqual({ directory: out, entries: 12, size: 12 });
    expect(verifyBundle(out)).toMatchObject({ ok: true, complete: true, size: 12, signedSize: 12 });
    const { db, close } = openReadOnly(file);
    const stored = db.prepare('SELECT bytes FROM ledger_entry ORDER BY seq').pluck().all().map(String);
    expect(lines('entries.jsonl')).toEqual(stored);
    close();
  });

  it('reaches as far as the log is signed', () => {
    const { file, add, close } = openLog(folder);
    add('decision');
    add('signal');
    expect(bundleOf(file)).toMatchObject({ entries: 2, size: 2 });
    expect(verifyBundle(out)).toMatchObject({ ok: true, size: 2 });
    close();
  });
});

describe('a bundle of one incident', () => {
  it('holds, with its own entries and the one that names the key, each proven', () => {
    bundleOf(smallLog(folder), 'incident-a');
    expect(lines('entries.jsonl').map((line) => JSON.parse(line).seq)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(lines('entries.jsonl').join()).not.toContain('incident-b');
    expect(verifyBundle(out)).toMatchObject({ ok: true, complete: false, size: 6, signedSize: 12 });
  });

  it('does not hold when an entry of another log is put in', () => {
    bundleOf(smallLog(folder), 'incident-a');
    const [first, ...rest] = lines('entries.jsonl');
    const strange = rest.map((line) => line.replace('"turn":4', '"turn":5'));
    writeFileSync(join(out, 'entries.jsonl'), `${[first, ...strange].join('\n')}\n`);
    expect(verifyBundle(out).problems[0]).toMatchObject({ how: 'altered', seq: 4 });
  });
});

it.each([undefined, 'incident-a'])(
  'finds every single byte that differs, in every file (incident: %s)',
  (incident) => {
    bundleOf(smallLog(folder, 'real', 4), incident);
    for (const name of readdirSync(out)) {
      const whole = readFileSync(join(out, name));
      for (let at = 0; at < whole.length; at += 1) {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
        writeFileSync(join(out, name), damaged);
        const { ok, problems } = verifyBundle(out);
        expect([name, at, ok, problems.length > 0]).toEqual([name, at, false, true]);
      }
      writeFileSync(join(out, name), whole);
    }
    expect(verifyBundle(out).ok).toBe(true);
  },
);

describe.each([undefined, 'incident-a'])('with incident %s', (incident) => {
  it.each<[string, (name: string, text: string) => string | undefined]>([
    ['emptied', () => ''],
    ['cut by a byte', (_name, text) => text.slice(0, -1)],
    ['longer by a line', (_name, text) => `${text}\n`],
    ['doubled', (_name, text) => text + text],
    ['made of noise', () => '\u0000\ufffd\n'.repeat(100)],
    ['given Windows line ends', (_name, text) => text.replaceAll('\n', '\r\n')],
    ['removed', () => undefined],
  ])('does not hold when a file is %s', (_case, change) => {
    bundleOf(smallLog(folder), incident);
    for (const name of readdirSync(out).filter((one) => one !== 'entries.jsonl')) {
      const text = readFileSync(join(out, name), 'utf8');
      const changed = change(name, text);
      if (changed === undefined) rmSync(join(out, name));
      else writeFileSync(join(out, name), changed);
      expect([name, verifyBundle(out).ok]).toEqual([name, false]);
      writeFileSync(join(out, name), text);
    }
    const entries = readFileSync(join(out, 'entries.jsonl'), 'utf8');
    writeFileSync(join(out, 'entries.jsonl'), change('entries.jsonl', entries) ?? '');
    expect(verifyBundle(out).ok).toBe(false);
  });

  it('does not hold when a line is lost, doubled or moved', () => {
    bundleOf(smallLog(folder), incident);
    const all = lines('entries.jsonl');
    for (const kept of [
      all.toSpliced(3, 1),
      all.toSpliced(3, 0, all[3] ?? ''),
      all.toReversed(),
      all.slice(0, -1),
      all.slice(1),
    ]) {
      writeFileSync(join(out, 'entries.jsonl'), `${kept.join('\n')}\n`);
      expect(verifyBundle(out).ok).toBe(false);
    }
  });
});

describe('exporting', () => {
  it('is refused while nothing is signed, and leaves no folder behind', () => {
    const { file, close } = openLog(folder, 'real', () => undefined);
    expect(() => bundleOf(file)).toThrow(
      expect.objectContaining({ code: 'conflict', message: expect.stringContaining('unlock') }),
    );
    expect(readdirSync(folder)).not.toContain('bundle');
    close();
  });

  it('is refused into a folder that holds something, or that is a file', () => {
    const file = smallLog(folder);
    mkdirSync(out);
    writeFileSync(join(out, 'notes.txt'), 'mine');
    expect(() => bundleOf(file)).toThrow(expect.objectContaining({ code: 'conflict' }));
    out = join(out, 'notes.txt');
    expect(() => bundleOf(file)).toThrow(expect.objectContaining({ code: 'storage' }));
  });

  it('names the entry that is damaged', () => {
    const file = smallLog(folder);
    tamper(file, (db) => db.exec(`UPDATE ledger_entry SET bytes = zeroblob(10) WHERE seq = 5`));
    expect(() => bundleOf(file)).toThrow(
      expect.objectContaining({ code: 'storage', message: expect.stringContaining('Entry 5') }),
    );
  });
});

it('says that a folder is no bundle', () => {
  expect(() => verifyBundle(folder)).toThrow(expect.objectContaining({ code: 'not_found' }));
});
