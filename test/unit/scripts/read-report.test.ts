import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readReport } from '../../../scripts/testing/read-report.mjs';

/** The runners themselves write these reports, so that a new version with another format is noticed. */
const skipReason = fileURLToPath(new URL('../../../scripts/testing/skip-reason.mjs', import.meta.url));
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reports-'));
  symlinkSync(modules, join(folder, 'node_modules'), 'junction');
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tests = (runner: string) => `
import { test, expect } from '${runner}';
test.describe('a group', () => {
  test('passes', () => {});
  test('fails', () => expect(1).toBe(2));
  test.skip('is skipped', () => {});
});
`;

function run(place: string, [program = '', ...parameters]: string[], env: Record<string, string> = {}): void {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|TEST_|NODE_OPTIONS$)/.test(name),
  );
  try {
    execFileSync(process.execPath, [join(modules, program), ...parameters], {
      cwd: join(folder, place),
      stdio: 'pipe',
      env: { ...Object.fromEntries(inherited), ...env },
    });
  } catch (error) {
    // It is meant to fail: one of its tests does.
    if ((error as { status?: number }).status !== 1) throw error;
  }
}

test('reads what vitest reports, with the reason of a skip and a file that breaks on loading', () => {
  mkdirSync(join(folder, 'v'));
  const conditional = "test('needs something', ({ skip }) => skip('it is not here'));";
  const grouped = tests('vitest')
    .replace('test.describe', 'describe')
    .replace('{ test,', '{ describe, test,');
  writeFileSync(join(folder, 'v', 'some.test.js'), `${grouped}${conditional}`);
  writeFileSync(join(folder, 'v', 'broken.test.js'), "throw new Error('on loading');");
  const path = join(folder, 'vitest.json');
  const reporters = [`--reporter=${skipReason}`, '--reporter=json', `--outputFile.json=${path}`];
  run('v', ['vitest/vitest.mjs', 'run', ...reporters]);
  expect(readReport({ path, by: 'vitest' })).toEqual({
    passed: 1,
    failed: 2,
    failures: expect.arrayContaining(['a group fails', expect.stringContaining('broken.test.js')]),
    skipped: [{ title: 'a group is skipped' }, { title: 'needs something', because: 'it is not here' }],
  });
}, 60_000);

test('reads what Playwright reports, with the reason of a skip', () => {
  mkdirSync(join(folder, 'p'));
  const conditional = "test('needs something', () => test.skip(true, 'it is not here'));";
  writeFileSync(join(folder, 'p', 'some.spec.js'), `${tests('@playwright/test')}${conditional}`);
  const path = join(folder, 'playwright.json');
  run('p', ['@playwright/test/cli.js', 'test', '--reporter=json', '--workers=1'], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: path,
  });
  expect(readReport({ path, by: 'playwright' })).toEqual({
    passed: 1,
    failed: 1,
    failures: ['some.spec.js › a group › fails'],
    skipped: [
      { title: 'some.spec.js › needs something', because: 'it is not here' },
      { title: 'some.spec.js › a group › is skipped' },
    ],
  });
}, 60_000);

test('a report that was never written or broke off is none', () => {
  expect(readReport({ path: join(folder, 'absent.json'), by: 'vitest' })).toBeNull();
  writeFileSync(join(folder, 'half.json'), '{"testResults":[');
  expect(readReport({ path: join(folder, 'half.json'), by: 'vitest' })).toBeNull();
});
