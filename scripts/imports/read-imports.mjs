import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'vite';

const FOLDERS = ['electron', 'renderer', 'shared'];

/** Every source file of the application under `root`, as `electron/host/host.ts`. */
export const sourceFiles = (root) =>
  FOLDERS.flatMap((folder) => filesIn(root, folder)).filter((path) => /\.(ts|tsx|mts|cts)$/.test(path));

/**
 * What a file imports, re-exports or loads later: `{ line, name, path?, typesOnly }`. `path` is where a relative name
 * leads, seen from `root`; a package has none.
 */
export function importsOf(root, file) {
  const text = readFileSync(join(root, file), 'utf8');
  const parsed = parseSync(file, text);
  if (parsed.errors.length > 0) throw new Error(`${file} cannot be parsed: ${parsed.errors[0].message}`);
  const lineOf = (offset) => text.slice(0, offset).split('\n').length;
  return rawImports(parsed, text).map(({ name, at, typesOnly }) => ({
    line: lineOf(at),
    name,
    path: name.startsWith('.') ? posix.join(posix.dirname(file), name) : undefined,
    typesOnly,
  }));
}

function rawImports({ module, program }, text) {
  const fixed = module.staticImports.map(({ start, moduleRequest, entries }) => ({
    at: start,
    name: moduleRequest.value,
    // An import without names is there for its effect.
    typesOnly: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  const passedOn = module.staticExports.flatMap(({ start, entries }) => {
    const from = entries.filter(({ moduleRequest }) => moduleRequest);
    if (from.length === 0) return [];
    return [{ at: start, name: from[0].moduleRequest.value, typesOnly: from.every(({ isType }) => isType) }];
  });
  const later = module.dynamicImports.map(({ start, moduleRequest }) => ({
    at: start,
    name: text.slice(moduleRequest.start, moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
    typesOnly: false,
  }));
  return [...fixed, ...passedOn, ...later, ...(text.includes('import(') ? typesNamedInPlace(program) : [])];
}

/** `import('./x.ts').Name` where a type is expected. */
function typesNamedInPlace(node) {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap(typesNamedInPlace);
  const own =
    node.type === 'TSImportType'
      ? [
          {
            at: node.start,
            name: (node.source ?? node.argument?.literal ?? node.argument).value,
            typesOnly: true,
          },
        ]
      : [];
  return [...own, ...Object.values(node).flatMap(typesNamedInPlace)];
}

function filesIn(root, path) {
  const full = join(root, path);
  if (!statSync(full, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(full, { withFileTypes: true }).flatMap((entry) => {
    const inner = `${path}/${entry.name}`;
    return entry.isDirectory() ? filesIn(root, inner) : [inner];
  });
}
