import type { Closer } from './closer.ts';
import { exitCodeOf } from './exit-code.ts';
import { messageOf } from './failure.ts';
import type { Logger } from './logger.ts';

const EX_SOFTWARE = 70;
const CLOSE_WITHIN_MS = 1_800;

export type Stopping = { ending: Closer; logger: Logger; exit(code: number): void };

/**
 * Stops on Ctrl-C, on a signal, on a defect, and, where the launcher asks for it, when that is gone: its end closes
 * standard input even where it was killed. Returns the same stop for the shell's own use.
 */
export function stopWhenTold({ ending, logger, exit }: Stopping): (exitCode: number) => void {
  let stopping = false;
  const stop = (exitCode: number) => {
    if (stopping) return;
    stopping = true;
    const overdue = setTimeout(() => {
      tell('Something did not close in time and was cut off; what was acknowledged before is stored.');
      exit(EX_SOFTWARE);
    }, CLOSE_WITHIN_MS);
    ending
      .closeAll()
      .then(
        () => exitCode,
        (error: unknown) => {
          tell(messageOf(error));
          return exitCodeOf(error);
        },
      )
      .then((code) => {
        clearTimeout(overdue);
        exit(code);
      });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0));
  if (isLaunched()) process.stdin.on('close', () => stop(0)).resume();
  process.on('uncaughtException', (error) => {
    logger.error({ error }, 'a defect ends the program');
    tell(
      'Something in Countersign itself failed and it had to stop; the log in the data directory has the details.',
    );
    stop(EX_SOFTWARE);
  });
  return stop;
}

/** Started by scripts/start.mjs, from a terminal that sees what we say. */
export const isLaunched = (): boolean => process.env['COUNTERSIGN_STOP_WITH_STDIN'] === '1';

export const tell = (sentence: string): void => {
  process.stderr.write(`${sentence}\n`);
};
