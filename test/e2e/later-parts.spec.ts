import type { Page } from '@playwright/test';
import { expect, test } from './room-with-fake-host.ts';

/** From now on no more of the screen is to be had; gives what has it again. */
async function withholdFiles(app: Page, files: RegExp): Promise<() => Promise<void>> {
  await app.route(files, (route) => route.abort());
  return () => app.unroute(files);
}

const PLACES = ['Room', 'Report', 'Ledger', 'Envelope', 'Settings', 'Incidents'];
const place = (app: Page, name: string) =>
  app.getByRole('navigation', { name: 'Places' }).getByRole('link', { name });

test('every place is there before somebody goes to it, and none is loaded in their sight', async ({
  app,
  host,
}) => {
  host.openIncident('Slow payments');
  const loaded = () =>
    app.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.replace(/.*\//, '')));
  for (const file of ['room', 'report', 'ledger', 'envelope', 'settings', 'sent', 'debrief', 'incidents'])
    await expect.poll(loaded).toContainEqual(expect.stringMatching(new RegExp(`^${file}-page-.*\\.js$`)));
  await expect.poll(loaded).toContainEqual(expect.stringMatching(/^dialogs-.*\.js$/));
  await app.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    new MutationObserver(() => {
      const text = document.querySelector('main')?.textContent ?? '';
      if (text.includes('Loading this place')) seen.push(text);
    }).observe(document.body, { childList: true, subtree: true });
  });
  const asked: string[] = [];
  app.on('request', (request) => asked.push(request.url()));
  for (const name of PLACES) {
    await place(app, name).click();
    await expect(app.getByRole('heading', { name, level: 1 })).toBeAttached();
  }
  await app.keyboard.press('?');
  await expect(app.getByRole('dialog', { name: 'All keys' })).toBeVisible();
  expect(await app.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);
  expect(asked.filter((url) => /-page-|dialogs-/.test(url))).toEqual([]);
});

for (const colorScheme of ['dark', 'light'] as const)
  test(`before any script has run the frame is seen, ${colorScheme}, and nothing of it moves when it is whole`, async ({
    app,
  }) => {
    await app.emulateMedia({ colorScheme });
    const looks = () =>
      app.evaluate(() => {
        const [bar, rail] = [document.querySelector('.top-bar'), document.querySelector('.navigation')];
        if (!bar || !rail) throw new Error('There is no frame');
        const name = document.createRange();
        const text = document.createTreeWalker(bar, NodeFilter.SHOW_TEXT).nextNode();
        if (text) name.selectNodeContents(text);
        const { x, y, width, height } = name.getBoundingClientRect();
        const of = (element: Element) => {
          const { color, backgroundColor } = getComputedStyle(element);
          return [element.getBoundingClientRect().toJSON(), backgroundColor, color];
        };
        return { says: text?.textContent, name: [x, y, width, height], bar: of(bar), rail: of(rail) };
      });
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await app.route(/\.js$/, async (route) => {
      await released;
      await route.continue();
    });
    const reloaded = app.reload();
    await expect(app.getByText('Countersign', { exact: true })).toBeVisible();
    await expect(place(app, 'Incidents')).toHaveCount(0);
    const before = await looks();
    expect(before.says).toBe('Countersign');
    release();
    await reloaded;
    await expect(place(app, 'Incidents')).toBeVisible();
    expect(await looks()).toEqual(before);
  });

test.describe('what does not come', () => {
  test.use({ expectedComplaint: /net::ERR_FAILED/ });

  test('is said in its place, with a way to try again that works, while the rest goes on', async ({
    app,
  }) => {
    const giveBack = await withholdFiles(app, /assets\/settings-page-/);
    await app.reload();
    await expect(app.getByRole('heading', { name: 'Incidents', level: 1 })).toBeVisible();
    await place(app, 'Settings').click();
    const said = app.getByRole('main').getByRole('alert');
    await expect(said).toContainText('The settings could not be loaded');
    await said.getByRole('button', { name: 'Try again' }).click();
    await expect(said).toContainText('The settings could not be loaded');
    await place(app, 'Ledger').click();
    await expect(app.getByRole('heading', { name: 'Ledger', level: 1 })).toBeVisible();
    await place(app, 'Settings').click();
    await expect(said).toContainText('The settings could not be loaded');
    await giveBack();
    await said.getByRole('button', { name: 'Try again' }).click();
    await expect(app.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible();
  });

  test('is no reason for the stop not to work', async ({ app }) => {
    const giveBack = await withholdFiles(app, /assets\/(dialogs|\w+-page)-/);
    await app.reload();
    await expect(app.getByRole('main').getByRole('alert')).toContainText('The incidents could not be loaded');
    await app.keyboard.press('?');
    const missing = app.getByRole('dialog', { name: 'Not loaded' });
    await expect(missing).toContainText('This dialog could not be loaded');
    await app.keyboard.press('Escape');
    await expect(missing).toBeHidden();
    await app.getByRole('button', { name: 'Stop everything' }).click();
    const stop = app.getByRole('dialog', { name: 'Stop everything?' });
    await stop.getByRole('textbox').fill('Nothing else comes');
    await stop.getByRole('button', { name: 'Stop now' }).click();
    await expect(app.getByText('Everything is stopped.', { exact: true })).toBeVisible();
    await giveBack();
  });
});
