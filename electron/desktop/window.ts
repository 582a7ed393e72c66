import { BrowserWindow } from 'electron';
import { PAGE } from './renderer-protocol.ts';
import { ground } from './theme.ts';
import { SMALLEST, type WindowPlace } from './window-place.ts';

export type WindowLook = { preload: string; devTools: boolean; icon: string };

/** Pages run sandboxed, without Node, in a world of their own beside the preload script's. `address` is the page's hash. */
export function openWindow({ preload, devTools, icon }: WindowLook, place: WindowPlace, address: string) {
  const { maximised, ...bounds } = place;
  const window = new BrowserWindow({
    title: 'Countersign',
    ...bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    icon,
    backgroundColor: ground(),
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
  window.once('ready-to-show', () => {
    if (maximised) window.maximize();
    window.show();
  });
  void window.loadURL(`${PAGE}${address}`);
  return window;
}
