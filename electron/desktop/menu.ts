import { Menu, type MenuItemConstructorOptions } from 'electron';

type MenuOptions = {
  platform: string;
  devTools: boolean;
  stop: MenuItemConstructorOptions;
  onNewWindow(): void;
  onGo(address: string): void;
};

/**
 * The usual menu reloads and leads to web pages; ours opens windows, goes to places and stops everything. Beside macOS it
 * shows with the Alt key, and its keys work all the same. The stop has none here: Ctrl/⌘ Shift . is the screen's, which asks
 * once, and this entry does not.
 */
export function setMenu({ platform, devTools, stop, onNewWindow, onGo }: MenuOptions): void {
  const place = (label: string, accelerator: string, address: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => onGo(address),
  });
  const menu: MenuItemConstructorOptions[] = [
    {
      label: '&File',
      submenu: [
        { label: 'New window', accelerator: 'CmdOrCtrl+Shift+N', click: onNewWindow },
        { type: 'separator' },
        { role: platform === 'darwin' ? 'close' : 'quit' },
      ],
    },
    // Copy and paste on macOS work through the menu alone.
    { role: 'editMenu' },
    {
      label: '&Go',
      submenu: [
        place('Incidents', 'CmdOrCtrl+1', '#/incidents'),
        place('Ledger', 'CmdOrCtrl+2', '#/ledger'),
        place('Envelope', 'CmdOrCtrl+3', '#/envelope'),
        place('Settings', 'CmdOrCtrl+,', '#/settings'),
      ],
    },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(devTools ? [{ role: 'toggleDevTools' } as const] : []),
      ],
    },
    { role: 'windowMenu' },
    { label: '&Stop', submenu: [stop] },
  ];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(platform === 'darwin' ? [{ role: 'appMenu' }, ...menu] : menu),
  );
}
