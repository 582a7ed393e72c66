#!/usr/bin/env node
/** Part of `npm run lint`: says where the sources leave the table of who may import whom. Exit 1 when one does. */
import { matchesGlob, posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { importsOf, sourceFiles } from './read-imports.mjs';
import { everybody, packages, table } from './table.mjs';

/** One sentence for each import that the table does not allow, as `file:line …`. */
export function violations(root) {
  return sourceFiles(root).flatMap((file) => {
    const row = table.find(({ of }) => matchesGlob(file, of));
    if (!row) return [`${file}:1 has no row in scripts/imports/table.mjs`];
    return importsOf(root, file).flatMap((found) => {
      const wrong = found.path === undefined ? wrongPackage(file, found) : wrongFile(file, row, found);
      return wrong ? [`${file}:${found.line} ${wrong}`] : [];
    });
  });
}

function wrongFile(file, { of, may = [], types = [] }, { path, typesOnly }) {
  const besides = everybody.filter((row) => isOf(file, row)).flatMap((row) => row.may);
  const allowed = [...ownFolder(file, of), ...besides, ...may];
  if (matches(path, allowed)) return;
  const named = `may import ${allowed.join(', ')}${types.length > 0 ? `, types of ${types.join(', ')}` : ''}`;
  if (!matches(path, types)) return `imports ${path}: ${of} ${named}`;
  return typesOnly ? undefined : `imports a value of ${path}: ${of} ${named}`;
}

function wrongPackage(file, { name }) {
  const row = packages.find((candidate) => isOf(file, candidate));
  if (!row) return;
  const wrong = row.only ? !matches(name, row.only) : matches(name, row.never ?? []);
  return wrong ? `imports ${name}: ${row.because}` : undefined;
}

/** The folder that the pattern stands for in this file's case: `electron/connectors/*` is that of one system. */
function ownFolder(file, of) {
  if (!of.endsWith('/**')) return [];
  const depth = of.split('/').length - 1;
  return [`${posix.join(...file.split('/').slice(0, depth))}/**`];
}

const isOf = (file, { of }) => matchesGlob(file, of);
const matches = (path, globs) => globs.some((glob) => matchesGlob(path, glob));

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = violations(fileURLToPath(new URL('../..', import.meta.url)));
  for (const sentence of found) process.stderr.write(`${sentence}\n`);
  if (found.length > 0) process.exitCode = 1;
}
