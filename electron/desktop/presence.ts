import { app } from 'electron';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import type { Host } from '../host/host.ts';
import type { Logger } from '../platform/logger.ts';
import { type Attention, countsOf, nothing } from './attention.ts';
import { setMenu } from './menu.ts';
import { type News, notifier } from './notify.ts';
import { stopEntry } from './stop-entry.ts';
import { openTray } from './tray.ts';
import { watchAttention } from './watch-attention.ts';
import type { Windows } from './windows.ts';

/**
 * What the system shows of the host beside its windows: the stop in tray and menu, what is open, and notifications of what
 * the host tells while nobody looks.
 */
export function presence(options: {
  host: Pick<Host, 'dispatch' | 'subscribe'>;
  windows: Pick<Windows, 'openAnother' | 'show' | 'goTo' | 'goToIncident' | 'haveFocus'>;
  platform: string;
  trayIcon: string;
  devTools: boolean;
  now(): number;
  logger: Logger;
}): { notify(news: News): void; close(): void } {
  const { host, windows, platform, devTools, now, logger } = options;
  const onIncident = (incident: IncidentId) => windows.goToIncident(incident);
  const tray = openTray({ icon: options.trayIcon, onShow: windows.show, onIncident, logger });
  let stopShown: boolean | undefined;

  function show(attention: Attention): void {
    const { stop } = attention;
    tray.show(attention, stopEntry(host, stop, 'tray', logger));
    const { proposals, escalations } = countsOf(attention);
    app.setBadgeCount(proposals + escalations);
    // A menu that is set anew closes under the pointer.
    if (stop.stopped === stopShown) return;
    stopShown = stop.stopped;
    setMenu({
      platform,
      devTools,
      stop: stopEntry(host, stop, 'menu', logger),
      onNewWindow: windows.openAnother,
      onGo: windows.goTo,
    });
  }

  const notify = notifier({
    now,
    isWatched: windows.haveFocus,
    onClick: ({ incident }) => (incident === null ? windows.show() : windows.goToIncident(incident)),
  });
  // Offered before the host has told anything: a stop that is not needed does no harm.
  show(nothing);
  const end = watchAttention(host, { onChange: show, logger });
  return {
    notify,
    close(): void {
      end();
      tray.close();
    },
  };
}
