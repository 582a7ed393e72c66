import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import { messageOf } from '../platform/failure.ts';
import type { Logger } from '../platform/logger.ts';
import { type Attention, type Counts, countsOf, lineOf, openIncidents } from './attention.ts';

export type StopTray = { show(attention: Attention, entry: MenuItemConstructorOptions): void; close(): void };

/** More would not fit on the screen of a laptop. */
const MOST_INCIDENTS = 8;

/**
 * The icon beside the clock. INVARIANT: the object stays referred to until it is closed: a tray that is garbage-collected
 * vanishes. Desktops without a tray have the menu, the screen and the command line. Beside `icon` lie its images for
 * displays of two and three times the density, which Electron finds by their names.
 */
export function openTray(options: {
  icon: string;
  onShow(): void;
  onIncident(incident: IncidentId): void;
  logger: Logger;
}): StopTray {
  let tray: Tray | undefined;
  try {
    tray = new Tray(nativeImage.createFromPath(options.icon));
    tray.on('click', options.onShow);
  } catch (error) {
    options.logger.warn({ error: messageOf(error) }, 'this desktop has no tray');
  }
  return {
    show(attention, entry) {
      const waiting = wordsOf(countsOf(attention));
      const { stop } = attention;
      tray?.setToolTip(
        [stop.stopped ? `Countersign: stopped by ${stop.by}` : 'Countersign', ...waiting].join('\n'),
      );
      tray?.setContextMenu(
        Menu.buildFromTemplate([
          entry,
          { label: 'Show the window', click: options.onShow },
          { type: 'separator' },
          ...(waiting.length === 0 ? ['Nothing is open'] : waiting).map((label) => ({
            label,
            enabled: false,
          })),
          ...openIncidents(attention)
            .slice(0, MOST_INCIDENTS)
            .map((incident) => ({
              // An ampersand would underline the letter after it.
              label: `${incident.severity} ${lineOf(incident)}`.replaceAll('&', '&&'),
              click: () => options.onIncident(incident.id),
            })),
        ]),
      );
    },
    close: () => tray?.destroy(),
  };
}

/** macOS draws its own colours from the alpha of an image whose name ends so. */
export const trayIcon = (icons: string, platform: string): string =>
  join(icons, platform === 'darwin' ? 'trayTemplate.png' : 'tray.png');

/** `2 incidents open`, and what waits in them; what does not wait is not said. */
function wordsOf({ incidents, proposals, escalations, waitingSinceMs }: Counts): string[] {
  const counted = (count: number, one: string, what: string) =>
    count === 0 ? [] : [`${count} ${one}${count === 1 ? '' : 's'} ${what}`];
  return [
    ...counted(incidents, 'incident', 'open'),
    ...counted(proposals, 'proposal', 'waiting'),
    // A time and no age: what a tray says is drawn when something happens, and an age would stand still until then.
    ...counted(escalations, 'escalation', `waiting since ${dayAndTime.format(waitingSinceMs ?? 0)}`),
  ];
}

const dayAndTime = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});
