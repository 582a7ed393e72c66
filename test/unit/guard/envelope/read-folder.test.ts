import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  type FolderStamp,
  folderStamp,
  isUnchanged,
  MOST_FILE_BYTES,
  readFolder,
} from '../../../../electron/guard/envelope/read-folder.ts';

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'envelope-'));
  mkdirSync(join(dir, 'policies'));
  writeFileSync(join(dir, 'envelope.yaml'), "version: '1'\n");
  writeFileSync(join(dir, 'schema.cedarschema'), '');
  writeFileSync(join(dir, 'tests.yaml'), '');
  writeFileSync(join(dir, 'manifest.json'), '{}');
  writeFileSync(join(dir, 'policies', 'base.cedar'), 'permit(principal, action, resource);');
  return dir;
}

it('reads the files by their paths, and the manifest apart', () => {
  const dir = folder();
  const { files, manifest } = readFolder(dir);
  expect([...files.keys()]).toEqual([
    'envelope.yaml',
    'schema.cedarschema',
    'tests.yaml',
    'policies/base.cedar',
  ]);
  expect(manifest).toBe('{}');
  expect(Buffer.from(files.get('envelope.yaml') ?? []).toString()).toBe("version: '1'\n");
});

it.each<[string, (dir: string) => void, RegExp]>([
  ['a file nobody knows', (dir) => writeFileSync(join(dir, 'README.md'), ''), /"README\.md" does not belong/],
  ['a hidden file', (dir) => writeFileSync(join(dir, '.envelope.yaml'), ''), /does not belong/],
  ['a policy of another kind', (dir) => writeFileSync(join(dir, 'policies', 'a.txt'), ''), /does not belong/],
  [
    'a name that only looks like one',
    (dir) => writeFileSync(join(dir, 'policies', 'bаse.cedar'), ''),
    /does not belong/,
  ],
  [
    'a folder among the policies',
    (dir) => mkdirSync(join(dir, 'policies', 'b.cedar')),
    /no plain file|EISDIR/,
  ],
  [
    'a file in the place of the policies',
    (dir) => {
      rmSync(join(dir, 'policies'), { recursive: true });
      writeFileSync(join(dir, 'policies'), '');
    },
    /policies is no folder/,
  ],
  [
    'a link in the place of the policies',
    (dir) => {
      renameSync(join(dir, 'policies'), `${dir}-elsewhere`);
      symlinkSync(`${dir}-elsewhere`, join(dir, 'policies'));
    },
    /policies is no folder/,
  ],
  [
    'a link in the place of a file',
    (dir) => {
      renameSync(join(dir, 'envelope.yaml'), `${dir}-elsewhere`);
      symlinkSync(`${dir}-elsewhere`, join(dir, 'envelope.yaml'));
    },
    /symbolic link/,
  ],
  [
    'a pipe in the place of a file',
    (dir) => {
      rmSync(join(dir, 'tests.yaml'));
      execFileSync('mkfifo', [join(dir, 'tests.yaml')]);
    },
    /tests\.yaml is no plain file/,
  ],
  [
    'a file of more than a person could review',
    (dir) => writeFileSync(join(dir, 'tests.yaml'), Buffer.alloc(MOST_FILE_BYTES + 1)),
    /longer than 262144/,
  ],
  [
    'more than that together',
    (dir) => {
      for (let at = 0; at < 5; at += 1)
        writeFileSync(join(dir, 'policies', `p${at}.cedar`), Buffer.alloc(MOST_FILE_BYTES));
    },
    /together/,
  ],
  [
    'a manifest that is no UTF-8',
    (dir) => writeFileSync(join(dir, 'manifest.json'), Buffer.from([0xff])),
    /not UTF-8/,
  ],
])('refuses %s, and names it', (_case, spoil, sentence) => {
  const dir = folder();
  spoil(dir);
  expect(() => readFolder(dir)).toThrow(sentence);
});

it('refuses a link in the place of the folder', () => {
  const dir = folder();
  symlinkSync(dir, `${dir}-link`);
  expect(() => readFolder(`${dir}-link`)).toThrow(/it is no folder/);
});

it.each<[string, (dir: string) => void]>([
  ['a byte is appended', (dir) => appendFileSync(join(dir, 'envelope.yaml'), ' ')],
  [
    'a byte is another and the times are put back',
    (dir) => {
      writeFileSync(join(dir, 'envelope.yaml'), "version: '2'\n");
      utimesSync(join(dir, 'envelope.yaml'), 1, 1);
    },
  ],
  ['a policy is added', (dir) => writeFileSync(join(dir, 'policies', 'more.cedar'), '')],
  ['a policy is taken away', (dir) => rmSync(join(dir, 'policies', 'base.cedar'))],
  [
    'a file is replaced by another',
    (dir) => {
      writeFileSync(`${dir}-new`, "version: '1'\n");
      renameSync(`${dir}-new`, join(dir, 'envelope.yaml'));
    },
  ],
])('has another stamp once %s', (_case, change) => {
  const dir = folder();
  const before = folderStamp(dir);
  change(dir);
  expect(isUnchanged(settled(before), folderStamp(dir))).toBe(false);
});

it('has the same stamp while nothing changes, but not one taken in the same tick as a write', () => {
  const dir = folder();
  const stamp = folderStamp(dir);
  expect(isUnchanged(settled(stamp), folderStamp(dir))).toBe(true);
  expect(isUnchanged(stamp, folderStamp(dir))).toBe(false);
});

it('has no stamp where there is no folder', () => {
  expect(folderStamp(join(folder(), 'policies', 'nowhere'))).toBeNull();
});

/** As if the stamp had been taken long after the last write. */
const settled = (stamp: FolderStamp | null) => stamp && { ...stamp, takenMs: stamp.takenMs + 60_000 };
