import { BrowserWindow } from 'electron';
import { PAGE } from './renderer-protocol.ts';

/** Pages run sandboxed, without Node, in a world of their own beside the preload script's. */
export function openWindow({ preload, devTools }: { preload: string; devTools: boolean }): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Countersign',
    width: 1_600,
    height: 960,
    minWidth: 960,
    minHeight: 600,
    // The dark background, so that the first frame does not flash in a dark room.
    backgroundColor: '#0e1116',
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      devTools,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(PAGE);
  return window;
}
