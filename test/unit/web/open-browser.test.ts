import { expect, it } from 'vitest';
import { openingCommand } from '../../../electron/web/open-browser.ts';

const URL_OF_IT = 'http://127.0.0.1:1/#token=a&b';

it.each([
  ['on Linux with a screen', 'linux', { DISPLAY: ':0' }, ['xdg-open', URL_OF_IT]],
  ['under Wayland', 'linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open', URL_OF_IT]],
  ['on Linux without a screen', 'linux', { DISPLAY: '' }, null],
  ['on macOS', 'darwin', {}, ['open', URL_OF_IT]],
  ['on Windows', 'win32', {}, ['rundll32', 'url.dll,FileProtocolHandler', URL_OF_IT]],
])('opens the address %s without a shell', (_case, platform, env, command) => {
  expect(openingCommand(URL_OF_IT, { platform, env })).toEqual(command);
});
