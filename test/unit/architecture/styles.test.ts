import { globSync, readFileSync } from 'node:fs';
import { parse } from 'postcss';
import { expect, it } from 'vitest';

/** A class alone or with its states, at the end of which nothing else is named: whoever styles it so owns it. */
const ALONE = /^\.([\w-]+)(?:::?[\w-]+|\[[^\]]*\])*$/;

function ownersOf(files: readonly { path: string; text: string }[]): Map<string, Set<string>> {
  const owners = new Map<string, Set<string>>();
  for (const { path, text } of files)
    parse(text).walkRules(({ selectors }) => {
      for (const selector of selectors) {
        const name = ALONE.exec(selector)?.[1];
        if (name !== undefined) owners.set(name, (owners.get(name) ?? new Set()).add(path));
      }
    });
  return owners;
}

const shared = (files: Parameters<typeof ownersOf>[0]) =>
  [...ownersOf(files)].filter(([, paths]) => paths.size > 1).map(([name, paths]) => [name, [...paths]]);

it('gives each class to one style sheet, so that no place restyles what another one shows', () => {
  const files = globSync('renderer/**/*.css').map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  expect(files.length).toBeGreaterThan(10);
  expect(shared(files)).toEqual([]);
});

it('sees a class that two style sheets style on its own, with its states too', () => {
  const files = [
    { path: 'a.css', text: '.name { color: red } .mine, .other .name { margin: 0 }' },
    { path: 'b.css', text: '@media print { .name:hover { color: blue } } .card > .mine { margin: 0 }' },
  ];
  expect(shared(files)).toEqual([['name', ['a.css', 'b.css']]]);
});
