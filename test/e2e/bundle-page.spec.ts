import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { violations } from './violations.ts';

/** The pages that come with a bundle, opened from the disk as whoever was handed the folder opens them. */

let folder: string;
let incident: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-'));
  const played = cli('drill', 'run', 'bad-deploy', '--seed', '7', '--approve', 'first', '--json');
  incident = JSON.parse(played).incident;
  cli('ledger', 'change-key', '--realm', 'drill', '--reason', 'practice');
  cli('ledger', 'export', '--out', join(folder, 'all'));
  cli('ledger', 'export', '--out', join(folder, 'part'), '--incident', incident);
});
test.afterAll(() => rmSync(folder, { recursive: true }));

function cli(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['electron/cli.ts', '--data-dir', join(folder, 'data'), ...args],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Opens the page of a bundle; anything it asks of a network is a failure. */
async function open(page: Page, bundle: 'all' | 'part', file: 'verify.html' | 'index.html') {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) asked.push(request.url());
  });
  page.on('pageerror', (error) => asked.push(error.message));
  await page.goto(pathToFileURL(join(folder, bundle, file)).href);
  return asked;
}

for (const bundle of ['all', 'part'] as const) {
  test(`the page verifies the bundle it came with (${bundle}), without a network`, async ({ page }) => {
    const asked = await open(page, bundle, 'verify.html');
    await page.getByLabel('The folder of the bundle').setInputFiles(join(folder, bundle));
    await expect(page.getByRole('status')).toContainText('This bundle holds.');
    await expect(page.getByRole('definition').first()).toContainText('countersign.local/drill/');
    await page.screenshot({ path: `test-results/verify-page-${bundle}.png`, fullPage: true });
    expect(await violations(page)).toEqual([]);
    expect(asked).toEqual([]);
  });

  test(`the page finds a byte that differs, wherever it is (${bundle})`, async ({ page }) => {
    await open(page, bundle, 'verify.html');
    const files = readdirSync(join(folder, bundle)).map((name) => [
      name,
      readFileSync(join(folder, bundle, name)).toString('base64'),
    ]);
    const missed = await page.evaluate(FLIP, { files, each: 12 });
    expect(missed).toEqual([]);
  });
}

/** Flips bits at places that are spread over each file, and gives back those that the page does not mind. */
const FLIP = async ({ files, each }: { files: string[][]; each: number }): Promise<string[]> => {
  const { verifyBundle } = globalThis as unknown as {
    verifyBundle(files: Map<string, File>, progress: () => Promise<void>): Promise<{ ok: boolean }>;
  };
  const bytesOf = (encoded = '') => Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  const whole = new Map(
    files.map(([name = '', encoded]) => [name, new File([bytesOf(encoded)], name)] as const),
  );
  const missed: string[] = [];
  if (!(await verifyBundle(whole, async () => {})).ok) missed.push('nothing was changed');
  for (const [name = '', encoded] of files) {
    for (let turn = 0; turn < each; turn += 1) {
      const bytes = bytesOf(encoded);
      const at = Math.floor((bytes.length * turn) / each);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (turn % 8));
      const damaged = new Map(whole).set(name, new File([bytes], name));
      if ((await verifyBundle(damaged, async () => {})).ok) missed.push(`${name} at ${at}`);
    }
  }
  return missed;
};

test('the page names the first entry that was changed', async ({ page }) => {
  await open(page, 'all', 'verify.html');
  const entries = readFileSync(join(folder, 'all', 'entries.jsonl'), 'utf8');
  const changed = entries.replace('"answer":"approve"', '"answer":"decline"');
  const seq = changed.split('\n').findIndex((line) => line.includes('"answer":"decline"'));
  const files = readdirSync(join(folder, 'all'))
    .filter((name) => name !== 'entries.jsonl')
    .map((name) => ({
      name,
      mimeType: 'text/plain',
      buffer: readFileSync(join(folder, 'all', name)),
    }));
  await page
    .getByLabel('or all of its files')
    .setInputFiles([
      ...files,
      { name: 'entries.jsonl', mimeType: 'text/plain', buffer: Buffer.from(changed) },
    ]);
  const status = page.getByRole('status');
  await expect(status).toContainText(`The first entry that does not hold is ${seq}.`);
  await page.screenshot({ path: 'test-results/verify-page-changed.png', fullPage: true });
});

test('the page says what is wrong with a folder that is no bundle', async ({ page }) => {
  await open(page, 'all', 'verify.html');
  const other = join(folder, 'other.txt');
  writeFileSync(other, 'hello');
  await page.getByLabel('or all of its files').setInputFiles(other);
  await expect(page.getByRole('status')).toContainText('This is no bundle');
});

test('the summary reads well, loads nothing and runs nothing', async ({ page }) => {
  const asked = await open(page, 'part', 'index.html');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(incident);
  await expect(page.getByRole('table').first()).toContainText('approve');
  expect(await page.locator('script, img, link, iframe, a[href]').count()).toBe(0);
  await page.screenshot({ path: 'test-results/bundle-summary.png', fullPage: true });
  expect(await violations(page)).toEqual([]);
  expect(asked).toEqual([]);
});
