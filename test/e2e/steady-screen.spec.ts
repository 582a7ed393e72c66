import type { Locator } from '@playwright/test';
import { expect, startDrill, test } from './room-with-fake-host.ts';

test.describe('a window of 1280 × 720 at 200 %', () => {
  test.use({ viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 });

  test('shows what is said of the incident beside each other, and every place', async ({ app }) => {
    await app.getByRole('button', { name: 'Run a drill' }).click();
    await app.getByRole('button', { name: 'Start the drill' }).click();
    const bar = app.getByRole('banner');
    await expect(bar).toContainText('SEV');
    expect(await overlaps(bar)).toEqual([]);
    const last = app.getByRole('link', { name: 'Settings' });
    await last.scrollIntoViewIfNeeded();
    await expect(last).toBeInViewport({ ratio: 1 });
  });
});

test('an export moves nothing under the pointer', async ({ app }) => {
  await app.setViewportSize({ width: 1280, height: 720 });
  await startDrill(app);
  await app.getByRole('link', { name: 'Report' }).click();
  const button = app.getByRole('button', { name: 'Export report' });
  await expect(app.getByRole('article', { name: 'Report draft' })).toBeVisible();
  const before = await button.boundingBox();
  await button.click();
  await expect(app.getByRole('status').filter({ hasText: 'Saved as' })).toBeVisible();
  expect(await button.boundingBox()).toEqual(before);
});

/** Pairs of what is written or pressed in an element that lie on each other. */
function overlaps(within: Locator): Promise<string[]> {
  return within.evaluate((bar) => {
    const parts = [...bar.querySelectorAll('a, button, strong, .chip, .top-bar-fact, .top-bar-ledger')]
      .map((part) => ({ words: part.textContent ?? '', box: part.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0);
    return parts.flatMap(({ words, box }, place) =>
      parts
        .slice(place + 1)
        .filter(
          ({ box: other }) =>
            Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1 &&
            Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 1,
        )
        .map((other) => `${words} and ${other.words}`),
    );
  });
}
