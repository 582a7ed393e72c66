import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import type { StopState } from '../../shared/vocabulary/status.ts';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';

/** Sixteen points high, as the systems draw it. */
const HEIGHT = 16;

export type StopTray = { show(stop: StopState, entry: MenuItemConstructorOptions): void; close(): void };

/**
 * The icon beside the clock. INVARIANT: the object stays referred to until it is closed: a tray that is garbage-collected
 * vanishes. Desktops without a tray have the menu, the screen and the command line.
 */
export function openTray(options: { icon: string; onShow(): void; logger: Logger }): StopTray {
  let tray: Tray | undefined;
  try {
    tray = new Tray(nativeImage.createFromPath(options.icon).resize({ height: HEIGHT }));
    tray.on('click', options.onShow);
  } catch (error) {
    options.logger.warn({ error: messageOf(error) }, 'this desktop has no tray');
  }
  return {
    show(stop, entry) {
      tray?.setToolTip(stop.stopped ? `Countersign: stopped by ${stop.by}` : 'Countersign');
      tray?.setContextMenu(
        Menu.buildFromTemplate([entry, { label: 'Show the window', click: options.onShow }]),
      );
    },
    close: () => tray?.destroy(),
  };
}
