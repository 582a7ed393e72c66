import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { expect, it } from 'vitest';
import { newDataDir } from '../../fixtures/data-dir.ts';

/** Status of a GET with these headers. */
const statusOf = (url: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

it('opens an environment that every system of it answers from, and closes it when interrupted', async () => {
  const folder = newDataDir();
  const open = spawn(process.execPath, [
    'electron/cli.ts',
    ...['drill', 'open', 'flag-flip', '--seed', '2', '--speed', '5', '--out', folder, '--json'],
  ]);
  const ended = new Promise<number | null>((resolve) => open.once('exit', resolve));
  let text = '';
  const environment = await new Promise<Record<string, never>>((resolve, reject) => {
    open.stdout.on('data', (part: Buffer) => {
      text += part.toString();
      if (text.endsWith('}\n')) resolve(JSON.parse(text));
    });
    open.once('exit', () => reject(new Error('it ended before it was told to')));
  });
  const { prometheus, alertmanager, loki, unleash, kubeconfigs } = environment as unknown as Record<
    string,
    { url: string; token: string } & Record<string, string>
  >;
  const bearer = (token = '') => ({ authorization: `Bearer ${token}` });
  expect(await statusOf(`${prometheus?.url}/api/v1/alerts`, bearer(prometheus?.token))).toBe(200);
  expect(await statusOf(`${alertmanager?.url}/api/v2/alerts`, bearer(alertmanager?.token))).toBe(200);
  expect(await statusOf(`${loki?.url}/loki/api/v1/labels`, bearer(loki?.token))).toBe(200);
  const flags = `${unleash?.url}/api/admin/projects/default/features`;
  expect(await statusOf(flags, { authorization: unleash?.token ?? '' })).toBe(200);
  expect(await statusOf(flags, bearer('nobody'))).toBe(401);
  for (const file of Object.values(kubeconfigs ?? {})) expect(statSync(file).mode & 0o077).toBe(0);
  expect(existsSync(kubeconfigs?.['reader'] ?? '')).toBe(true);
  open.kill('SIGINT');
  expect(await ended).toBe(0);
  await expect(statusOf(`${prometheus?.url}/api/v1/alerts`, {})).rejects.toThrow();
});

it.each([
  [['drill', 'open', 'flag-flop'], 2, /There is no scenario "flag-flop".*flag-flip/],
  [['drill', 'open', 'flag-flip', '--speed', '0'], 2, /--speed.*above 0/],
])('names what is wrong with %j', (args, status, message) => {
  const ran = spawnSync(process.execPath, ['electron/cli.ts', ...args], { encoding: 'utf8' });
  expect(ran.stderr).toMatch(message);
  expect(ran.status).toBe(status);
  expect(ran.stdout).toBe('');
});
