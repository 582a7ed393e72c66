import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';

const dist =
  process.env['COUNTERSIGN_RENDERER'] ?? fileURLToPath(new URL('../../dist/renderer', import.meta.url));
const MOST_BYTES = 2_000_000;

test('the screen stays below two megabytes, compressed', () => {
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map(({ parentPath, name }) => ({ name, bytes: gzipSync(readFileSync(join(parentPath, name))).length }));
  // What is counted is the screen, not an empty folder.
  expect(files.map(({ name }) => name)).toContain('index.html');
  expect(files.filter(({ name }) => name.endsWith('.js')).length).toBeGreaterThan(0);
  expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(MOST_BYTES);
});
