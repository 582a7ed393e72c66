import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestLines } from '../../../electron/ledger/bundle/bundle-format.ts';
import { type ExportOptions, exportBundle } from '../../../electron/ledger/bundle/export-bundle.ts';
import { verifyBundle } from '../../../electron/ledger/bundle/verify-bundle.ts';
import { databaseReader, type LogReader } from '../../../electron/ledger/log-reader.ts';
import { parseVerifierKey, readCheckpoint } from '../../../electron/ledger/note.ts';
import { proveConsistency, proveEntry } from '../../../electron/ledger/proofs/prove.ts';
import { verifyConsistencyProof, verifyInclusionProof } from '../../../electron/ledger/proofs/tlog-proof.ts';
import { areSame } from '../../../electron/ledger/tree.ts';
import { newPrivateKey, signerOf } from '../../../electron/platform/ed25519.ts';
import { openReadOnly } from '../../../electron/store/open-store.ts';
import { openLog, smallLog, tamper, temporaryDirectory } from './data-dir.ts';

let folder: string;
let out: string;
beforeEach(() => {
  folder = temporaryDirectory();
  out = join(folder, 'bundle');
});
afterEach(() => rmSync(folder, { recursive: true }));

const page = fileURLToPath(new URL('../../../resources/bundle/verify.html', import.meta.url));

function bundleWith(file: string, options: ExportOptions, to = out) {
  const { db, close } = openReadOnly(file);
  try {
    return exportBundle(databaseReader(db), to, options);
  } finally {
    close();
  }
}
const bundleOf = (file: string, incident?: string) => bundleWith(file, { incident });
function fromReader<T>(file: string, use: (reader: LogReader) => T): T {
  const { db, close } = openReadOnly(file);
  try {
    return use(databaseReader(db));
  } finally {
    close();
  }
}
const textOf = (name: string) => readFileSync(join(out, name), 'utf8');
const keyOf = () =>
  parseVerifierKey(lines('public-key').at(-1) ?? '') ?? { name: '', publicKey: new Uint8Array() };

/** What a forger with the files does, too: makes the digests fit again. */
function digestAnew(): void {
  const names = readdirSync(out).filter((name) => name !== 'SHA256SUMS');
  const sums = names.map(
    (name) =>
      [
        name,
        createHash('sha256')
          .update(readFileSync(join(out, name)))
          .digest('hex'),
      ] as const,
  );
  writeFileSync(join(out, 'SHA256SUMS'), digestLines(new Map(sums)));
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
      // Of the page for people only its digest counts, which does not care where.
      const step = name === 'index.html' ? 97 : 1;
      for (let at = 0; at < whole.length; at += step) {
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

describe('a bundle of a range', () => {
  it('holds its places, the end left out, and the entry that names the key', () => {
    bundleWith(smallLog(folder), { from: 5, to: 8 });
    expect(lines('entries.jsonl').map((line) => JSON.parse(line).seq)).toEqual([0, 5, 6, 7]);
    expect(verifyBundle(out)).toMatchObject({ ok: true, complete: false, size: 4, signedSize: 12 });
  });

  it('can be of one incident as well', () => {
    bundleWith(smallLog(folder), { incident: 'incident-a', from: 5 });
    expect(lines('entries.jsonl').map((line) => JSON.parse(line).seq)).toEqual([0, 6, 8, 10]);
  });

  it.each([
    [{ from: 12 }, 'bad_input'],
    [{ from: 4, to: 4 }, 'bad_input'],
    [{ from: -1 }, 'bad_input'],
    [{ to: 1.5 }, 'bad_input'],
    [{ incident: 'incident-x' }, 'not_found'],
  ])('is refused for %j, and leaves no folder behind', (options, code) => {
    const file = smallLog(folder);
    expect(() => bundleWith(file, options)).toThrow(expect.objectContaining({ code }));
    expect(readdirSync(folder)).not.toContain('bundle');
  });
});

describe('the proofs in a bundle', () => {
  it('show each decision by itself, to whoever has the key and the line', () => {
    bundleOf(smallLog(folder), 'incident-b');
    const decisions = lines('entries.jsonl').filter((line) => line.includes('"kind":"decision"'));
    expect(decisions.map((line) => JSON.parse(line).seq)).toEqual([3, 7, 11]);
    for (const line of decisions) {
      const proof = textOf(`entry-${JSON.parse(line).seq}.tlog-proof`);
      expect(verifyInclusionProof(proof, keyOf(), Buffer.from(line)).ok).toBe(true);
    }
  });

  it('show that two exports at different times are of one history', () => {
    const first = openLog(folder);
    first.add('decision');
    bundleOf(first.file);
    const earlier = textOf('checkpoint');
    for (let turn = 0; turn < 9; turn += 1) first.add('decision', { turn });
    out = join(folder, 'later');
    bundleWith(first.file, { since: earlier, from: 4, to: 5 });
    first.close();
    const older = readCheckpoint(earlier);
    expect(older?.size).toBe(2);
    expect(textOf('checkpoint-2')).toBe(earlier);
    const size = { size: 0, root: new Uint8Array() };
    expect(verifyConsistencyProof(textOf('consistency-2'), keyOf(), older ?? size)).toMatchObject({
      ok: true,
    });
    expect(verifyBundle(out).ok).toBe(true);
    expect(fromReader(first.file, (reader) => proveConsistency(reader, earlier))).toBe(
      textOf('consistency-2'),
    );
  });

  it('always reach back to the first signed head', () => {
    bundleOf(smallLog(folder));
    expect(textOf('consistency-1')).toMatch(/^old 1\n/);
  });

  it.each([undefined, 'incident-a'])(
    'do not hold when put together from two logs (incident: %s)',
    (incident) => {
      const other = join(folder, 'other');
      mkdirSync(other);
      bundleOf(smallLog(other), incident);
      const strange = ['checkpoint-1', 'consistency-1'].map((name) => [name, textOf(name)] as const);
      rmSync(out, { recursive: true });
      bundleOf(smallLog(folder), incident);
      for (const [name, text] of strange) {
        const own = textOf(name);
        writeFileSync(join(out, name), text);
        digestAnew();
        expect([name, verifyBundle(out).ok]).toEqual([name, false]);
        writeFileSync(join(out, name), own);
      }
      digestAnew();
      expect(verifyBundle(out).ok).toBe(true);
    },
  );

  it('cannot be made since a head of another log, of another history or of nothing', () => {
    const other = join(folder, 'other');
    mkdirSync(other);
    bundleOf(smallLog(other));
    const strange = textOf('checkpoint');
    rmSync(out, { recursive: true });
    const file = smallLog(folder);
    expect(() => bundleWith(file, { since: strange })).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(() => bundleWith(file, { since: 'noise' })).toThrow(
      expect.objectContaining({ code: 'bad_input' }),
    );
    bundleOf(file);
    const forged = textOf('checkpoint').replace(/^12$/m, '11');
    expect(() => fromReader(file, (reader) => proveConsistency(reader, forged))).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
  });

  it('can be had for any signed entry', () => {
    const file = smallLog(folder);
    bundleOf(file);
    lines('entries.jsonl').forEach((line, seq) => {
      const proof = fromReader(file, (reader) => proveEntry(reader, seq));
      expect(verifyInclusionProof(proof, keyOf(), Buffer.from(line)).ok).toBe(true);
    });
    for (const seq of [12, -1, 0.5]) {
      expect(() => fromReader(file, (reader) => proveEntry(reader, seq))).toThrow(
        expect.objectContaining({ code: 'not_found' }),
      );
    }
  });
});

describe('the files of a bundle', () => {
  it('hold no private key', () => {
    bundleOf(smallLog(folder));
    const { keys } = JSON.parse(readFileSync(join(folder, 'real-keys.json'), 'utf8'));
    const secrets = Object.values(keys).map((key) => Buffer.from(String(key), 'base64').subarray(-32));
    expect(secrets.length).toBeGreaterThan(0);
    for (const name of readdirSync(out)) {
      const content = readFileSync(join(out, name));
      for (const secret of secrets) {
        for (const form of [secret, secret.toString('base64'), secret.toString('hex')]) {
          expect(content.includes(form)).toBe(false);
        }
      }
    }
  });

  it('are all listed with their digests, the page that verifies among them', () => {
    bundleWith(smallLog(folder), { incident: 'incident-b', verifyPage: page });
    const names = readdirSync(out).filter((name) => name !== 'SHA256SUMS');
    expect(lines('SHA256SUMS').map((line) => line.slice(66))).toEqual(names.sort());
    expect(names).toContain('verify.html');
    expect(verifyBundle(out).ok).toBe(true);
  });

  it.each([
    ['notes.txt', () => writeFileSync(join(out, 'notes.txt'), 'mine')],
    ['more', () => mkdirSync(join(out, 'more'))],
    ['entry-5.tlog-proof', () => writeFileSync(join(out, 'entry-5.tlog-proof'), '')],
  ])('do not hold with %s added', (name, add) => {
    bundleOf(smallLog(folder));
    add();
    const { ok, problems } = verifyBundle(out);
    expect(ok).toBe(false);
    expect(problems.at(-1)?.says).toContain(`${name} is not part of the bundle`);
  });

  it('do not hold without the entries, or with a folder in their place', () => {
    bundleOf(smallLog(folder));
    rmSync(join(out, 'entries.jsonl'));
    expect(verifyBundle(out).ok).toBe(false);
    mkdirSync(join(out, 'entries.jsonl'));
    expect(verifyBundle(out).ok).toBe(false);
  });

  it('are read without a fall, whatever is in them', () => {
    bundleOf(smallLog(folder, 'real', 6), 'incident-a');
    const files = readdirSync(out).map((name) => [name, readFileSync(join(out, name))] as const);
    const edit = fc.record({
      file: fc.nat(files.length - 1),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      take: fc.nat(200),
      put: fc.oneof(fc.uint8Array({ maxLength: 50 }), fc.constant(Buffer.from('[{"'.repeat(30_000)))),
    });
    fc.assert(
      fc.property(edit, fc.boolean(), ({ file, at, take, put }, fits) => {
        const [name, whole] = files[file] ?? ['', Buffer.alloc(0)];
        const start = Math.floor(at * whole.length);
        const changed = Buffer.concat([whole.subarray(0, start), put, whole.subarray(start + take)]);
        fc.pre(!changed.equals(whole));
        writeFileSync(join(out, name), changed);
        if (fits) digestAnew();
        const { ok, problems } = verifyBundle(out);
        for (const [one, content] of files) writeFileSync(join(out, one), content);
        // Nothing signs the summary: with its digest made to fit, it holds.
        const isSummary = fits && (name === 'index.html' || name === 'SHA256SUMS');
        expect([name, ok, problems.length > 0]).toEqual([name, isSummary, !isSummary]);
      }),
      { numRuns: 150 },
    );
  });

  it('are kept few when much is wrong', () => {
    bundleOf(smallLog(folder), 'incident-a');
    writeFileSync(join(out, 'entries.jsonl'), '\n'.repeat(300_000));
    expect(verifyBundle(out).problems.length).toBeLessThan(20);
  });
});

describe('the summary', () => {
  it('shows what was said, and lets none of it act', () => {
    const { file, add, close } = openLog(folder);
    const text = '<img src=x onerror=alert(1)> \u202egnp.exe " \' &amp;';
    add('decision', { text }, 'incident-<b>');
    close();
    bundleWith(file, { incident: 'incident-<b>' });
    const html = textOf('index.html');
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('&#60;img src=x onerror=alert(1)&#62; ‹U+202E›gnp.exe &#34; &#39; &#38;amp;');
    expect(html).not.toMatch(/<img|<script|<b>>|\u202e|https?:/);
  });
});

describe('a log whose key was changed', () => {
  it('makes bundles that hold, whole and in part, with every key in order', () => {
    const signers = [signerOf(newPrivateKey()), signerOf(newPrivateKey())] as const;
    const { file, ledger, add, close } = openLog(folder, 'real', (announced?: Uint8Array) =>
      announced && areSame(announced, signers[1].publicKey) ? signers[1] : signers[0],
    );
    add('decision', {}, 'incident-a');
    ledger.rotateKey({ log: signers[1] }, { kind: 'host', name: 'countersign' }, 'a yearly change');
    add('decision', {}, 'incident-a');
    close();
    for (const options of [{}, { incident: 'incident-a' }]) {
      out = join(folder, `rotated-${Object.keys(options).length}`);
      bundleWith(file, options);
      expect(lines('public-key')).toHaveLength(2);
      expect(verifyBundle(out)).toMatchObject({ ok: true, problems: [] });
      writeFileSync(join(out, 'public-key'), `${lines('public-key').reverse().join('\n')}\n`);
      digestAnew();
      expect(verifyBundle(out).problems).toEqual([expect.objectContaining({ how: 'key' })]);
    }
  });
});

it('says that a folder is no bundle', () => {
  expect(() => verifyBundle(folder)).toThrow(expect.objectContaining({ code: 'not_found' }));
});
