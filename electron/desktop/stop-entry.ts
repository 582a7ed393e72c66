import type { MenuItemConstructorOptions } from 'electron';
import type { StopState } from '../../shared/vocabulary/status.ts';
import type { Host } from '../host/host.ts';
import type { Logger } from '../platform/logger.ts';

/**
 * The entry that stops everything, at once and without asking: it must work while the window hangs, and a stop too many is
 * lifted sooner than one too few is mended. Lifting asks for a reason, so it is on the screen alone.
 */
export function stopEntry(
  host: Pick<Host, 'dispatch'>,
  stop: StopState,
  how: 'tray' | 'menu',
  logger: Logger,
): MenuItemConstructorOptions {
  if (stop.stopped) return { label: 'Everything is stopped', enabled: false };
  return {
    label: 'Stop everything',
    click: () => {
      void host.dispatch('stop.engage', { reason: `Stopped from the ${how}`, how }).then((reply) => {
        if (!reply.ok) logger.error({ code: reply.code, message: reply.message }, `a stop from the ${how}`);
      });
    },
  };
}
