import type { Closer } from './closer.ts';
import { Failure } from './failure.ts';
import { lockDataDir } from './instance-lock.ts';
import { type Log, openLog } from './logging.ts';

/**
 * Locks a data directory for this process and opens its log. One that cannot be written is a wrong choice of the
 * person's (`bad_input`), unlike a disk that fails later; one in use is a `conflict`.
 */
export async function takeDataDir(dataDir: string, ending: Closer): Promise<Log> {
  try {
    const lock = lockDataDir(dataDir);
    ending.add(lock.release);
    const log = await openLog(dataDir);
    ending.add(log.close);
    return log;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'storage') throw error;
    throw new Failure('bad_input', error.message, error);
  }
}

/** COUNTERSIGN_PASSPHRASE, taken out of the environment so that no child process inherits it. */
export function takePassphrase(): string | undefined {
  const passphrase = process.env['COUNTERSIGN_PASSPHRASE'];
  delete process.env['COUNTERSIGN_PASSPHRASE'];
  return passphrase === '' ? undefined : passphrase;
}
