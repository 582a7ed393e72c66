import { spawnSync } from 'node:child_process';
import {
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint, readCheckpoint } from '../../../electron/ledger/note.ts';
import { decodeBundle } from '../../../electron/ledger/proofs/tiles.ts';
import { digestOf, growingTree, leafHash } from '../../../electron/ledger/tree.ts';
import { folderWitness } from '../../../electron/ledger/witness/folder-witness.ts';
import { tamper, temporaryDirectory } from './data-dir.ts';
import { witnessedLog } from './witnessed-log.ts';

function usb(what: 'log' | 'head' = 'log', path = temporaryDirectory()) {
  const folder = join(path, 'real');
  const witness = folderWitness({ name: 'usb', path, inside: 'real', what });
  const files = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  const read = (file: string) => readFileSync(join(folder, file));
  const checkpoint = () => read('checkpoint').toString();
  return { path, folder, witness, files, read, checkpoint };
}

/** The root over what the bundles alone hold, found by their names as an auditor would. */
function rootOfBundles({ read }: ReturnType<typeof usb>, size: number): Uint8Array {
  const tree = growingTree();
  for (let from = 0; from < size; from += 256) {
    const name = String(from / 256).padStart(3, '0');
    const width = Math.min(256, size - from);
    const entries = decodeBundle(read(`tile/entries/${name}${width < 256 ? `.p/${width}` : ''}`)) ?? [];
    for (const entry of entries) tree.add(digestOf(leafHash(entry)));
  }
  return tree.root();
}

test('an auditor recomputes the signed root from the files of a folder alone', async () => {
  const log = witnessedLog();
  const disk = usb();
  log.grow(600);
  expect(await log.push(disk.witness)).toMatchObject({ state: 'current', size: 601 });
  const key = log.key();
  const opened = key && openCheckpoint(disk.checkpoint(), key);
  expect(opened).toMatchObject({ ok: true, checkpoint: { size: 601 } });
  expect(rootOfBundles(disk, 601)).toEqual(readCheckpoint(disk.checkpoint())?.root);
  expect(disk.files()).toEqual(
    [
      'checkpoint',
      'tile/0/000',
      'tile/0/001',
      'tile/0/002.p/89',
      'tile/1/000.p/2',
      'tile/entries/000',
      'tile/entries/001',
      'tile/entries/002.p/89',
    ].sort(),
  );
});

test('a log that grew is brought up to date, and partial tiles go once the full one is there', async () => {
  const log = witnessedLog();
  const disk = usb();
  for (const count of [9, 40, 300]) {
    log.grow(count);
    expect((await log.push(disk.witness)).state).toBe('current');
  }
  expect(rootOfBundles(disk, 350)).toEqual(readCheckpoint(disk.checkpoint())?.root);
  expect(disk.files().filter((file) => file.includes('000.p'))).toEqual(['tile/1/000.p/1']);
});

test('a head alone can be kept, and the whole log once that is wanted', async () => {
  const log = witnessedLog();
  const disk = usb('head');
  log.grow(300);
  await log.push(disk.witness);
  expect(disk.files()).toEqual(['checkpoint']);
  const whole = usb('log', disk.path);
  log.grow(1);
  expect((await log.push(whole.witness)).state).toBe('current');
  expect(rootOfBundles(whole, 302)).toEqual(readCheckpoint(whole.checkpoint())?.root);
});

test('a data directory whose end was cut contradicts the folder, which stays as it is', async () => {
  const log = witnessedLog();
  const disk = usb();
  log.grow(10);
  const copy = log.copy();
  log.grow(10);
  await log.push(disk.witness);
  const before = disk.checkpoint();
  log.putBack(copy);
  const standing = await log.push(disk.witness);
  expect(standing.state).toBe('conflict');
  expect(standing.sentence).toContain('holds a head of 21 entries, but only 11 are signed here');
  expect(disk.checkpoint()).toBe(before);
});

test('an older copy that was put back and went on contradicts the folder, however long it became', async () => {
  const log = witnessedLog();
  const disk = usb();
  log.grow(10);
  const copy = log.copy();
  log.grow(10);
  await log.push(disk.witness);
  const before = disk.files().map((file) => [file, disk.read(file)]);
  log.putBack(copy);
  log.grow(300, 'another history');
  const standing = await log.push(disk.witness);
  expect(standing).toMatchObject({
    state: 'conflict',
    sentence: expect.stringContaining('history was changed'),
  });
  expect(disk.files().map((file) => [file, disk.read(file)])).toEqual(before);
});

test('a history of the same length is told apart too', async () => {
  const log = witnessedLog();
  const disk = usb();
  log.grow(10);
  const copy = log.copy();
  log.grow(10);
  await log.push(disk.witness);
  log.putBack(copy);
  log.grow(10, 'another history');
  expect((await log.push(disk.witness)).state).toBe('conflict');
});

test('a data directory that was replaced contradicts the folder, and both logs are named', async () => {
  const [log, other] = [witnessedLog(), witnessedLog()];
  const disk = usb();
  log.grow(3);
  other.grow(30);
  await log.push(disk.witness);
  const standing = await other.push(disk.witness);
  expect(standing.state).toBe('conflict');
  expect(standing.sentence).toContain(readCheckpoint(disk.checkpoint())?.origin);
  expect(standing.sentence).toContain(other.key()?.name);
});

test('a log that is gone contradicts the folder', async () => {
  const log = witnessedLog();
  const disk = usb();
  expect(await log.push(disk.witness)).toMatchObject({ state: 'waiting' });
  log.grow(3);
  await log.push(disk.witness);
  log.putBack();
  expect(await log.push(disk.witness)).toMatchObject({
    state: 'conflict',
    sentence: expect.stringContaining('The log is gone'),
  });
});

test('a disk that is not plugged in is not replaced by a folder of its name', async () => {
  const log = witnessedLog();
  const disk = usb('log', join(temporaryDirectory(), 'not-there'));
  log.grow(3);
  const standing = await log.push(disk.witness);
  expect(standing).toMatchObject({ state: 'behind', sentence: expect.stringContaining('plug in its disk') });
  expect(existsSync(disk.path)).toBe(false);
});

test.each(['', 'no note at all\n', '\0'.repeat(100)])(
  'a checkpoint that reads %j is left for a person to look at',
  async (text) => {
    const log = witnessedLog();
    const disk = usb();
    log.grow(3);
    mkdirSync(disk.folder);
    writeFileSync(join(disk.folder, 'checkpoint'), text);
    const standing = await log.push(disk.witness);
    expect(standing).toMatchObject({ state: 'behind', sentence: expect.stringContaining('no signed head') });
    expect(disk.checkpoint()).toBe(text);
  },
);

test('an entry that was changed in the data file is never handed out under the signed head', async () => {
  const log = witnessedLog();
  const disk = usb();
  log.grow(300);
  tamper(log.file, (db) => {
    db.prepare(
      `UPDATE ledger_entry SET bytes = CAST(replace(bytes, '"turn":290', '"turn":291') AS BLOB) WHERE seq = 291`,
    ).run();
  });
  const standing = await log.push(disk.witness);
  expect(standing).toMatchObject({
    state: 'behind',
    sentence: expect.stringContaining('not those that were signed'),
  });
  expect(existsSync(join(disk.folder, 'checkpoint'))).toBe(false);
});

test('a push that ended half way leaves the old head, and the next one completes it', async () => {
  const log = witnessedLog();
  const disk = usb();
  log.grow(20);
  await log.push(disk.witness);
  const before = disk.checkpoint();
  log.grow(800);
  await expect(
    log.withLog(async (whole) => {
      if (!whole) throw new Error('nothing is signed');
      const files = function* () {
        for (const [at, file] of [...whole.filesFrom(21)].entries()) {
          if (at === 3) throw new Error('power is gone');
          yield file;
        }
      };
      await disk.witness.push({ ...whole, filesFrom: files }, new AbortController().signal);
    }),
  ).rejects.toThrow('power is gone');
  expect(disk.checkpoint()).toBe(before);
  expect((await log.push(disk.witness)).state).toBe('current');
  expect(rootOfBundles(disk, 821)).toEqual(readCheckpoint(disk.checkpoint())?.root);
});

test('a folder that lost files is filled again', async () => {
  const log = witnessedLog();
  const disk = usb();
  log.grow(300);
  await log.push(disk.witness);
  rmSync(join(disk.folder, 'tile'), { recursive: true });
  log.grow(2);
  expect((await log.push(disk.witness)).state).toBe('current');
  expect(rootOfBundles(disk, 303)).toEqual(readCheckpoint(disk.checkpoint())?.root);
});

test.each([
  ['endless', (file: string) => void spawnSync('mkfifo', [file])],
  ['of a gigabyte', (file: string) => ftruncateSync(openSync(file, 'w'), 2 ** 30)],
])('a checkpoint that is %s is not read', async (_, make) => {
  const log = witnessedLog();
  const disk = usb();
  log.grow(3);
  mkdirSync(disk.folder);
  make(join(disk.folder, 'checkpoint'));
  expect(await log.push(disk.witness)).toMatchObject({
    state: 'behind',
    sentence: expect.stringContaining('no signed head'),
  });
});

test('a head that another process wrote at the same moment is not written over', async () => {
  const log = witnessedLog();
  const disk = usb();
  log.grow(3);
  await log.withLog(async (read) => {
    if (!read) throw new Error('nothing is signed');
    const files = function* () {
      yield* read.filesFrom(0);
      mkdirSync(disk.folder, { recursive: true });
      writeFileSync(join(disk.folder, 'checkpoint'), 'a newer head');
    };
    const push = disk.witness.push({ ...read, filesFrom: files }, new AbortController().signal);
    await expect(push).rejects.toThrow('at the same moment');
  });
  expect(disk.checkpoint()).toBe('a newer head');
});
