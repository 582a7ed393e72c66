import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/**
 * What axe finds with all its rules on a page as it stands, in words.
 *
 * It runs in the page itself and tells violations only. Otherwise each look opens a second page, loads axe three times
 * over and carries every element that passed from one page to the other: some seconds instead of half a one, for the same
 * findings. What it could not do there is to look into frames of another origin, so there must be none.
 */
export async function violations(page: Page): Promise<string[]> {
  expect(page.frames(), 'a page without frames').toHaveLength(1);
  const isLoaded = await page.evaluate(() => 'axe' in window);
  const axe = new AxeBuilder({ page, ...(isLoaded ? { axeSource: 'void "loaded"' } : {}) });
  const { violations: found } = await axe
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
    .analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
