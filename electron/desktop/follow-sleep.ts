import type { PowerMonitor } from 'electron';
import type { Host } from '../host/host.ts';

/**
 * Tells the host at once when the machine wakes, also from a sleep that is too short to be seen by a timer that comes late.
 * Only where the system has such a thing; elsewhere the host notices by itself, seconds later. Returns the stop.
 */
export function followSleep(monitor: Pick<PowerMonitor, 'on' | 'off'>, host: Pick<Host, 'woke'>): () => void {
  const woke = () => host.woke();
  monitor.on('resume', woke);
  return () => void monitor.off('resume', woke);
}
