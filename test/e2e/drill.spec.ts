import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const card = (page: Page) => page.getByRole('article', { name: /^Proposal: Roll back/ });
const confirmation = (page: Page) => page.getByRole('dialog', { name: 'Confirm approval' });

/** A person gets another drill each time; a test wants the same one. */
async function fixSeed(page: Page): Promise<void> {
  await page.route('**/call', async (route) => {
    const call = route.request().postDataJSON();
    if (call.name === 'drills.start') call.input.seed = 7;
    await route.continue({ postData: JSON.stringify(call) });
  });
}

async function startDrill(page: Page, url: string): Promise<void> {
  await fixSeed(page);
  await page.goto(url);
  await page.getByRole('button', { name: 'Run a drill' }).first().click();
  await page
    .getByRole('dialog', { name: 'Run a drill' })
    .getByRole('button', { name: 'Start the drill' })
    .click();
}

/** What the dialog asks for, as its label says it. */
async function askedName(page: Page): Promise<string> {
  const box = confirmation(page).getByRole('textbox', { name: /^Type \S+ to confirm$/ });
  const label = await box.evaluate((element: HTMLInputElement) => element.labels?.[0]?.textContent ?? '');
  return /^Type (\S+) to confirm$/.exec(label)?.[1] ?? '';
}

test('a whole drill by mouse: from the home page to an approved rollback that helped, and its report', async ({
  app,
  page,
}) => {
  test.slow();
  await startDrill(page, app.url);

  await expect(page.getByRole('region', { name: 'Timeline' }).getByRole('feed')).toBeVisible({
    timeout: 45_000,
  });
  await expect(page.getByText(/^\d{2} changes in the window/)).toBeVisible();
  await expect(page.getByRole('list', { name: 'Candidates' }).getByRole('listitem').first()).toBeVisible();
  await expect(page.getByRole('application', { name: 'Correlation graph' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Hypotheses' })).toContainText('is the cause');

  await expect(card(page)).toContainText('Blast radius');
  await expect(card(page)).toContainText('unchanged');
  await card(page).getByRole('button', { name: 'Approve' }).click();
  const approve = confirmation(page).getByRole('button', { name: 'Approve' });
  await expect(approve).toBeDisabled();
  await confirmation(page)
    .getByRole('textbox')
    .fill(await askedName(page));
  await approve.click();

  await expect(card(page)).toContainText('Intent recorded');
  await expect(card(page)).toContainText('Improved', { timeout: 45_000 });
  await expect(card(page).getByRole('button', { name: 'Back out' })).toBeEnabled();
  await expect(page.getByRole('status', { name: 'Ledger' })).toContainText('✓');

  await page.getByRole('link', { name: 'Report' }).click();
  await expect(page.getByRole('article', { name: 'Report draft' })).toContainText('Outcome improved');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export report' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.md$/);
});

test('a whole drill by keyboard alone: from its start over what is read to an approval that helped, its close and the exported report', async ({
  app,
  page,
}) => {
  test.slow();
  const { keyboard } = page;
  const command = async (words: string) => {
    await keyboard.press('Control+k');
    await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
    await keyboard.type(words);
    await keyboard.press('Enter');
  };
  await fixSeed(page);
  await page.goto(app.url);
  await expect(page.getByRole('button', { name: 'Run a drill' }).first()).toBeVisible();
  await command('run a drill');
  await expect(page.getByRole('dialog', { name: 'Run a drill' }).getByRole('radio').first()).toBeFocused();
  await keyboard.press('Enter');

  await expect(card(page)).toContainText('unchanged', { timeout: 45_000 });
  await keyboard.press('g');
  await keyboard.press('t');
  await expect(page.getByRole('feed').locator('article:focus')).toHaveCount(1);
  await keyboard.press('k');
  await keyboard.press(']');
  await expect(page.locator('.candidate-head[aria-expanded=true]')).toBeFocused();
  await keyboard.press('a');
  await expect(confirmation(page)).toBeVisible();
  await keyboard.type(await askedName(page));
  await keyboard.press('Enter');
  await expect(card(page)).toContainText('Improved', { timeout: 45_000 });
  await command('close the incident');
  const close = page.getByRole('dialog', { name: 'Close the incident?' });
  await expect(close.getByRole('textbox', { name: 'Reason' })).toBeFocused();
  await keyboard.type('The rollback helped');
  await keyboard.press('Enter');
  await expect(close).toBeHidden();
  await expect(page.getByRole('banner')).toContainText('Closed');
  await keyboard.press('g');
  await keyboard.press('r');
  await expect(page.getByRole('article', { name: 'Report draft' })).toContainText('Outcome improved');
  const download = page.waitForEvent('download');
  await command('export the report');
  expect((await download).suggestedFilename()).toMatch(/\.md$/);
});

test('stop wins: it voids the open offer, says who stopped, and it stays so after a reload', async ({
  app,
  page,
}) => {
  await startDrill(page, app.url);
  await expect(card(page)).toContainText('unchanged', { timeout: 45_000 });
  await page.getByRole('button', { name: 'Stop everything' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop now' }).click();
  await expect(
    page
      .getByRole('alert')
      .filter({ hasText: /stopped/i })
      .first(),
  ).toBeVisible();
  await expect(card(page)).toContainText(/stopped/i);
  await expect(card(page).getByRole('button', { name: 'Approve' })).toBeDisabled();
  await page.reload();
  await expect(
    page
      .getByRole('alert')
      .filter({ hasText: /stopped/i })
      .first(),
  ).toBeVisible();
});

test('everything is there again after a reload', async ({ app, page }) => {
  await startDrill(page, app.url);
  await expect(card(page)).toContainText('unchanged', { timeout: 45_000 });
  await page.reload();
  await expect(card(page)).toContainText('unchanged');
  await expect(page.getByRole('region', { name: 'Hypotheses' })).toContainText('is the cause');
});
