import { beforeEach, expect, it } from 'vitest';
import { confineSession } from '../../../electron/desktop/confine.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { resetStandIn, session } from '../../fixtures/electron-stand-in.ts';

beforeEach(() => {
  resetStandIn();
  confineSession(session.defaultSession as never, silentLogger);
});

function isGranted(permission: string, requestingUrl: string): boolean {
  let granted: boolean | undefined;
  session.defaultSession.requestHandler?.(
    {},
    permission,
    (verdict) => {
      granted = verdict;
    },
    { requestingUrl },
  );
  const checked = session.defaultSession.checkHandler?.({}, permission, requestingUrl);
  expect(checked).toBe(granted);
  return granted === true;
}

it.each(['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'fileSystem', 'midi'])(
  'our own page is refused %s',
  (permission) => expect(isGranted(permission, 'app://countersign/')).toBe(false),
);

it('our own page may put a command on the clipboard', () => {
  expect(isGranted('clipboard-sanitized-write', 'app://countersign/')).toBe(true);
});

it.each(['https://evil.test/', 'app://evil/', 'null', '', 'data:text/html,x'])(
  'a page at %s may not even do that',
  (url) => expect(isGranted('clipboard-sanitized-write', url)).toBe(false),
);

it('no device is handed out', () => {
  expect(session.defaultSession.deviceHandler?.({ deviceType: 'usb', origin: 'app://countersign' })).toBe(
    false,
  );
});

it('no request of a page reaches the network or the disk', () => {
  const { urls = [], listener } = session.defaultSession.blocked ?? {};
  for (const scheme of ['http', 'https', 'ws', 'wss', 'file']) expect(urls).toContain(`${scheme}://*/*`);
  let verdict: object | undefined;
  listener?.({ url: 'https://evil.test/' }, (given) => {
    verdict = given;
  });
  expect(verdict).toEqual({ cancel: true });
});
