import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type RunbookShelf, runbookShelf } from '../../../electron/host/runbook-shelf.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';

function shelf(): { folder: string; books: RunbookShelf } {
  const folder = join(newDataDir(), 'runbooks');
  mkdirSync(folder, { recursive: true });
  return { folder, books: runbookShelf(folder) };
}

it('finds sections by their words, those that have more of them first', () => {
  const { folder, books } = shelf();
  writeFileSync(
    join(folder, 'db.md'),
    'Intro to failover.\n# Failover\nPromote the replica.\n```\n# no heading\n```\n## Check\nThe replica lags.\n',
  );
  writeFileSync(join(folder, 'notes.txt'), 'replica');
  const { passages, held } = books.search('promote a replica', 5);
  expect(held).toBe(1);
  expect(passages.map(({ heading }) => heading)).toEqual(['Failover', 'Check']);
  expect(passages[0]?.text).toContain('# no heading');
  expect(books.search('failover', 1).passages).toMatchObject([{ file: 'db.md', heading: 'Failover' }]);
});

it('reads a file anew once it changed, and forgets one that went', () => {
  const { folder, books } = shelf();
  const file = join(folder, 'a.md');
  writeFileSync(file, '# Old\nword\n');
  expect(books.search('word', 5).passages).toMatchObject([{ heading: 'Old' }]);
  writeFileSync(file, '# New\nword\n');
  utimesSync(file, 1, 1);
  expect(books.search('word', 5).passages).toMatchObject([{ heading: 'New' }]);
  rmSync(file);
  expect(books.search('word', 5)).toEqual({ passages: [], held: 0 });
});

it('is empty where there is no folder, and leads out of none', () => {
  const { folder, books } = shelf();
  writeFileSync(join(folder, '..', 'outside.md'), 'secret plans');
  symlinkSync(join(folder, '..', 'outside.md'), join(folder, 'link.md'));
  symlinkSync(join(folder, '..'), join(folder, 'up'));
  expect(books.search('secret plans', 5)).toEqual({ passages: [], held: 0 });
  expect(runbookShelf(join(folder, 'nowhere')).search('x', 5)).toEqual({ passages: [], held: 0 });
});

it('takes any text for words to look for, never for a query', () => {
  const { folder, books } = shelf();
  writeFileSync(join(folder, 'a.md'), '# A\nplain words\n');
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('" OR', 'NEAR(', 'a*', '-x', 'heading:A', "'")),
      (text) => {
        expect(books.search(text, 5).held).toBe(1);
      },
    ),
  );
});
