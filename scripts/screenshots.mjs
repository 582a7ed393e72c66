#!/usr/bin/env node
/**
 * `npm run screenshots`: plays a drill as a person would and keeps a picture of every place, in both themes, under
 * docs/images. They are small, so that they can live in the repository.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './obtain-chromium.mjs';
import { at, run } from './places.mjs';
import { prepare } from './prepare.mjs';

const VIEWPORT = { width: 1280, height: 720 };
const THEMES = ['dark', 'light'];
const PLACES = ['Incidents', 'Room', 'Report', 'Ledger', 'Envelope', 'Settings'];

await run(async () => {
  await prepare();
  const { chromium } = await import('playwright');
  const images = at('docs/images');
  mkdirSync(images, { recursive: true });
  const { url, stop } = await started();
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--disable-gpu', '--disable-quic'],
  });
  try {
    const page = await browser.newPage({ viewport: VIEWPORT, colorScheme: 'dark', reducedMotion: 'reduce' });
    const both = async (name) => {
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(300);
        await page.screenshot({ path: join(images, `${name}-${colorScheme}.png`) });
      }
    };
    await page.goto(url);
    await page.getByRole('button', { name: 'Run a drill' }).first().click();
    await page.getByRole('button', { name: 'Start the drill' }).click();
    const card = page.getByRole('article', { name: /^Proposal: / });
    await card.getByText('unchanged').waitFor({ timeout: 60_000 });
    await both('room');
    await card.getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('dialog', { name: 'Confirm approval' });
    await both('approval');
    const label = await dialog.getByRole('textbox').evaluate((box) => box.labels[0].textContent);
    await dialog.getByRole('textbox').fill(label.match(/^Type (\S+) to confirm$/)[1]);
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await card.getByText('Improved').first().waitFor({ timeout: 90_000 });
    await both('outcome');
    for (const tab of ['Metrics', 'Analyst']) {
      await page.getByRole('tab', { name: tab }).click();
      await both(tab.toLowerCase());
    }
    for (const place of PLACES.filter((one) => one !== 'Room')) {
      await page.getByRole('link', { name: place, exact: true }).first().click();
      await page.waitForTimeout(500);
      await both(place.toLowerCase());
    }
  } finally {
    await browser.close();
    await stop();
  }
});

/** The application on a data directory that nobody needs afterwards. */
async function started() {
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-pictures-'));
  const child = spawn(
    process.execPath,
    [at('scripts/start.mjs'), '--serve', '--no-open', '--data-dir', dataDir],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise((resolve) => {
    child.stdout.on('data', (chunk) => resolve(/http:\S+/.exec(chunk.toString())?.[0]));
  });
  return {
    url,
    stop() {
      child.kill('SIGINT');
      return ended;
    },
  };
}
