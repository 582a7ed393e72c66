import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { importsOf, sourceFiles } from '../../../scripts/imports/read-imports.mjs';
import { cycleIn } from './cycle-in.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('no file of the application imports itself over others, not even for types', () => {
  const graph = new Map(
    sourceFiles(root).map((file) => [file, importsOf(root, file).flatMap(({ path }) => path ?? [])]),
  );
  expect(graph.size).toBeGreaterThan(100);
  expect(cycleIn(graph)).toEqual([]);
});

test('a cycle is found and told in the order of its imports', () => {
  const graph = new Map([
    ['a', ['b', 'x']],
    ['b', ['c']],
    ['c', ['d', 'b']],
    ['d', []],
  ]);
  expect(cycleIn(graph)).toEqual(['b', 'c', 'b']);
});

test('two ways to one file are no cycle', () => {
  const graph = new Map([
    ['a', ['b', 'c']],
    ['b', ['d']],
    ['c', ['d']],
  ]);
  expect(cycleIn(graph)).toEqual([]);
});

test('a file that imports itself is a cycle', () => {
  expect(cycleIn(new Map([['a', ['a']]]))).toEqual(['a', 'a']);
});
