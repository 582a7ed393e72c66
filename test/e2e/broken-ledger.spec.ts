import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { launch } from './launch.ts';

test('an older copy that was put back is named, and a person begins a new log with a reason', async ({
  page,
  app,
}) => {
  test.slow();
  // Closed once the page is elsewhere, so that the fixture's own application ends as it always does.
  const folder = `${app.dataDir}-broken`;
  const file = join(folder, 'drills.db');
  const first = await launch({ dataDir: folder });
  await first.stop();
  copyFileSync(file, `${file}.older`);
  const second = await launch({ dataDir: folder });
  await page.goto(second.url);
  await page.getByRole('button', { name: 'Run a drill' }).first().click();
  await page.getByRole('button', { name: 'Start the drill' }).click();
  await expect(page.getByRole('region', { name: 'Timeline' }).getByRole('feed')).toBeVisible({
    timeout: 45_000,
  });
  await page.goto('about:blank');
  await second.stop();
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
  copyFileSync(`${file}.older`, file);

  const third = await launch({ dataDir: folder });
  await page.goto(third.url);
  await page.getByRole('link', { name: 'Ledger' }).click();
  await page.getByRole('button', { name: 'Drills', exact: true }).click();
  const state = page.getByRole('region', { name: 'State of the ledger' });
  await expect(state).toContainText(/the end was cut off, or an older copy was put back/);
  await state.getByRole('button', { name: 'Verify' }).click();
  await expect(state.getByRole('alert')).toContainText('It does not hold');
  await page.screenshot({ path: 'test-results/broken-ledger.png' });

  await state.getByRole('button', { name: 'Begin a new log' }).click();
  const dialog = page.getByRole('dialog', { name: 'Begin a new log?' });
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('A backup was restored by mistake');
  await page.screenshot({ path: 'test-results/begin-anew.png' });
  await dialog.getByRole('button', { name: 'Begin it' }).click();
  await expect(state).toContainText('The old one is kept as');
  // The old log was opened by the host, the new one is by a person.
  await expect(page.getByRole('region', { name: 'Entries' })).toContainText('person');
  await page.getByRole('button', { name: 'Show entry 0' }).click();
  await expect(page.getByRole('region', { name: 'Entries' })).toContainText(
    'A backup was restored by mistake',
  );
  await expect(state).toContainText(/1 entr.*signed/);
  await state.getByRole('button', { name: 'Change the signing key' }).click();
  const change = page.getByRole('dialog', { name: 'Change the signing key?' });
  await change.getByRole('textbox', { name: 'Reason' }).fill('Practice');
  await change.getByRole('button', { name: 'Change the key' }).click();
  await expect(state).toContainText('The key was changed.');
  await state.getByRole('button', { name: 'Verify' }).click();
  await expect(state).toContainText('It holds: every one of 2 entries');
  await page.screenshot({ path: 'test-results/begun-anew.png' });
  await page.goto('about:blank');
  await third.stop();
  await third.removeData();
});
