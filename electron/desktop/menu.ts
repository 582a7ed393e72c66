import { Menu, type MenuItemConstructorOptions } from 'electron';

/**
 * The usual menu reloads, opens developer tools and leads to web pages; ours stops everything. macOS needs one for copy and
 * paste to work. Elsewhere it shows with the Alt key.
 */
export function setMenu(platform: string, stop: MenuItemConstructorOptions): void {
  const macOs = [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }] as const;
  const own = { label: '&Stop', submenu: [stop] };
  Menu.setApplicationMenu(Menu.buildFromTemplate(platform === 'darwin' ? [...macOs, own] : [own]));
}
