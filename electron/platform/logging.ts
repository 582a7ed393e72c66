import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import openRolled from 'pino-roll';
import { Failure, messageOf } from './failure.ts';
import type { Logger } from './logger.ts';
import { redactor } from './redactor.ts';

export type Log = {
  logger: Logger;
  /** From now on this secret is replaced wherever it would stand in a line. */
  redact(secret: string): void;
  close(): Promise<void>;
};

/**
 * The structured log (one JSON object a line) in `<data-dir>/logs`, some 60 MB at most in all. Lines are written before
 * the call returns, so that the last one before a crash is there.
 *
 * INVARIANT: nothing reaches the file but through the redactor.
 * @throws Failure `storage` when the folder cannot be written.
 */
export async function openLog(
  dataDir: string,
  { fileSize = '10m' }: { fileSize?: string } = {},
): Promise<Log> {
  const redact = redactor();
  const file = await openFile(join(dataDir, 'logs'), fileSize);
  file.on('error', tellOnce());
  let closing: Promise<void> | undefined;
  // What still happens while the program ends may not bring it down for want of a log.
  const write = (line: string) => {
    if (closing === undefined) file.write(redact.line(line));
  };
  const logger = pino(
    {
      level: process.env['COUNTERSIGN_LOG_LEVEL'] === 'debug' ? 'debug' : 'info',
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redact.fields },
    },
    { write },
  );
  return {
    logger,
    redact: redact.register,
    close() {
      closing ??= new Promise((resolve) => {
        file.once('close', resolve);
        file.end();
      });
      return closing;
    },
  };
}

async function openFile(folder: string, size: string) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Names of services and people stand in the log; an older folder may be too open.
    chmodSync(folder, 0o700);
    const limit = { count: 5, removeOtherLogFiles: true };
    return await openRolled({
      file: join(folder, 'countersign'),
      extension: '.log',
      size,
      limit,
      mode: 0o600,
      sync: true,
    });
  } catch (error) {
    throw new Failure('storage', `The log cannot be written in ${folder}: ${messageOf(error)}.`, error);
  }
}

/** A log that cannot be written (a full disk) must not end the incident's work, nor go unnoticed. */
function tellOnce(): (error: Error) => void {
  let told = false;
  return (error) => {
    if (!told) process.stderr.write(`The log cannot be written any more: ${error.message}\n`);
    told = true;
  };
}
