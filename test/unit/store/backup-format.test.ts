import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BackupName, placedNameOf } from '../../../electron/store/backup-format.ts';

it.each([
  ['countersign.db', 'countersign.db'],
  ['connections.yaml', 'connections.yaml'],
  ['envelope/manifest.json', 'envelope'],
  ['envelope/policies/10-permit.cedar', 'envelope'],
])('knows %s, and puts %s in place', (name, placed) => {
  expect(placedNameOf(BackupName.parse(name))).toBe(placed);
});

it.each([
  'envelope',
  'envelope/',
  'envelope/../escaped.db',
  'envelope/policies',
  'envelope/policies/',
  'envelope/policies/../escaped.cedar',
  'envelope/policies/../../../escaped.db',
  'envelope/policies/sub/x.cedar',
  'envelope/policies/.cedar',
  'envelope\\policies\\x.cedar',
  'envelope/notes.txt',
  'envelope/envelope.yaml\n',
  '/envelope/envelope.yaml',
  'Envelope/envelope.yaml',
  'reader.token',
  'settings.yaml',
])('knows no %j', (name) => {
  expect(BackupName.safeParse(name).success).toBe(false);
});

it('lets no name lead out of the folder of a backup', () => {
  const part = fc.constantFrom(
    'envelope',
    'policies',
    '..',
    '.',
    '',
    '~',
    'a.cedar',
    'connections.yaml',
    'C:',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), fc.constantFrom('/', '\\'), (parts, separator) => {
      const name = parts.join(separator);
      if (BackupName.safeParse(name).success) expect(name).toMatch(/^[a-z]+(\/[a-z]+)?(\/)?[a-z0-9.-]+$/);
      if (name.split(/[/\\]/).includes('..')) expect(BackupName.safeParse(name).success).toBe(false);
    }),
  );
});
