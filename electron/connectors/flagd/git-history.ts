import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A version of a file as git keeps it; `text` is null where the file was not there. */
export type Commit = { hash: string; atMs: number; author: string; text: string | null };

const MOST_COMMITS = 50;
const TIMEOUT_MS = 4_000;
const MOST_BYTES = 5 * 1_048_576;

/**
 * The commits that touched a file, newest first, each with the file as it left it; null where it is in no repository, or
 * there is no git. INVARIANT: the repository is not trusted. Only its objects are read: no configuration of this account, no
 * hook, no monitor, no pager, no filter, no transport is started, and git itself refuses a repository of another account.
 */
export async function gitHistory(
  path: string,
  window: { sinceMs: number } | 'last',
  signal: AbortSignal,
): Promise<Commit[] | null> {
  try {
    const file = await realpath(path);
    const git = gitIn(dirname(file), signal);
    const name = `./${basename(file)}`;
    const bounds =
      window === 'last'
        ? ['--max-count=1']
        : [`--max-count=${MOST_COMMITS}`, `--max-age=${Math.floor(window.sinceMs / 1_000)}`];
    const format = '--format=%H%x00%ct%x00%an';
    const lines = await git('rev-list', ...bounds, '--no-commit-header', format, 'HEAD', '--', name);
    const commits: Commit[] = [];
    for (const line of lines.split('\n')) {
      const [hash = '', seconds, author] = line.split('\0');
      if (!/^[0-9a-f]{40,64}$/.test(hash)) continue;
      const text = await git('cat-file', 'blob', `${hash}:${name}`).catch(absentUnless(signal));
      commits.push({ hash, atMs: Number(seconds) * 1_000, author: author ?? '', text });
    }
    return commits;
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}

/** The file before a commit; null where it was not there. */
export async function gitVersionBefore(
  path: string,
  hash: string,
  signal: AbortSignal,
): Promise<string | null> {
  const file = await realpath(path);
  const git = gitIn(dirname(file), signal);
  return git('cat-file', 'blob', `${hash}^:./${basename(file)}`).catch(absentUnless(signal));
}

const absentUnless = (signal: AbortSignal) => (error: unknown) => {
  if (signal.aborted) throw error;
  return null;
};

const SAFE = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'protocol.allow=never',
  'log.showSignature=false',
  'i18n.logOutputEncoding=UTF-8',
].flatMap((setting) => ['-c', setting]);

function gitIn(folder: string, signal: AbortSignal) {
  return async (...args: string[]): Promise<string> => {
    const { stdout } = await run('git', ['--no-pager', ...SAFE, '-C', folder, ...args], {
      signal,
      timeout: TIMEOUT_MS,
      maxBuffer: MOST_BYTES,
      windowsHide: true,
      env: {
        PATH: process.env['PATH'],
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_OPTIONAL_LOCKS: '0',
        GIT_TERMINAL_PROMPT: '0',
        GIT_NO_LAZY_FETCH: '1',
        GIT_NO_REPLACE_OBJECTS: '1',
        LC_ALL: 'C.UTF-8',
      },
    });
    return stdout;
  };
}
