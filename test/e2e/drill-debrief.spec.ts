import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const card = (page: Page) => page.getByRole('article', { name: /^Proposal: Roll back/ });
const bar = (page: Page) => page.getByRole('region', { name: 'Drill', exact: true });

async function startDrill(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: 'Run a drill' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Run a drill' });
  await dialog.getByText('More', { exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Seed' }).fill('7');
  await dialog.getByRole('button', { name: 'Start the drill' }).click();
  await expect(card(page)).toContainText('unchanged', { timeout: 45_000 });
}

async function approve(page: Page): Promise<void> {
  await card(page).getByRole('button', { name: 'Approve' }).click();
  const dialog = page.getByRole('dialog', { name: 'Confirm approval' });
  const box = dialog.getByRole('textbox', { name: /^Type \S+ to confirm$/ });
  const label = await box.evaluate((element: HTMLInputElement) => element.labels?.[0]?.textContent ?? '');
  await box.fill(/^Type (\S+) to confirm$/.exec(label)?.[1] ?? '');
  await dialog.getByRole('button', { name: 'Approve' }).click();
}

/** The time of the incident as the top bar tells it. */
const elapsed = (page: Page) => page.getByTitle('Time since the incident was opened').innerText();

test('a drill is paused, goes on, is ended after a question, and its debrief is read and found again', async ({
  app,
  page,
}) => {
  test.slow();
  await startDrill(page, app.url);
  await expect(bar(page)).toContainText('DRILL');

  await bar(page).getByRole('button', { name: 'Pause' }).click();
  await expect(bar(page).getByRole('status')).toHaveText('Paused: drill time stands still');
  const stoodAt = await elapsed(page);
  await page.waitForTimeout(2_500);
  expect(await elapsed(page)).toBe(stoodAt);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('resume the drill');
  await page.keyboard.press('Enter');
  await expect(bar(page).getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect.poll(() => elapsed(page)).not.toBe(stoodAt);

  await bar(page).getByRole('button', { name: '5×' }).click();
  await expect(bar(page).getByRole('button', { name: '5×' })).toHaveAttribute('aria-pressed', 'true');
  await approve(page);
  await expect(card(page)).toContainText('Improved', { timeout: 45_000 });

  await bar(page).getByRole('button', { name: 'End drill' }).click();
  const question = page.getByRole('dialog', { name: 'End the drill?' });
  await question.getByRole('button', { name: 'Go on playing' }).click();
  await expect(bar(page).getByRole('button', { name: 'End drill' })).toBeVisible();
  await bar(page).getByRole('button', { name: 'End drill' }).click();
  await question.getByRole('button', { name: 'End the drill' }).click();

  await expect(page.getByRole('heading', { name: 'Debrief', level: 1 })).toBeVisible();
  await expect(page).toHaveURL(/#\/drills\/[^/]+\/debrief$/);
  await expect(page.getByRole('region', { name: 'Score' })).toContainText('of 100');
  await expect(page.getByRole('region', { name: 'Times' })).toContainText('First correct hypothesis');
  // The cluster and the delivery pipeline both tell of the release; whoever is heard first has named it.
  const released = /rolled out|upgraded to/;
  await expect(page.getByRole('region', { name: 'What really happened' })).toContainText(released);
  await expect(page.getByRole('region', { name: 'What helped' })).toContainText('Roll back');
  const lanes = page.getByRole('region', { name: 'What happened against what was done' });
  await expect(lanes.getByRole('row', { name: /(rolled out|upgraded to).*The cause/ })).toBeVisible();
  await expect(lanes.getByRole('row', { name: /Outcome improved.*Helped/ })).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as Markdown' }).click();
  expect((await download).suggestedFilename()).toMatch(/-debrief\.md$/);

  await page.getByRole('link', { name: 'Incidents', exact: true }).click();
  await page.getByRole('link', { name: /^Debrief: \d+$/ }).click();
  await expect(page.getByRole('region', { name: 'Score' })).toContainText('of 100');
  await page.getByRole('button', { name: 'Run another drill' }).click();
  await expect(page.getByRole('dialog', { name: 'Run a drill' })).toContainText(/best \d+ of 1 drill/);
});

test('who asks for the debrief of a drill that is being played is told to wait', async ({ app, page }) => {
  await startDrill(page, app.url);
  await expect(page).toHaveURL(/#\/room\/./);
  const incident = page.url().split('/').at(-1);
  await page.evaluate((id) => {
    location.hash = `#/drills/${id}/debrief`;
  }, incident);
  await expect(page.getByRole('alert')).toContainText('The debrief comes when the drill has ended');
});
