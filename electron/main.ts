import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app, dialog, ipcMain, powerMonitor, protocol, safeStorage, session } from 'electron';
import { confineContents, confineSession } from './desktop/confine.ts';
import { linkAmong } from './desktop/deep-link.ts';
import { receiveLinks } from './desktop/follow-links.ts';
import { followSleep } from './desktop/follow-sleep.ts';
import { ipcTransport } from './desktop/ipc-transport.ts';
import { placeFile } from './desktop/place-file.ts';
import { presence } from './desktop/presence.ts';
import { declareScheme, serveRenderer } from './desktop/renderer-protocol.ts';
import { systemKeychain } from './desktop/system-keychain.ts';
import { followTheme } from './desktop/theme.ts';
import { trayIcon } from './desktop/tray.ts';
import { openWindows } from './desktop/windows.ts';
import { createHost } from './host/create-host.ts';
import { closer } from './platform/closer.ts';
import { exitCodeOf } from './platform/exit-code.ts';
import { Failure, messageOf } from './platform/failure.ts';
import { keepHeapLean } from './platform/lean-heap.ts';
import type { Log } from './platform/logging.ts';
import { dataDirOf, rendererDir, resourcesDir, version } from './platform/paths.ts';
import { rendererFiles } from './platform/renderer-files.ts';
import { isLaunched, stopWhenTold, tell } from './platform/stop-when-told.ts';
import { takeDataDir, takePassphrase } from './platform/take-data-dir.ts';

/** The desktop application: the host in the main process, the screen in confined windows. */
keepHeapLean();
declareScheme(protocol);
app.enableSandbox();
void start();

async function start(): Promise<void> {
  const ending = closer();
  try {
    const dataDir = dataDirOf(dataDirOption());
    if (!isTheOnlyOne(dataDir)) return leaveToTheFirst(dataDir);
    const links = receiveLinks(process.argv);
    const log = await takeDataDir(dataDir, ending);
    const stop = stopWhenTold({ ending, logger: log.logger, exit: (code) => app.exit(code) });
    await app.whenReady();
    const keychain = await keychainOrWhyNot(log);
    /** Before there are windows to come to, nobody is told. */
    let shown: ReturnType<typeof presence> | undefined;
    const host = await createHost({
      dataDir,
      shell: 'desktop',
      version: version(),
      logger: log.logger,
      resourcesDir: resourcesDir(),
      ...keychain,
      passphrase: passphraseFor(log),
      onSecret: log.redact,
      notify: (news) => shown?.notify(news),
    });
    ending.add(host.close);
    ending.add(followSleep(powerMonitor, host));
    serveRenderer(protocol, rendererFiles(rendererDir()));
    confineSession(session.defaultSession, log.logger);
    app.on('web-contents-created', (_event, contents) => confineContents(contents, log.logger));
    ipcTransport(ipcMain, host, log.logger);
    ending.add(await followTheme(host));
    const devTools = !app.isPackaged;
    const { logger } = log;
    const icons = join(resourcesDir(), 'icons');
    const windows = openWindows({
      look: {
        preload: join(import.meta.dirname, 'preload.cjs'),
        devTools,
        icon: join(icons, 'icon.png'),
      },
      places: placeFile(join(dataDir, 'screen', 'windows.json'), logger),
      logger,
    });
    ending.add(windows.remember);
    const { platform } = process;
    shown = presence({
      ...{ host, windows, platform, devTools, logger },
      trayIcon: trayIcon(icons, platform),
      now: Date.now,
    });
    ending.add(shown.close);
    links.follow({ host, windows, logger });
    quitCleanly(stop);
    log.logger.info({ version: version(), dataDir }, 'ready');
    process.stdout.write('Countersign is ready in its window.\n');
  } catch (error) {
    await ending.closeAll();
    fail(error);
  }
}

function isTheOnlyOne(dataDir: string): boolean {
  // Chromium's own files; the lock on them is what tells one start from another.
  app.setPath('userData', join(dataDir, 'screen'));
  return app.requestSingleInstanceLock();
}

/** A second start on the same data brings the first one's window to the front, hands it a link it has, and ends. */
function leaveToTheFirst(dataDir: string): void {
  // Whoever clicked a link got what they asked for.
  if (linkAmong(process.argv) !== undefined) {
    app.exit(0);
    return;
  }
  throw new Failure('conflict', `Countersign is already open on ${dataDir}; its window comes to the front.`);
}

async function keychainOrWhyNot({ logger }: Log) {
  const answer = await systemKeychain(safeStorage, process.platform);
  if ('keychain' in answer) return { keychain: answer.keychain };
  logger.warn({}, answer.because);
  tell(answer.because);
  return { notices: [answer.because] };
}

function passphraseFor(log: Log): string | undefined {
  const passphrase = takePassphrase();
  if (passphrase !== undefined) log.redact(passphrase);
  return passphrase;
}

function quitCleanly(stop: (exitCode: number) => void): void {
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    // Ended by `app.exit` once everything is closed.
    event.preventDefault();
    stop(0);
  });
}

function fail(error: unknown): void {
  const says = error instanceof Failure ? error.message : `Countersign cannot start: ${messageOf(error)}`;
  tell(says);
  // Whoever double-clicked sees no terminal.
  if (!isLaunched()) dialog.showErrorBox('Countersign cannot start', says);
  app.exit(exitCodeOf(error));
}

/** Chromium's own switches stand on the same command line, so what is unknown is not ours to refuse. */
function dataDirOption(): string | undefined {
  const { values } = parseArgs({
    args: process.argv.slice(app.isPackaged ? 1 : 2),
    options: { 'data-dir': { type: 'string' } },
    strict: false,
  });
  const chosen = values['data-dir'];
  return typeof chosen === 'string' ? chosen : undefined;
}
