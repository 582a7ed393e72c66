import { test as base, expect, type Page } from '@playwright/test';
import { type Launched, launch } from './launch.ts';

/**
 * The application as a person starts it, on a data directory of its own, with a browser page beside it. A test fails when
 * the page's console says an error: a broken content security policy shows itself there and nowhere else.
 */
export const test = base.extend<{ app: Launched; page: Page }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures this one needs.
  app: async ({}, use) => {
    const app = await launch();
    await use(app);
    await app.stop();
    await app.removeData();
  },
  // On top of the application, so that the page is gone before it stops and breaks the page's connection.
  page: async ({ app: _app, page }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await use(page);
    expect(complaints, 'errors in the console of the page').toEqual([]);
  },
});

export { expect };
