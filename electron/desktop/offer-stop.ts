import { HostStatus, type StopState } from '../../shared/vocabulary/status.ts';
import type { Host } from '../host/host.ts';
import type { Logger } from '../platform/logger.ts';
import { setMenu } from './menu.ts';
import { stopEntry } from './stop-entry.ts';
import { openTray } from './tray.ts';

/** Keeps the stop in tray and menu, as it stands in the host. Returns the way to end it. */
export function offerStop(options: {
  host: Pick<Host, 'dispatch' | 'subscribe'>;
  platform: string;
  icon: string;
  onShow(): void;
  logger: Logger;
}): () => void {
  const { host, platform, logger } = options;
  const tray = openTray(options);
  let shown: boolean | undefined;
  const show = (stop: StopState) => {
    if (stop.stopped === shown) return;
    shown = stop.stopped;
    setMenu(platform, stopEntry(host, stop, 'menu', logger));
    tray.show(stop, stopEntry(host, stop, 'tray', logger));
  };
  // Offered before the host has told anything: a stop that is not needed does no harm.
  show({ stopped: false });
  const unsubscribe = host.subscribe((event) => {
    if (event.name === 'status.changed') show(event.status.stop);
  });
  void host.dispatch('host.status', {}).then((reply) => {
    if (reply.ok) show(HostStatus.parse(reply.value).stop);
  });
  return () => {
    unsubscribe();
    tray.close();
  };
}
