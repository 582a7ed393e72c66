import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base, expect } from '@playwright/test';
import { app, ipcRenderer, powerMonitor, recorded } from '../fixtures/electron-stand-in.ts';
import { type DesktopShell, type PreloadApi, SCREEN, startDesktopShell } from './desktop-shell.ts';

const test = base.extend<{ dataDir: string; shell: DesktopShell; complaints: string[] }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures this one needs.
  dataDir: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-desktop-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  shell: async ({ dataDir }, use) => {
    const shell = await startDesktopShell(dataDir);
    await use(shell);
    expect(await shell.quit()).toBe(0);
  },
  complaints: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await use(complaints);
    expect(complaints, 'errors in the console of the page').toEqual([]);
  },
});

test('the screen runs on the preload bridge under the strict policy', async ({ shell, page, complaints }) => {
  await shell.show(page);
  await expect(page.getByRole('button', { name: 'Run a drill' }).first()).toBeVisible();
  expect(page.url()).toContain(SCREEN);
  expect(complaints).toEqual([]);
});

test('the host behind it knows that it is the desktop', async ({ shell, page }) => {
  await shell.show(page);
  const reply = await page.evaluate(() =>
    (globalThis as unknown as { countersign: PreloadApi }).countersign.call('host.status', {}),
  );
  expect(reply).toMatchObject({ ok: true, value: { shell: 'desktop' } });
});

test('what changes in the host reaches the screen by itself', async ({ shell, page, complaints }) => {
  await shell.show(page);
  await expect(page.getByRole('button', { name: 'Run a drill' }).first()).toBeVisible();
  const answer = page.evaluate(
    () =>
      new Promise<unknown>((resolve) => {
        const { countersign } = globalThis as unknown as { countersign: PreloadApi };
        countersign.subscribe(resolve);
        void countersign.call('settings.setPerson', { name: 'Mina' });
      }),
  );
  expect(await answer).toMatchObject({ event: { name: 'status.changed', status: { person: 'Mina' } } });
  expect(complaints).toEqual([]);
});

test('the host hears of it when the machine wakes', async ({ shell, page }) => {
  await shell.show(page);
  expect(recorded.exitCodes).toEqual([]);
  expect(powerMonitor.listenerCount('resume')).toBe(1);
  powerMonitor.emit('resume');
  await expect(page.getByRole('button', { name: 'Run a drill' }).first()).toBeVisible();
});

test('a bad call comes back as a value, as from any shell', async ({ shell, page }) => {
  await shell.show(page);
  const reply = await page.evaluate(() =>
    (globalThis as unknown as { countersign: PreloadApi }).countersign.call('vault.readEverything', {}),
  );
  expect(reply).toMatchObject({ ok: false, code: 'unknown_command' });
});

test('the built preload script asks for nothing but electron, as its sandbox demands', async ({ shell }) => {
  expect(shell.preloadLoaded).toEqual(['electron']);
});

test('the window is confined before it opens', async ({ shell: _shell }) => {
  const [window] = recorded.windows;
  expect(recorded.sandboxed).toBe(true);
  expect(recorded.windows).toHaveLength(1);
  expect(window?.options.webPreferences).toMatchObject({ contextIsolation: true, sandbox: true });
  expect(window?.options.webPreferences['preload']).toMatch(/dist\/electron\/preload\.cjs$/);
  expect(window?.webContents.allows('will-navigate', { url: 'https://evil.test/' })).toBe(false);
  expect(window?.webContents.openHandler?.({ url: 'https://evil.test/' })).toEqual({ action: 'deny' });
});

test('a second start on the same data says so, opens nothing and ends with 3', async ({ dataDir }) => {
  const second = await startDesktopShell(dataDir, { isFirstInstance: false });
  second.release();
  expect(recorded.exitCodes).toEqual([3]);
  expect(recorded.windows).toHaveLength(0);
  expect(recorded.errorBoxes).toEqual([expect.stringContaining('already open')]);
});

test('a second start with a link hands it over and ends without a word', async ({ dataDir }) => {
  process.argv.push('countersign://incident/inc-1');
  try {
    const second = await startDesktopShell(dataDir, { isFirstInstance: false });
    second.release();
  } finally {
    process.argv.pop();
  }
  expect(recorded.exitCodes).toEqual([0]);
  expect(recorded.errorBoxes).toEqual([]);
  expect(recorded.windows).toHaveLength(0);
});

test('a drill is told of, stands in the tray, and a link leads to its room in another window', async ({
  shell,
  page,
}) => {
  await shell.show(page);
  const reply = await page.evaluate(() =>
    (globalThis as unknown as { countersign: PreloadApi }).countersign.call('drills.start', {
      scenario: 'bad-deploy',
    }),
  );
  const incident = (reply as { value: { id: string; title: string } }).value;
  await expect.poll(() => recorded.trays[0]?.toolTip).toContain('1 incident open');
  await expect.poll(() => recorded.notifications[0]?.options.title).toContain('New incident');
  app.emit('second-instance', {}, [`countersign://incident/${incident.id}`], '/');
  await expect.poll(() => recorded.windows[0]?.url).toBe(`app://countersign/#/room/${incident.id}`);
});

test('a window that is left maximised comes back so, on the ground of the theme', async ({ dataDir }) => {
  const first = await startDesktopShell(dataDir);
  Object.assign(recorded.windows[0] ?? {}, {
    bounds: { x: 40, y: 30, width: 1_200, height: 800 },
    maximised: true,
  });
  await ipcRenderer.invoke('countersign:call', 'settings.setTheme', { theme: 'light' });
  expect(await first.quit()).toBe(0);
  const second = await startDesktopShell(dataDir);
  const [window] = recorded.windows;
  expect(window?.bounds).toEqual({ x: 40, y: 30, width: 1_200, height: 800 });
  expect(window?.maximised).toBe(true);
  expect(window?.options['backgroundColor']).toBe('#eef0f3');
  expect(await second.quit()).toBe(0);
});

test('a start on data that another shell works on says who does, and ends with 3', async ({
  dataDir,
  shell: _shell,
}) => {
  const before = recorded.windows.length;
  expect(before).toBe(1);
  const lock = await startServing(dataDir);
  expect(lock.code).toBe(3);
  expect(lock.said).toContain(`Countersign already runs on ${dataDir}`);
});

test('a data directory that cannot be used ends with 2 and a sentence', async ({ dataDir }) => {
  const file = join(dataDir, 'file');
  await writeFile(file, '');
  const shell = await startDesktopShell(file);
  shell.release();
  expect(recorded.exitCodes).toEqual([2]);
  expect(recorded.errorBoxes).toEqual([expect.stringContaining('it is a file, not a folder')]);
});

/** The web shell on the same data, as somebody else would start it. */
function startServing(dataDir: string): Promise<{ code: number | null; said: string }> {
  const serve = fileURLToPath(new URL('../../dist/electron/serve.cjs', import.meta.url));
  const child = spawn(process.execPath, [serve, '--no-open', '--data-dir', dataDir]);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}
