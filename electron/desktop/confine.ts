import type { Session, WebContents } from 'electron';
import type { Logger } from '../platform/logger.ts';
import { ORIGIN } from './renderer-protocol.ts';

/**
 * What a page may never do, whatever it shows: leave its address, open or embed another page. Electron's security guide
 * names these (https://www.electronjs.org/docs/latest/tutorial/security, 13 and 14).
 */
export function confineContents(contents: WebContents, logger: Logger): void {
  const refuse = (what: string) => (event: { preventDefault(): void; url?: string }) => {
    event.preventDefault();
    logger.warn({ what, url: event.url }, 'the page was refused something');
  };
  contents.on('will-navigate', refuse('navigation'));
  contents.on('will-frame-navigate', refuse('navigation of a frame'));
  contents.on('will-redirect', refuse('redirect'));
  contents.on('will-attach-webview', refuse('embedding a page'));
  contents.setWindowOpenHandler(({ url }) => {
    logger.warn({ what: 'opening a window', url }, 'the page was refused something');
    return { action: 'deny' };
  });
}

/** No rights but copying a command that is on the screen, no devices, no network: the host alone talks to systems. */
export function confineSession(session: Session, logger: Logger): void {
  const mayHave = (permission: string, origin: string) =>
    permission === 'clipboard-sanitized-write' && originOf(origin) === ORIGIN;
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
    const granted = mayHave(permission, requestingUrl);
    if (!granted) logger.warn({ permission, url: requestingUrl }, 'a permission was refused');
    answer(granted);
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => mayHave(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest({ urls: network }, ({ url }, answer) => {
    logger.warn({ url }, 'a request to the network was refused');
    answer({ cancel: true });
  });
}

const network = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'];

/** `URL.origin` of a scheme that only Electron knows is "null". */
function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
