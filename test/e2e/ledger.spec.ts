import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { verifyBundle } from '../../electron/ledger/bundle/verify-bundle.ts';
import { expect, test } from './fixtures.ts';
import { violations } from './violations.ts';

test('a person finds an entry, sees what led to it, and exports a bundle that holds', async ({
  page,
  app,
}) => {
  test.slow();
  await page.goto(app.url);
  await page.getByRole('button', { name: 'Run a drill' }).first().click();
  await page.getByRole('button', { name: 'Start the drill' }).click();
  await expect(page.getByRole('region', { name: 'Timeline' }).getByRole('feed')).toBeVisible({
    timeout: 45_000,
  });
  await expect(page.getByRole('article', { name: /^Proposal/ }).first()).toBeVisible({ timeout: 30_000 });
  await page.getByRole('link', { name: 'Ledger' }).click();
  await page.getByRole('button', { name: 'Drills', exact: true }).click();

  const entries = page.getByRole('region', { name: 'Entries' });
  await entries.getByRole('combobox', { name: 'Kind' }).selectOption('proposal');
  await expect(entries.getByRole('row')).toHaveCount(2);
  await entries.getByRole('button', { name: /^Why entry/ }).click();
  const why = entries.getByRole('list', { name: /^What led to entry/ });
  await expect(why).toContainText('hypotheses by');
  await expect(why).toContainText('read by');
  await page.screenshot({ path: 'test-results/ledger-why.png' });
  expect(await violations(page)).toEqual([]);

  await entries.getByRole('combobox', { name: 'Kind' }).selectOption('');
  await entries.getByRole('searchbox', { name: 'Search' }).fill('HighErrorRate');
  await expect(entries.getByRole('cell', { name: 'signal' }).first()).toBeVisible();
  await expect(entries.getByRole('cell', { name: 'proposal' })).toHaveCount(0);
  await entries.getByRole('searchbox', { name: 'Search' }).fill('xyzzy');
  await expect(entries).toContainText('No entry is like that.');
  await entries.getByRole('searchbox', { name: 'Search' }).fill('***');
  await expect(entries).toContainText('needs a word');
  await entries.getByRole('searchbox', { name: 'Search' }).fill('');

  await page.getByRole('button', { name: 'Export a bundle' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export a bundle' });
  await dialog.getByRole('combobox', { name: 'What' }).selectOption({ index: 1 });
  await page.screenshot({ path: 'test-results/ledger-export.png' });
  await dialog.getByRole('button', { name: 'Export it' }).click();
  const folder = (await dialog.getByRole('status').locator('code').textContent()) ?? '';
  expect(folder.startsWith(join(app.dataDir, 'exports'))).toBe(true);
  expect(existsSync(join(folder, 'verify.html'))).toBe(true);
  expect(verifyBundle(folder)).toMatchObject({ ok: true, complete: false });
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(entries.getByRole('row').nth(1)).toContainText('export');
});
