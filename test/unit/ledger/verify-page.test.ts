import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EntryKind } from '../../../electron/ledger/entry.ts';
import { PERSONAL } from '../../../electron/ledger/personal/personal.ts';

/** The page stands by itself and repeats what it must know; what is added here must be added there. */
const page = readFileSync('resources/bundle/verify.html', 'utf8');
const constant = (name: string): unknown => {
  const source = new RegExp(`^const ${name} = (.+);$`, 'm').exec(page)?.[1] ?? '';
  const quoted = source.replaceAll(/([{,] )(\w+):/g, "$1'$2':").replaceAll("'", '"');
  return JSON.parse(quoted);
};

it('knows every kind of entry', () => {
  expect(constant('KINDS')).toEqual(EntryKind.options);
});

it('looks for commitments where they are made', () => {
  expect(constant('PERSONAL')).toEqual(PERSONAL);
});

it('is described with every kind in the text of the format', () => {
  const format = readFileSync('docs/ledger-format.md', 'utf8');
  for (const kind of EntryKind.options) expect(format).toContain(`\`${kind}\``);
});
