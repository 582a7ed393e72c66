import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWitnessSettings, secretOf } from '../../../electron/ledger/witness/settings.ts';
import { temporaryDirectory } from './data-dir.ts';

const folder = { kind: 'folder', name: 'usb', path: '/media/audit' };
const https = { kind: 'https', name: 'acme', url: 'https://witness.example/w1' };
const s3 = {
  kind: 's3',
  name: 'store',
  endpoint: 'https://s3.eu-central-1.amazonaws.com',
  region: 'eu-central-1',
  bucket: 'audit',
  accessKeyId: { env: 'ID' },
  secretAccessKey: { file: '/run/secrets/s3' },
};

function reading(content: unknown) {
  const dir = temporaryDirectory();
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(dir, 'witnesses.yaml'), text);
  return () => readWitnessSettings(dir);
}
const withOne = (witness: object) => reading({ format: 'countersign.witnesses/1', witnesses: [witness] });

test('no file means no witness', () => {
  expect(readWitnessSettings(temporaryDirectory())).toEqual([]);
});

test('real incidents alone are shown, and the whole log, unless the file says otherwise', () => {
  const read = reading({ format: 'countersign.witnesses/1', witnesses: [folder, https, s3] });
  expect(read()).toMatchObject([
    { ...folder, realms: ['real'], what: 'log' },
    { ...https, realms: ['real'] },
    { ...s3, realms: ['real'], what: 'log', prefix: 'countersign' },
  ]);
  expect(withOne({ ...folder, what: 'head', realms: ['real', 'drill'] })()).toMatchObject([
    { what: 'head', realms: ['real', 'drill'] },
  ]);
});

test.each([
  ['no YAML', '{', 'cannot be read'],
  ['another format', { format: 'x', witnesses: [] }, 'format'],
  [
    'two of one name',
    { format: 'countersign.witnesses/1', witnesses: [folder, { ...https, name: 'usb' }] },
    'same name',
  ],
  [
    'two in one place',
    {
      format: 'countersign.witnesses/1',
      witnesses: [folder, { ...folder, name: 'b', path: '/media/x/../audit' }],
    },
    'same place',
  ],
])('%s is refused with the file and the remedy', (_, content, says) => {
  const read = reading(content);
  expect(read).toThrow(says);
  expect(read).toThrow(/witnesses\.yaml .*so no witness is used.*Mend it/s);
});

test.each([
  ['an unknown member', { ...folder, foo: 1 }, 'foo'],
  ['a path that depends on where it is read', { ...folder, path: 'media' }, 'full path'],
  ['a name that leads out of its folder', { ...https, name: '../vault' }, 'use a-z'],
  ['plain http elsewhere', { ...https, url: 'http://witness.example' }, 'an https:// address'],
  [
    'plain http to a name that begins like this machine',
    { ...https, url: 'http://127.0.0.1.example' },
    'an https://',
  ],
  [
    'credentials in the address',
    { ...https, url: 'https://me:secret@witness.example' },
    'without credentials',
  ],
  ['another scheme', { ...https, url: 'file:///etc' }, 'an https:// address'],
  ['a key that is none', { ...https, key: 'w+00000000+AAAA' }, 'not an Ed25519 cosignature key'],
  ['a secret in the file', { ...s3, secretAccessKey: 'abc' }, 'secretAccessKey'],
  ['a prefix that leads out', { ...s3, prefix: 'a/../b' }, 'use letters'],
  ['no realm', { ...folder, realms: [] }, 'realms'],
])('%s is refused', (_, witness, says) => {
  expect(withOne(witness)).toThrow(says);
});

test.each(['http://localhost:8080/w', 'http://127.0.0.1:1/', 'http://[::1]:2', 'https://w.example/a/b'])(
  '%s may be asked',
  (url) => {
    expect(withOne({ ...https, url })()).toMatchObject([{ url }]);
  },
);

test('secrets come from where the file says, and a missing one is named but never shown', () => {
  const file = join(temporaryDirectory(), 'secret');
  writeFileSync(file, 'from a file\n');
  expect(secretOf({ file }, 'store')).toBe('from a file');
  expect(secretOf({ env: 'ID' }, 'store', { ID: 'from outside' })).toBe('from outside');
  expect(() => secretOf({ env: 'ID' }, 'store', {})).toThrow(
    '“store” wants a secret from the environment variable ID',
  );
  expect(() => secretOf({ file: `${file}-not-there` }, 'store')).toThrow('cannot be read');
});
