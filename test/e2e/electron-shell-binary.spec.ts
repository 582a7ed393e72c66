import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, expect, test } from '@playwright/test';
import { electronBinary } from '../../scripts/electron-binary.mjs';

const executablePath = electronBinary();
const application = fileURLToPath(new URL('../..', import.meta.url));

/** What the stand-in cannot show: the real sandbox, the real scheme, the real isolation. Runs wherever the binary is. */
test('the desktop application opens its window, confined [needs the Electron binary]', async () => {
  test.skip(executablePath === null, 'the Electron binary is not in node_modules/electron/dist');
  const dataDir = await mkdtemp(join(tmpdir(), 'countersign-electron-'));
  // Chromium's own sandbox does not run as root, which is whom containers run tests as.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const desktop = await _electron.launch({
    executablePath: executablePath ?? '',
    args: [...asRoot, application, '--data-dir', dataDir],
  });
  try {
    const page = await desktop.firstWindow();
    await expect(page.getByRole('button', { name: 'Run a drill' }).first()).toBeVisible();
    expect(await page.evaluate(() => location.origin)).toBe('app://countersign');
    expect(await page.evaluate(() => [typeof Reflect.get(globalThis, 'require'), typeof process])).toEqual([
      'undefined',
      'undefined',
    ]);
    expect(await page.evaluate(() => globalThis.open('https://countersign.invalid/') === null)).toBe(true);
    const reached = await page.evaluate(() =>
      fetch('https://countersign.invalid/').then(Boolean, () => false),
    );
    expect(reached).toBe(false);
  } finally {
    await desktop.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});
