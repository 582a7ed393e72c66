import { beforeEach, expect, it, vi } from 'vitest';
import { receiveLinks } from '../../../electron/desktop/follow-links.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { app, circumstances, recorded, resetStandIn } from '../../fixtures/electron-stand-in.ts';

beforeEach(resetStandIn);

const incident = {
  id: 'inc-1',
  realm: 'real',
  title: 'Checkout fails',
  severity: 'sev2',
  status: 'open',
  commander: 'Mina',
  openedMs: 1,
  closedMs: null,
  fromMs: 0,
  services: [],
  drill: null,
};

function destination() {
  const windows = { show: vi.fn(), goToIncident: vi.fn() };
  const dispatch = vi.fn(async () => ({ ok: true as const, value: [incident] }));
  return { host: { dispatch }, windows, logger: silentLogger };
}
const settled = () => new Promise(setImmediate);
const opened = (url: string) => {
  const preventDefault = vi.fn();
  app.emit('open-url', { preventDefault }, url);
  return preventDefault;
};

it('follows the link of its own start and one that came before there was a window', async () => {
  const links = receiveLinks(['/app/countersign', 'countersign://incident/inc-1']);
  expect(opened('countersign://incident/inc-1')).toHaveBeenCalled();
  const to = destination();
  links.follow(to);
  await settled();
  expect(to.windows.goToIncident.mock.calls).toEqual([['inc-1'], ['inc-1']]);
});

it('a second start hands over its link, or brings the window to the front', async () => {
  const to = destination();
  receiveLinks([]).follow(to);
  app.emit('second-instance', {}, ['/app/countersign', '--flag', 'countersign://incident/inc-1'], '/');
  await settled();
  expect(to.windows.goToIncident).toHaveBeenCalledWith('inc-1');
  app.emit('second-instance', {}, ['/app/countersign'], '/');
  await settled();
  expect(to.windows.show).toHaveBeenCalledOnce();
});

it.each(['countersign://incident/inc-2', 'countersign://stop/', 'countersign://incident/inc-1?approve=all'])(
  '%s leads nowhere and asks the host for nothing but the list',
  async (link) => {
    const to = destination();
    receiveLinks([]).follow(to);
    opened(link);
    await settled();
    expect(to.windows.goToIncident).not.toHaveBeenCalled();
    expect(to.windows.show).toHaveBeenCalledOnce();
    for (const [name] of to.host.dispatch.mock.calls as unknown[][]) expect(name).toBe('incidents.list');
  },
);

it('takes the scheme for the packaged application alone', () => {
  receiveLinks([]).follow(destination());
  expect(recorded.linkSchemes).toEqual([]);
  circumstances.isPackaged = true;
  receiveLinks([]).follow(destination());
  expect(recorded.linkSchemes).toEqual(['countersign']);
});
