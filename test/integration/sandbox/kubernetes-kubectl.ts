import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'vitest';
import type { Sandbox } from '../../../electron/sandbox/sandbox.ts';

export type Ran = { code: number | null; stdout: string; stderr: string };

/** The real kubectl against a sandbox, with a kubeconfig, caches and a home of its own. */
export type Kubectl = {
  run(...args: string[]): Promise<Ran>;
  /** Its standard output; a failure of the command is an error with what it said. */
  ok(...args: string[]): Promise<string>;
  /** Its standard error; a success of the command is an error. */
  refused(...args: string[]): Promise<string>;
  /** Goes on by itself until stopped; `seen` is what it has written so far. */
  follow(...args: string[]): { seen: () => string; until: (text: RegExp) => Promise<void>; stop: () => void };
  close(): void;
};

/** Where kubectl is a test runs with it; elsewhere it is skipped by name, except in CI, where it fails. */
export const testWithKubectl = test.extend<{ kubectlIsThere: undefined }>({
  kubectlIsThere: [
    async ({ task: _task, skip }: TestContext, use: (value: undefined) => Promise<void>) => {
      const missing = programOrNull() === null;
      if (missing && process.env['CI'] !== 'true') skip(because);
      if (missing) throw new Error(because);
      await use(undefined);
    },
    { auto: true },
  ],
});

const because = 'kubectl is on no folder of PATH';

function programOrNull(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, 'kubectl')).find(isExecutable);
  return found ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

type Access = Pick<Sandbox['kubernetes'], 'url' | 'token' | 'caData'>;

export function kubectlFor({ kubernetes }: { kubernetes: Access }): Kubectl {
  const home = mkdtempSync(join(tmpdir(), 'kubectl-'));
  const config = join(home, 'config.json');
  writeFileSync(config, JSON.stringify(kubeconfigOf(kubernetes)));
  const running = new Set<ChildProcess>();

  function start(args: readonly string[]) {
    const program = programOrNull();
    if (program === null) throw new Error(because);
    const child = spawn(program, args, {
      env: { HOME: home, KUBECONFIG: config, PATH: process.env['PATH'] ?? '' },
    });
    running.add(child);
    const ran: Ran = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      ran.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      ran.stderr += text;
    });
    const done = new Promise<Ran>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        running.delete(child);
        resolve({ ...ran, code });
      });
    });
    return { child, ran, done };
  }

  const run = (...args: string[]) => start(args).done;
  return {
    run,
    async ok(...args) {
      const { code, stdout, stderr } = await run(...args);
      if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
      return stdout;
    },
    async refused(...args) {
      const { code, stdout, stderr } = await run(...args);
      if (code === 0) throw new Error(`kubectl ${args.join(' ')} was not refused: ${stdout}`);
      return stderr;
    },
    follow(...args) {
      const { child, ran, done } = start(args);
      done.catch(() => {});
      return {
        seen: () => ran.stdout,
        async until(text) {
          const deadline = Date.now() + 10_000;
          while (!text.test(ran.stdout)) {
            if (Date.now() > deadline) throw new Error(`${text} did not come: ${ran.stdout}${ran.stderr}`);
            await new Promise((next) => setTimeout(next, 20));
          }
        },
        stop: () => child.kill(),
      };
    },
    close() {
      for (const child of running) child.kill();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const kubeconfigOf = ({ url, token, caData }: Access) => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'sandbox', cluster: { server: url, 'certificate-authority-data': caData } }],
  users: [{ name: 'drill', user: { token } }],
  contexts: [{ name: 'drill', context: { cluster: 'sandbox', user: 'drill', namespace: 'shop' } }],
  'current-context': 'drill',
});
