import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test as base, expect, type Page } from '@playwright/test';
import { rendererFiles } from '../../electron/platform/renderer-files.ts';
import { violations } from './violations.ts';

/**
 * The gallery of a development build, under the policy of the shells. No picture is kept to compare with: fonts and their
 * smoothing differ from machine to machine, and a picture that has to be forgiven its differences shows none. Compared is
 * what must hold on each: two renders are the same to the last pixel, and states and themes that must be told apart differ.
 */
const test = base.extend<{ gallery: Page }, { built: string }>({
  built: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures this one needs.
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'countersign-gallery-'));
      await run(process.execPath, [vite, 'build', '--mode', 'development', '--outDir', folder], {
        cwd: root,
      });
      await use(folder);
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  gallery: async ({ page, built }, use) => {
    await openGallery(page, built);
    await use(page);
  },
});
// A trace keeps a picture of each step, and most of what is done here is taking pictures.
test.use({ viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce', trace: 'off' });

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const vite = join(root, 'node_modules/vite/bin/vite.js');
const HEADING = 'Gallery of components';

async function openGallery(page: Page, folder: string): Promise<void> {
  const files = rendererFiles(folder);
  await page.route('**/*', async (route) => {
    const file = files.find(new URL(route.request().url()).pathname);
    await route.fulfill(file ? { headers: file.headers, body: file.body } : { status: 404 });
  });
  await page.goto('https://countersign.invalid/#/gallery');
  await page.getByRole('heading', { name: HEADING }).waitFor();
  await expect(page.locator('canvas')).toHaveCount(8);
  // As high as what it holds, so that nothing has to be scrolled.
  const height = await page.locator('.gallery').evaluate(({ scrollHeight }) => scrollHeight);
  await page.setViewportSize({ width: 1280, height });
}

const picture = (page: Page, selector: string) =>
  page.locator(selector).screenshot({ animations: 'disabled', caret: 'hide' });

test('shows every component of renderer/ui in both themes, none wider than its place', async ({
  gallery,
}) => {
  const folder = join(root, 'renderer/ui');
  const exported = readdirSync(folder)
    .filter((name) => name.endsWith('.tsx'))
    .flatMap((name) => [
      ...readFileSync(join(folder, name), 'utf8').matchAll(
        /^export (?:function|class|const) ([A-Z][A-Za-z]*)/gm,
      ),
    ])
    .map(([, name]) => name);
  for (const theme of ['dark', 'light']) {
    const shown = await gallery
      .locator(`.gallery-theme[data-theme=${theme}] [data-component]`)
      .evaluateAll((elements) => elements.map((element) => element.getAttribute('data-component')));
    expect(shown.toSorted()).toEqual(exported.toSorted());
  }
  const tooWide = await gallery
    .locator('.gallery-state')
    .evaluateAll((states) =>
      states
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map((state) => state.getAttribute('data-state')),
    );
  expect(tooWide).toEqual([]);
});

test('two renders are the same picture, and the themes are not', async ({ gallery, context, built }) => {
  const again = await context.newPage();
  await openGallery(again, built);
  for (const theme of ['dark', 'light'])
    expect(
      (await picture(again, `.gallery-theme[data-theme=${theme}]`)).equals(
        await picture(gallery, `.gallery-theme[data-theme=${theme}]`),
      ),
      theme,
    ).toBe(true);
  for (const component of ['Button', 'Chip', 'TextField', 'LineChart', 'Failed']) {
    const [dark, light] = ['dark', 'light'].map((theme) =>
      picture(gallery, `.gallery-theme[data-theme=${theme}] [data-component=${component}]`),
    );
    expect((await dark)?.equals((await light) ?? Buffer.of()), component).toBe(false);
  }
});

test('each look of a button and each tone of a chip can be told from every other, and from one disabled', async ({
  gallery,
}) => {
  for (const theme of ['dark', 'light'])
    for (const component of ['Button', 'Chip']) {
      const states = gallery.locator(
        `.gallery-theme[data-theme=${theme}] [data-component=${component}] .gallery-state`,
      );
      const nameOf = new Map<string, string>();
      for (const state of await states.all()) {
        const name = (await state.getAttribute('data-state')) ?? '';
        const look = await state.locator('> div').screenshot({ animations: 'disabled' });
        // All that are disabled may look alike: none of them can be pressed.
        const told = name.endsWith('disabled') ? 'disabled' : name;
        const same = nameOf.get(look.toString('base64')) ?? told;
        expect(same, `${component} in ${theme}`).toBe(told);
        nameOf.set(look.toString('base64'), told);
      }
      expect(nameOf.size).toBeGreaterThan(4);
    }
});

test('axe finds nothing, also in each dialog in each theme', async ({ gallery }) => {
  await expect.poll(() => violations(gallery)).toEqual([]);
  for (const theme of ['dark', 'light'] as const) {
    await gallery.emulateMedia({ colorScheme: theme });
    await gallery.evaluate((chosen) => {
      document.documentElement.dataset['theme'] = chosen;
    }, theme);
    for (const name of ['Open the dialog', 'Open the wide dialog', 'Open the reason dialog']) {
      await gallery.getByRole('button', { name }).first().click();
      const submit = gallery.getByRole('dialog').getByRole('button', { name: 'Stop everything' });
      if ((await submit.count()) > 0) {
        await submit.click();
        await expect(gallery.getByRole('dialog').getByRole('alert')).toHaveText(
          'The ledger cannot be written.',
        );
      }
      expect(await violations(gallery), `${name}, ${theme}`).toEqual([]);
      await gallery.keyboard.press('Escape');
      await expect(gallery.getByRole('dialog')).toHaveCount(0);
    }
  }
});

test('the bundle that is shipped does not hold it', ({ built }) => {
  expect(textsOf(built)).toContain(HEADING);
  expect(textsOf(join(root, 'dist/renderer'))).not.toContain(HEADING);
});

const textsOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
