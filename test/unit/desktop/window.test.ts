import { beforeEach, expect, it } from 'vitest';
import { confineContents } from '../../../electron/desktop/confine.ts';
import { openWindow } from '../../../electron/desktop/window.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { recorded, resetStandIn, WebContents } from '../../fixtures/electron-stand-in.ts';

beforeEach(resetStandIn);

const look = { preload: '/app/preload.cjs', devTools: false, icon: '/app/icon.png' };
const place = { x: 0, y: 0, width: 1_600, height: 960, maximised: false };

it('opens one page of our own, sandboxed, isolated and without Node', () => {
  openWindow(look, place, '');
  expect(recorded.windows[0]?.url).toBe('app://countersign/');
  expect(recorded.windows[0]?.options.webPreferences).toMatchObject({
    preload: '/app/preload.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    devTools: false,
  });
});

it('shows the window only once there is something to see', () => {
  openWindow(look, place, '');
  expect(recorded.windows[0]?.options['show']).toBe(false);
  expect(recorded.windows[0]?.shown).toBe(true);
});

it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
  'a page may not cause %s',
  (name) => {
    const contents = new WebContents();
    expect(contents.allows(name, { url: 'https://evil.test/' })).toBe(true);
    confineContents(contents as never, silentLogger);
    expect(contents.allows(name, { url: 'https://evil.test/' })).toBe(false);
    expect(contents.allows(name, { url: 'app://countersign/' })).toBe(false);
  },
);

it('a page may not open a window, not even of our own', () => {
  const contents = new WebContents();
  confineContents(contents as never, silentLogger);
  for (const url of ['https://evil.test/', 'app://countersign/', 'about:blank']) {
    expect(contents.openHandler?.({ url })).toEqual({ action: 'deny' });
  }
});
