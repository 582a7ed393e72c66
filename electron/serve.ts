import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { createHost } from './host/create-host.ts';
import { closer } from './platform/closer.ts';
import { exitCodeOf } from './platform/exit-code.ts';
import { Failure, messageOf } from './platform/failure.ts';
import { keepHeapLean } from './platform/lean-heap.ts';
import { dataDirOf, rendererDir, resourcesDir, version } from './platform/paths.ts';
import { stopWhenTold, tell } from './platform/stop-when-told.ts';
import { takeDataDir, takePassphrase } from './platform/take-data-dir.ts';
import { openLoopbackServer } from './web/loopback-server.ts';
import { openBrowser } from './web/open-browser.ts';

/**
 * The host behind a web server on loopback, for a machine without a screen or without Electron. On standard output
 * stand the addresses that sign in, nothing else; all other words go to standard error.
 */
type Options = { port: number; dataDir?: string; open: boolean };

const WRONG_USAGE = 2;

async function serve({ port, open, ...options }: Options): Promise<void> {
  const ending = closer();
  keepHeapLean();
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
    stopWhenTold({ ending, logger: log.logger, exit: (code) => process.exit(code) });
    onLine(() => process.stdout.write(`Another one-time link: ${server.newLink()}\n`));
    process.stdout.write(`Countersign is ready at ${server.url}\n`);
    log.logger.info({ version: version(), dataDir }, 'ready');
    if (open) openBrowser(server.url);
  } catch (error) {
    await ending.closeAll();
    throw error;
  }
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
