import { Menu } from 'electron';

/** The usual menu reloads, opens developer tools and leads to web pages. macOS needs one for copy and paste to work. */
export function setMenu(platform: string): void {
  const macOs = [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }] as const;
  Menu.setApplicationMenu(platform === 'darwin' ? Menu.buildFromTemplate([...macOs]) : null);
}
