import { beforeEach, expect, it, vi } from 'vitest';
import { offerStop } from '../../../electron/desktop/offer-stop.ts';
import type { Host } from '../../../electron/host/host.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import type { HostEvent } from '../../../shared/bridge/host-events.ts';
import type { HostStatus, StopState } from '../../../shared/vocabulary/status.ts';
import { circumstances, recorded, resetStandIn } from '../../fixtures/electron-stand-in.ts';

beforeEach(resetStandIn);

/** A host of which the test says what it is asked and what it tells. */
function standIn() {
  const asked: { name: string; input: unknown }[] = [];
  let listener: (event: HostEvent) => void = () => {};
  const host: Pick<Host, 'dispatch' | 'subscribe'> = {
    async dispatch(name, input) {
      asked.push({ name, input });
      return { ok: false, code: 'cancelled', message: 'not now' };
    },
    subscribe(next) {
      listener = next;
      return () => {
        listener = () => {};
      };
    },
  };
  const tell = (stop: StopState) =>
    listener({ name: 'status.changed', status: { stop } as unknown as HostStatus });
  const stops = () => asked.filter(({ name }) => name === 'stop.engage');
  return { host, tell, stops };
}

const offered = (host: Pick<Host, 'dispatch' | 'subscribe'>, platform = 'linux') => {
  const onShow = vi.fn();
  const close = offerStop({ host, platform, icon: '/app/icon.png', onShow, logger: silentLogger });
  return { close, onShow };
};
const trayEntry = () => recorded.trays[0]?.menu[0];
const menuEntry = () => recorded.menu?.at(-1)?.submenu?.[0];

it('stops everything at one click in the tray and in the menu, and says from where', () => {
  const { host, stops } = standIn();
  offered(host);
  expect(trayEntry()?.label).toBe('Stop everything');
  trayEntry()?.click?.();
  menuEntry()?.click?.();
  expect(stops().map(({ input }) => input)).toEqual([
    { reason: 'Stopped from the tray', how: 'tray' },
    { reason: 'Stopped from the menu', how: 'menu' },
  ]);
});

it('shows that everything is stopped, and offers to stop again once it is lifted', () => {
  const { host, tell } = standIn();
  offered(host);
  tell({ stopped: true, by: 'Mina', reason: 'x', atMs: 1 });
  expect(trayEntry()).toEqual({ label: 'Everything is stopped', enabled: false });
  expect(menuEntry()?.enabled).toBe(false);
  expect(recorded.trays[0]?.toolTip).toBe('Countersign: stopped by Mina');
  tell({ stopped: false });
  expect(trayEntry()?.label).toBe('Stop everything');
});

it('keeps copy and paste on macOS, and has the stop in the menu where there is no tray', () => {
  circumstances.hasTray = false;
  const { host, stops } = standIn();
  offered(host, 'darwin');
  expect(recorded.trays).toEqual([]);
  expect(recorded.menu).toHaveLength(4);
  menuEntry()?.click?.();
  expect(stops()).toHaveLength(1);
});

it('brings the window to the front, and is gone with the shell', () => {
  const { host, tell } = standIn();
  const { close, onShow } = offered(host);
  recorded.trays[0]?.emit('click');
  recorded.trays[0]?.menu[1]?.click?.();
  expect(onShow).toHaveBeenCalledTimes(2);
  close();
  tell({ stopped: true, by: 'Mina', reason: 'x', atMs: 1 });
  expect(recorded.trays[0]?.destroyed).toBe(true);
  expect(trayEntry()?.label).toBe('Stop everything');
});
