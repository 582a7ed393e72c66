/**
 * `npm run looks -- <folder>`: a picture of every place at three sizes in both themes, for whoever looks it over: with
 * nothing in it, with a drill that was played, with very long names, and with a hundred thousand events. `--only <word>`
 * keeps to pictures whose name holds the word. Everything comes from the real host.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright';
import { createHost } from '../../electron/host/create-host.ts';
import { silentLogger } from '../../electron/platform/logger.ts';
import { openLoopbackServer } from '../../electron/web/loopback-server.ts';
import { findChromium } from '../../scripts/obtain-chromium.mjs';
import { seedRoom } from '../bench/room/seeded-room.ts';
import { lengthen } from './long-names.ts';

const SIZES = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 2560, height: 1440 },
];
const THEMES = ['dark', 'light'] as const;
const PLACES = ['Incidents', 'Report', 'Ledger', 'Envelope', 'Settings'];
const TABS = ['Metrics', 'Analyst', 'Memory', 'Correlation'];
const MANY = 100_000;

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const { values: options, positionals } = parseArgs({
  options: { only: { type: 'string', default: '' } },
  allowPositionals: true,
});
const folder = positionals[0];
if (folder === undefined) throw new Error('Say where the pictures go: npm run looks -- <folder>');
mkdirSync(folder, { recursive: true });

const dataDir = mkdtempSync(join(tmpdir(), 'countersign-looks-'));
const host = await createHost({
  dataDir,
  shell: 'web',
  version: 'looks',
  resourcesDir: at('resources'),
  logger: silentLogger,
});
/** While it is true, every name that the host tells is a long one. */
let isLong = false;
const server = await openLoopbackServer({
  host: {
    ...host,
    dispatch: async (name, input) => {
      const reply = await host.dispatch(name, input);
      return isLong ? lengthen(reply) : reply;
    },
  },
  port: 0,
  rendererDir: at('dist/renderer'),
  logger: silentLogger,
});
const browser = await chromium.launch({
  ...executable(findChromium()),
  args: ['--disable-gpu', '--disable-quic'],
});
try {
  await look(browser, server.url);
} finally {
  await browser.close();
  await server.close();
  await host.close();
  rmSync(dataDir, { recursive: true, force: true });
}

async function look(inBrowser: Browser, url: string): Promise<void> {
  const page = await inBrowser.newPage({ reducedMotion: 'reduce' });
  await page.goto(url);
  await page.getByRole('heading', { name: 'Incidents' }).first().waitFor();
  await everyPlace(page, 'empty');

  await go(page, 'Incidents');
  await page.getByRole('button', { name: 'New incident' }).first().click();
  await page.getByRole('textbox', { name: 'Title' }).fill('Nothing was heard of this yet');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Timeline' }).waitFor();
  await taken(page, 'quiet-room');

  await go(page, 'Incidents');
  await page.getByRole('button', { name: 'Run a drill' }).first().click();
  await page.getByRole('button', { name: 'Start the drill' }).click();
  await page
    .getByRole('article', { name: /^Proposal: / })
    .getByText('unchanged')
    .waitFor({ timeout: 90_000 });
  const room = new URL(page.url()).hash;
  await everyTab(page, 'drill');
  await everyPlace(page, 'drill');

  isLong = true;
  await page.reload();
  await page.evaluate((hash) => location.assign(hash), room);
  await page
    .getByRole('article', { name: /^Proposal: / })
    .first()
    .waitFor();
  await everyTab(page, 'long');
  await everyPlace(page, 'long');
  isLong = false;

  const incident = seedRoom(dataDir, MANY, Date.now());
  await page.reload();
  await page.evaluate((id) => location.assign(`#/room/${id}`), incident);
  await page
    .getByRole('region', { name: 'Timeline' })
    .getByText(/^100\D000$/)
    .waitFor();
  await taken(page, 'many-room');
}

async function everyTab(page: Page, name: string): Promise<void> {
  for (const tab of TABS) {
    await page.getByRole('tab', { name: tab }).click();
    await page.getByRole('region', { name: tab }).first().waitFor();
    await taken(page, `${name}-room-${tab.toLowerCase()}`);
  }
}

async function everyPlace(page: Page, name: string): Promise<void> {
  for (const place of PLACES) {
    await go(page, place);
    await taken(page, `${name}-${place.toLowerCase()}`);
  }
}

async function go(page: Page, place: string): Promise<void> {
  await page.getByRole('link', { name: place, exact: true }).first().click();
  await page.waitForLoadState('networkidle');
}

/** One picture for each size and theme. */
async function taken(page: Page, name: string): Promise<void> {
  for (const size of SIZES) {
    for (const colorScheme of THEMES) {
      const picture = `${name}-${size.width}-${colorScheme}`;
      if (!picture.includes(options.only)) continue;
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      // Two frames: one to lay out at the new size, one for what measures itself.
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      await page.screenshot({ path: join(folder ?? '.', `${picture}.png`) });
    }
  }
}

/** Without one Playwright's own is taken. */
function executable(path: string | undefined): { executablePath?: string } {
  return path === undefined ? {} : { executablePath: path };
}
