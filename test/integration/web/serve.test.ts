import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lockDataDir } from '../../../electron/platform/instance-lock.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { tinyScreen } from './loopback-bench.ts';

/** An installation with the real resources and a screen of one page, so that nothing must be built first. */
function installation(): string {
  const root = newDataDir();
  symlinkSync(resolve('resources'), join(root, 'resources'));
  writeFileSync(join(root, 'package.json'), readFileSync('package.json'));
  tinyScreen(join(root, 'dist', 'renderer'));
  return root;
}

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function serve(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['electron/serve.ts', '--no-open', ...args], {
    env: { ...process.env, COUNTERSIGN_ROOT: installation(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  const ended: Promise<number | null> = once(child, 'close').then(([code]) => code);
  return { child, said, ended };
}

const READY = /^Countersign is ready at (http:\/\/127\.0\.0\.1:\d+\/)#token=([\w-]{43})\n$/;

async function ready(args: string[] = [], env: Record<string, string> = {}) {
  const dataDir = newDataDir();
  const running = serve(['--port', '0', '--data-dir', dataDir, ...args], env);
  await eventually('the ready line', () => running.said.out.includes('\n'));
  const [, address = '', token = ''] = READY.exec(running.said.out) ?? [];
  return { ...running, dataDir, address, token, port: new URL(address).port };
}

const logOf = (dataDir: string) =>
  readdirSync(join(dataDir, 'logs'))
    .map((file) => readFileSync(join(dataDir, 'logs', file), 'utf8'))
    .join('');

async function signIn(address: string, token: string) {
  const { origin } = new URL(address);
  return fetch(`${origin}/session`, {
    method: 'POST',
    headers: { origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
}

it('prints one line with a link that signs in, and answers calls of the real host', async () => {
  const { address, token, said } = await ready();
  expect(said.out).toMatch(READY);
  const { tab } = (await (await signIn(address, token)).json()) as { tab: string };
  const { origin } = new URL(address);
  const reply = await fetch(`${origin}/call`, {
    method: 'POST',
    headers: {
      origin,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/json',
      'x-countersign-tab': tab,
    },
    body: JSON.stringify({ name: 'host.status', input: {} }),
  });
  expect(await reply.json()).toMatchObject({ ok: true, value: { shell: 'web' } });
});

it('prints another link for a line on standard input, and the older one is void', async () => {
  const { child, said, address, token } = await ready();
  child.stdin.write('\n');
  await eventually('another link', () => said.out.split('\n').length === 3);
  const another = /link: http:\S+#token=(\S+)/.exec(said.out)?.[1] ?? '';
  expect((await signIn(address, token)).status).toBe(401);
  expect((await signIn(address, another)).status).toBe(200);
});

describe('stops with exit code 0 and leaves the directory free', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('on %s', async (signal) => {
    const { child, ended, dataDir, said } = await ready();
    child.kill(signal);
    expect({ code: await ended, err: said.err }).toEqual({ code: 0, err: '' });
    lockDataDir(dataDir).release();
    expect(existsSync(join(dataDir, 'instance.pid'))).toBe(false);
  });

  it('when told twice', async () => {
    const { child, ended } = await ready();
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it('when its launcher is gone and asked for that', async () => {
    const { child, ended } = await ready([], { COUNTERSIGN_STOP_WITH_STDIN: '1' });
    child.stdin.end();
    expect(await ended).toBe(0);
  });
});

it('runs on when standard input closes and nobody asked for more', async () => {
  const { child, address } = await ready();
  child.stdin.end();
  await once(child.stdin, 'close');
  expect((await fetch(address)).status).toBe(200);
  expect(child.exitCode).toBeNull();
});

it('keeps tokens and the passphrase out of its log and its other words', async () => {
  const passphrase = 'a passphrase of the test';
  const { child, ended, dataDir, address, token, said } = await ready([], {
    COUNTERSIGN_PASSPHRASE: passphrase,
    COUNTERSIGN_LOG_LEVEL: 'debug',
  });
  const { tab } = (await (await signIn(address, token)).json()) as { tab: string };
  await signIn(address, token);
  child.kill('SIGINT');
  await ended;
  const log = logOf(dataDir);
  expect(log).toContain('"msg":"ready"');
  for (const secret of [passphrase, token, tab]) {
    expect(log).not.toContain(secret);
    expect(said.err).not.toContain(secret);
  }
});

describe('does not start', () => {
  /** A few lines for the person, never a stack. */
  const toldPlainly = (err: string) => {
    expect(err).not.toMatch(/^\s+at |Error:/m);
    expect(err.trim().split('\n').length).toBeLessThanOrEqual(3);
  };

  it('twice on one data directory: 3', async () => {
    const { dataDir, child } = await ready();
    const second = serve(['--data-dir', dataDir]);
    expect(await second.ended).toBe(3);
    expect(second.said.err).toContain(`process ${child.pid}`);
    expect(second.said.out).toBe('');
    toldPlainly(second.said.err);
  });

  it('on a port that is taken: 3, and the directory is free again', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const dataDir = newDataDir();
    const { ended, said } = serve(['--port', String(port), '--data-dir', dataDir]);
    expect(await ended).toBe(3);
    expect(said.err).toContain(`Port ${port} on 127.0.0.1 is taken`);
    toldPlainly(said.err);
    lockDataDir(dataDir).release();
    taken.close();
  });

  it('without a screen: 3, saying how to build it', async () => {
    const root = installation();
    const bare = join(root, 'bare');
    mkdirSync(bare);
    symlinkSync(join(root, 'resources'), join(bare, 'resources'));
    writeFileSync(join(bare, 'package.json'), readFileSync('package.json'));
    const { ended, said } = serve(['--data-dir', newDataDir()], { COUNTERSIGN_ROOT: bare });
    expect(await ended).toBe(3);
    expect(said.err).toContain('npm run build');
    toldPlainly(said.err);
  });

  it.each([
    ['a port above 65535', ['--port', '65536']],
    ['a port that is no number', ['--port', 'http']],
    ['a port with a fraction', ['--port', '80.5']],
    ['a negative port', ['--port=-1']],
    ['an empty port', ['--port', '']],
    ['a port that is missing', ['--port']],
    ['an option that there is not', ['--prot', '1']],
    ['a word too many', ['here']],
  ])('with %s: 2', async (_case, args) => {
    const { ended, said } = serve(['--data-dir', newDataDir(), ...args]);
    expect(await ended).toBe(2);
    expect(said.err).toContain('error: ');
    toldPlainly(said.err);
  });

  it('on a data directory that is a file: 2', async () => {
    const file = join(newDataDir(), 'file');
    writeFileSync(file, '');
    const { ended, said } = serve(['--data-dir', file]);
    expect(await ended).toBe(2);
    expect(said.err).toContain('it is a file, not a folder');
    toldPlainly(said.err);
  });

  it('where the log cannot be written: 2', async () => {
    const dataDir = newDataDir();
    writeFileSync(join(dataDir, 'logs'), '');
    const { ended, said } = serve(['--data-dir', dataDir]);
    expect(await ended).toBe(2);
    expect(said.err).toContain('The log cannot be written');
    toldPlainly(said.err);
  });
});

it('explains itself', async () => {
  const { ended, said } = serve(['--help']);
  expect(await ended).toBe(0);
  for (const option of ['--port', '--data-dir', '--no-open']) expect(said.out).toContain(option);
});
