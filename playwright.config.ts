import { defineConfig } from '@playwright/test';
import { findChromium } from './scripts/obtain-chromium.mjs';

/** One browser, one test at a time: each starts an application of its own, as a person would. */
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  // What was built runs as it is; transforming eight megabytes of it would take seconds of each test that loads it.
  build: { external: ['**/dist/electron/**'] },
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...executable(),
      args: ['--disable-quic', '--disable-gpu'],
    },
  },
});

/** Without one found, Playwright says itself how to get its own. */
function executable(): { executablePath?: string } {
  const path = findChromium();
  return path === undefined ? {} : { executablePath: path };
}
