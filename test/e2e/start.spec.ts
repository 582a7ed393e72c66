import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from './fixtures.ts';
import { type Launched, launch } from './launch.ts';

const startScript = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));

/** Ends with the exit code and what was said, whether the start was refused or not. */
async function start(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  try {
    const said = await promisify(execFile)(process.execPath, [startScript, ...args], { timeout: 20_000 });
    return { code: 0, ...said };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

test('the printed link opens the application, which says nothing on the console', async ({ app, page }) => {
  await page.goto(app.url);
  await expect(page.getByRole('button', { name: 'Run a drill' })).toBeVisible();
  expect(page.url()).not.toContain('token');
});

test('the printed link works once', async ({ app, page, browser }) => {
  await page.goto(app.url);
  await expect(page.getByRole('button', { name: 'Run a drill' })).toBeVisible();
  const stranger = await browser.newPage();
  await stranger.goto(app.url);
  await expect(stranger.getByRole('button', { name: 'Run a drill' })).toBeHidden();
  await stranger.close();
});

test('a second start on the same data is refused in one sentence', async ({ app }) => {
  const second = await start('--serve', '--no-open', '--data-dir', app.dataDir);
  expect(second.code).toBe(3);
  expect(second.stdout).toBe('');
  expect(second.stderr.trim().split('\n')).toHaveLength(1);
  expect(second.stderr).toContain(app.dataDir);
});

test('after a clean stop the same data opens again', async () => {
  const first = await launch();
  expect(await first.stop()).toBe(0);
  const second = await launch({ dataDir: first.dataDir });
  expect(await second.stop()).toBe(0);
  await second.removeData();
});

test('after the launcher is killed outright the application ends too and its data opens again', async () => {
  const first = await launch();
  await first.kill();
  let second: Launched | undefined;
  // The lock is free as soon as the application has seen that its launcher is gone.
  await expect(async () => {
    second = await launch({ dataDir: first.dataDir });
  }).toPass({ timeout: 20_000 });
  expect(await second?.stop()).toBe(0);
  await second?.removeData();
});

for (const [args, part] of [
  [['--sereve'], '--sereve'],
  [['--port'], '--port'],
  [['--port', 'eighty'], 'eighty'],
  [['--port', '65536'], '65536'],
  [['--port', '-1'], '--port'],
  [['--data-dir'], '--data-dir'],
  [['surprise'], 'surprise'],
] as const) {
  test(`start ${args.join(' ')} is refused in one sentence before anything happens`, async () => {
    const { code, stdout, stderr } = await start(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(part);
  });
}
