import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import type { PlaceFile } from './place-file.ts';
import { PAGE } from './renderer-protocol.ts';
import { ground } from './theme.ts';
import { openWindow, type WindowLook } from './window.ts';
import { type Display, placeBeside, placeFor, remembered, type WindowPlace } from './window-place.ts';

export type Windows = {
  /** Another window, at the place where the last used one is. */
  openAnother(): void;
  /** The last used window in front; opened where all were closed. */
  show(): void;
  /** A place of the screen, in the last used window; `address` is the page's hash. */
  goTo(address: string): void;
  /** The window that shows the incident, else the last used one led there. */
  goToIncident(incident: IncidentId): void;
  haveFocus(): boolean;
  /** Writes down where they stand; a quit closes windows without an event. */
  remember(): void;
};

/** Every window shows the same host; each listens for itself, so all are in step whatever each of them shows. */
export function openWindows(options: { look: WindowLook; places: PlaceFile; logger: Logger }): Windows {
  const { look, places, logger } = options;
  /** The last used one at the end. */
  let open: BrowserWindow[] = [];
  let memory = places.read();

  nativeTheme.on('updated', () => {
    for (const window of open) window.setBackgroundColor(ground());
  });

  function add(place: WindowPlace, address = ''): BrowserWindow {
    const window = openWindow(look, place, address);
    open.push(window);
    window.on('focus', () => {
      open = [...open.filter((other) => other !== window), window];
    });
    window.on('close', () => remember(window));
    window.on('closed', () => {
      open = open.filter((other) => other !== window);
    });
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      // The host does its work here, so a screen that crashed is only shown again.
      logger.error({ reason, exitCode }, 'the screen crashed and is shown again');
      window.reload();
    });
    return window;
  }

  function remember(window: BrowserWindow): void {
    const place = { ...window.getNormalBounds(), maximised: window.isMaximized() };
    memory = remembered(memory, displayOf(window).id, place);
    places.write(memory);
  }

  function inFront(window: BrowserWindow): void {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  const first = (address = '') => add(placeFor(memory, displays()), address);

  /** Loading the address that is shown would load the page anew and lose what was typed; another hash does not. */
  function lead(window: BrowserWindow, url: string): void {
    inFront(window);
    if (window.webContents.getURL() === url) return;
    window
      .loadURL(url)
      .catch((error: unknown) => logger.warn({ url, error: messageOf(error) }, 'a window did not get there'));
  }

  function goTo(address: string): void {
    const window = open.at(-1);
    if (window) lead(window, `${PAGE}${address}`);
    else first(address);
  }

  first();
  return {
    openAnother() {
      const window = open.at(-1);
      if (!window) return void first();
      const place = { ...window.getNormalBounds(), maximised: false };
      add(placeBeside(place, displayOf(window)), addressOf(window));
    },
    show() {
      const window = open.at(-1);
      if (window) inFront(window);
      else first();
    },
    goTo,
    goToIncident(incident) {
      const address = `#/room/${encodeURIComponent(incident)}`;
      const there = open.find((window) => addressOf(window) === address);
      if (there) inFront(there);
      else goTo(address);
    },
    haveFocus: () => BrowserWindow.getFocusedWindow() !== null,
    remember: () => {
      for (const window of open) remember(window);
    },
  };
}

/** The hash, and nothing else of where a page says it is. */
const addressOf = (window: BrowserWindow): string => new URL(window.webContents.getURL() || PAGE).hash;

const displayOf = (window: BrowserWindow): Display => screen.getDisplayMatching(window.getNormalBounds());

function displays(): [Display, ...Display[]] {
  const primary = screen.getPrimaryDisplay();
  return [primary, ...screen.getAllDisplays().filter(({ id }) => id !== primary.id)];
}
