import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { createHost } from './host/create-host.ts';
import { exitCodeOf } from './platform/exit-code.ts';
import { Failure, messageOf } from './platform/failure.ts';
import { lockDataDir } from './platform/instance-lock.ts';
import { type Log, openLog } from './platform/logging.ts';
import { dataDirOf, rendererDir, resourcesDir, version } from './platform/paths.ts';
import { openLoopbackServer } from './web/loopback-server.ts';
import { openBrowser } from './web/open-browser.ts';

/**
 * The host behind a web server on loopback, for a machine without a screen or without Electron. On standard output
 * stand the addresses that sign in, nothing else; all other words go to standard error.
 */
type Options = { port: number; dataDir?: string; open: boolean };

const WRONG_USAGE = 2;
const EX_SOFTWARE = 70;
const CLOSE_WITHIN_MS = 1_800;

const tell = (sentence: string) => process.stderr.write(`${sentence}\n`);

async function serve({ port, open, ...options }: Options): Promise<void> {
  const ending = closer();
  try {
    const dataDir = dataDirOf(options.dataDir);
    const log = await takeDataDir(dataDir, ending);
    const passphrase = takePassphrase();
    if (passphrase !== undefined) log.redact(passphrase);
    const host = await createHost({
      dataDir,
      shell: 'web',
      version: version(),
      logger: log.logger,
      resourcesDir: resourcesDir(),
      passphrase,
      onSecret: log.redact,
    });
    ending.add(host.close);
    const server = await openLoopbackServer({
      host,
      port,
      rendererDir: rendererDir(),
      logger: log.logger,
      onSignIn: () => tell('A browser signed in. Press Enter here for a link for another one.'),
    });
    ending.add(server.close);
    stopWhenTold(ending.closeAll, log);
    onLine(() => process.stdout.write(`Another one-time link: ${server.newLink()}\n`));
    process.stdout.write(`Countersign is ready at ${server.url}\n`);
    log.logger.info({ version: version(), dataDir }, 'ready');
    if (open) openBrowser(server.url);
  } catch (error) {
    await ending.closeAll();
    throw error;
  }
}

/** What was opened is closed in the opposite order, even where closing one of them fails. */
function closer() {
  const closers: (() => unknown)[] = [];
  return {
    add: (close: () => unknown) => closers.push(close),
    async closeAll(): Promise<void> {
      const failures: unknown[] = [];
      for (let close = closers.pop(); close; close = closers.pop()) {
        await Promise.try(close).catch((error) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** A directory that cannot be written is a wrong choice of the person's, unlike a disk that fails later. */
async function takeDataDir(dataDir: string, ending: ReturnType<typeof closer>): Promise<Log> {
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

/** Taken out of the environment, so that no child process inherits it. */
function takePassphrase(): string | undefined {
  const passphrase = process.env['COUNTERSIGN_PASSPHRASE'];
  delete process.env['COUNTERSIGN_PASSPHRASE'];
  return passphrase === '' ? undefined : passphrase;
}

/**
 * Stops on Ctrl-C, on a signal, and, where the launcher asks for it, when that is gone: its end closes standard input
 * even where it was killed.
 */
function stopWhenTold(closeAll: () => Promise<void>, { logger }: Log): void {
  let stopping = false;
  const stop = (exitCode: number) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => {
      tell('Something did not close in time and was cut off; what was acknowledged before is stored.');
      process.exit(EX_SOFTWARE);
    }, CLOSE_WITHIN_MS);
    closeAll().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        tell(messageOf(error));
        process.exit(exitCodeOf(error));
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0));
  if (process.env['COUNTERSIGN_STOP_WITH_STDIN'] === '1') process.stdin.on('close', () => stop(0));
  process.on('uncaughtException', (error) => {
    logger.error({ error }, 'a defect ends the program');
    tell(
      'Something in Countersign itself failed and it had to stop; the log in the data directory has the details.',
    );
    stop(EX_SOFTWARE);
  });
}

/** Reading also tells when standard input closes. A terminal that goes away is no defect: SIGHUP follows. */
function onLine(act: () => void): void {
  for (const stream of [process.stdin, process.stdout, process.stderr]) stream.on('error', () => {});
  process.stdin.on('data', (chunk: Buffer) => {
    if (chunk.includes('\n')) act();
  });
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError('It takes a whole number from 0 to 65535.');
  }
  return port;
}

const program = () =>
  new Command('countersign --serve')
    .description('Countersign in a browser on this machine')
    .version(version())
    .option('--port <n>', 'the port on 127.0.0.1; 0 takes any free one', portNumber, 0)
    .option('--data-dir <dir>', 'where incidents, drills and ledgers are kept (or COUNTERSIGN_DATA_DIR)')
    .option('--no-open', 'do not open the browser')
    .allowExcessArguments(false)
    .showHelpAfterError('Try --help.')
    .exitOverride()
    .action(serve);

async function main(): Promise<void> {
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : WRONG_USAGE);
    tell(error instanceof Failure ? error.message : `Countersign cannot start: ${messageOf(error)}`);
    process.exit(exitCodeOf(error));
  }
}

void main();
