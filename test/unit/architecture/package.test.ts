import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const Builder = z.object({
  files: z.array(z.string()),
  asar: z.literal(true),
  npmRebuild: z.literal(false),
  electronFuses: z.record(z.string(), z.boolean()),
});
const path = fileURLToPath(new URL('../../../electron-builder.yml', import.meta.url));
const builder = Builder.parse(parse(readFileSync(path, 'utf8')));

test('the packaged binary runs this application only, and not as a plain Node', () => {
  expect(builder.electronFuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableCookieEncryption: true,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
  });
});

test('the package holds what was built, SQLite and Cedar, no sources and no other packages', () => {
  const shipped = builder.files.filter((pattern) => !pattern.startsWith('!'));
  const known =
    /^(dist\/(electron|renderer)\/|resources\/|node_modules\/(better-sqlite3|piscina|@cedar-policy\/cedar-wasm)\/|package\.json$|LICENSE$)/;
  expect(shipped.filter((pattern) => !known.test(pattern))).toEqual([]);
  expect(builder.files).toContain('!node_modules/**');
});
