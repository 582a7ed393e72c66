import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app, type BrowserWindow, dialog, ipcMain, protocol, safeStorage, session } from 'electron';
import { confineContents, confineSession } from './desktop/confine.ts';
import { ipcTransport } from './desktop/ipc-transport.ts';
import { offerStop } from './desktop/offer-stop.ts';
import { declareScheme, serveRenderer } from './desktop/renderer-protocol.ts';
import { systemKeychain } from './desktop/system-keychain.ts';
import { openWindow } from './desktop/window.ts';
import { createHost } from './host/create-host.ts';
import { closer } from './platform/closer.ts';
import { exitCodeOf } from './platform/exit-code.ts';
import { Failure, messageOf } from './platform/failure.ts';
import type { Log } from './platform/logging.ts';
import { dataDirOf, rendererDir, resourcesDir, version } from './platform/paths.ts';
import { rendererFiles } from './platform/renderer-files.ts';
import { isLaunched, stopWhenTold, tell } from './platform/stop-when-told.ts';
import { takeDataDir, takePassphrase } from './platform/take-data-dir.ts';

/** The desktop application: the host in the main process, the screen in one confined window. */
declareScheme(protocol);
app.enableSandbox();
void start();

async function start(): Promise<void> {
  const ending = closer();
  try {
    const dataDir = dataDirOf(dataDirOption());
    beTheOnlyOne(dataDir);
    const log = await takeDataDir(dataDir, ending);
    const stop = stopWhenTold({ ending, logger: log.logger, exit: (code) => app.exit(code) });
    await app.whenReady();
    const keychain = await keychainOrWhyNot(log);
    const host = await createHost({
      dataDir,
      shell: 'desktop',
      version: version(),
      logger: log.logger,
      resourcesDir: resourcesDir(),
      ...keychain,
      passphrase: passphraseFor(log),
      onSecret: log.redact,
    });
    ending.add(host.close);
    serveRenderer(protocol, rendererFiles(rendererDir()));
    confineSession(session.defaultSession, log.logger);
    app.on('web-contents-created', (_event, contents) => confineContents(contents, log.logger));
    ipcTransport(ipcMain, host, log.logger);
    const window = openWindow({
      preload: join(import.meta.dirname, 'preload.cjs'),
      devTools: !app.isPackaged,
    });
    const { platform } = process;
    const icon = join(resourcesDir(), 'icons', 'icon.png');
    const onShow = () => window.focus();
    ending.add(offerStop({ host, platform, icon, onShow, logger: log.logger }));
    keepAlive(window, log);
    quitCleanly(stop);
    log.logger.info({ version: version(), dataDir }, 'ready');
    process.stdout.write('Countersign is ready in its window.\n');
  } catch (error) {
    await ending.closeAll();
    fail(error);
  }
}

/** A second start on the same data brings the first one's window to the front and ends. */
function beTheOnlyOne(dataDir: string): void {
  // Chromium's own files; the lock on them is what tells one start from another.
  app.setPath('userData', join(dataDir, 'screen'));
  if (!app.requestSingleInstanceLock()) {
    throw new Failure(
      'conflict',
      `Countersign is already open on ${dataDir}; its window comes to the front.`,
    );
  }
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

/** The host does its work here, so a screen that crashed is only shown again. */
function keepAlive(window: BrowserWindow, { logger }: Log): void {
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    logger.error({ reason, exitCode }, 'the screen crashed and is shown again');
    window.reload();
  });
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
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
