import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const READY_WITHIN_MS = 30_000;
const startScript = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));

export type Launched = {
  /** The address with the one-time token: whoever opens it first is signed in. */
  url: string;
  dataDir: string;
  /** As Ctrl-C does. Gives the exit code; throws when it is not 0, so that no test ends over an unclean stop. */
  stop(): Promise<number>;
  /** As a power cut does: nothing gets to say goodbye. */
  kill(): Promise<void>;
  /** What it wrote on standard output and standard error so far. */
  output(): string;
  removeData(): Promise<void>;
};

/** Starts the application as a person does; `dataDir` to start again where an earlier one stopped. */
export async function launch({
  dataDir,
  args = [],
}: {
  dataDir?: string;
  args?: string[];
} = {}): Promise<Launched> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'countersign-e2e-')));
  const child = spawn(
    process.execPath,
    [startScript, '--serve', '--no-open', '--port', '0', '--data-dir', folder, ...args],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Its own stop with this process: a test runner that is killed leaves no application behind.
      env: { ...process.env, COUNTERSIGN_STOP_WITH_STDIN: '1' },
    },
  );
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  let output = '';

  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`Countersign was not ready after ${READY_WITHIN_MS / 1_000} s:\n${output}`));
    }, READY_WITHIN_MS);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /^Countersign is ready at (http:\/\/127\.0\.0\.1:\d+\/#token=\S+)$/m.exec(output)?.[1];
      if (found === undefined) return;
      clearTimeout(late);
      resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((code) => {
      clearTimeout(late);
      reject(new Error(`Countersign ended with ${code} before it was ready:\n${output}`));
    });
  });

  return {
    url,
    dataDir: folder,
    output: () => output,
    async stop() {
      child.kill('SIGINT');
      const code = await ended;
      if (code !== 0) throw new Error(`Countersign ended with ${code}:\n${output}`);
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    removeData: () => rm(folder, { recursive: true, force: true }),
  };
}
