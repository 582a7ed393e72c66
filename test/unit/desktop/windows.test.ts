import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { placeFile } from '../../../electron/desktop/place-file.ts';
import { openWindows } from '../../../electron/desktop/windows.ts';
import { silentLogger } from '../../../electron/platform/logger.ts';
import { IncidentId } from '../../../shared/vocabulary/ids.ts';
import { newDataDir } from '../../fixtures/data-dir.ts';
import { circumstances, nativeTheme, recorded, resetStandIn } from '../../fixtures/electron-stand-in.ts';

let path: string;
beforeEach(() => {
  resetStandIn();
  path = join(newDataDir(), 'screen', 'windows.json');
});

const open = () =>
  openWindows({
    look: { preload: '/app/preload.cjs', devTools: false, icon: '/app/icon.png' },
    places: placeFile(path, silentLogger),
    logger: silentLogger,
  });
const one = IncidentId.parse('inc-1');
const other = IncidentId.parse('inc-2');

it('opens in the middle of the primary display the first time, and where it was the next', () => {
  open();
  expect(recorded.windows[0]?.bounds).toEqual({ x: 160, y: 40, width: 1_600, height: 960 });
  const moved = { x: 300, y: 12, width: 1_100, height: 700 };
  Object.assign(recorded.windows[0] ?? {}, { bounds: moved, maximised: true });
  recorded.windows[0]?.close();
  open();
  expect(recorded.windows[1]?.bounds).toEqual(moved);
  expect(recorded.windows[1]?.maximised).toBe(true);
});

it('remembers them at a quit, which closes windows without a word', () => {
  const windows = open();
  Object.assign(recorded.windows[0] ?? {}, { bounds: { x: 300, y: 12, width: 1_100, height: 700 } });
  windows.remember();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([
    { display: 1, place: { x: 300, y: 12, width: 1_100, height: 700, maximised: false } },
  ]);
});

it.each([
  '',
  '{',
  '[{"display":1}]',
  '[{"display":1,"place":{"x":1e99,"y":0,"width":1,"height":1,"maximised":false}}]',
])('opens as the first time when the file holds %j', (content) => {
  mkdirSync(join(path, '..'));
  writeFileSync(path, content);
  open();
  expect(recorded.windows[0]?.bounds).toEqual({ x: 160, y: 40, width: 1_600, height: 960 });
});

it('shows an incident in the window that has it open, without loading anything anew', () => {
  const windows = open();
  windows.goToIncident(one);
  windows.openAnother();
  windows.goTo('#/ledger');
  expect(recorded.windows.map(({ url }) => url)).toEqual([
    'app://countersign/#/room/inc-1',
    'app://countersign/#/ledger',
  ]);
  windows.goToIncident(one);
  expect(recorded.windows[0]?.hasFocus).toBe(true);
  expect(recorded.windows[0]?.loaded).toHaveLength(2);
  expect(recorded.windows[1]?.loaded.at(-1)).toBe('app://countersign/#/ledger');
});

it('leads the last used window to another incident, out of the dock', () => {
  const windows = open();
  windows.openAnother();
  recorded.windows[0]?.focus();
  Object.assign(recorded.windows[0] ?? {}, { minimised: true });
  windows.goToIncident(other);
  expect(recorded.windows[0]?.url).toBe('app://countersign/#/room/inc-2');
  expect(recorded.windows[0]?.minimised).toBe(false);
  windows.goTo('#/room/inc-2');
  expect(recorded.windows[0]?.loaded).toHaveLength(2);
});

it('opens another window on the same incident beside the first', () => {
  const windows = open();
  windows.goToIncident(one);
  windows.openAnother();
  expect(recorded.windows[1]?.url).toBe('app://countersign/#/room/inc-1');
  expect(recorded.windows[1]?.bounds).toEqual({ x: 192, y: 72, width: 1_600, height: 960 });
});

it('opens one anew when all were closed', () => {
  const windows = open();
  recorded.windows[0]?.close();
  windows.goToIncident(one);
  expect(recorded.windows).toHaveLength(2);
  expect(recorded.windows[1]?.url).toBe('app://countersign/#/room/inc-1');
});

it('shows a screen that crashed again', () => {
  open();
  recorded.windows[0]?.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
  expect(recorded.windows[0]?.reloads).toBe(1);
});

it('stands on the ground of the theme before there is a page, and after it was changed', () => {
  circumstances.systemIsDark = false;
  open();
  expect(recorded.windows[0]?.background).toBe(tokenOf('light'));
  nativeTheme.themeSource = 'dark';
  expect(recorded.windows[0]?.background).toBe(tokenOf('dark'));
});

/** What the style sheet calls the ground. */
function tokenOf(theme: 'dark' | 'light'): string | undefined {
  const css = readFileSync(new URL('../../../renderer/ui/tokens.css', import.meta.url), 'utf8');
  return new RegExp(`\\[data-theme="${theme}"\\] \\{[^}]*?--ground: (#[0-9a-f]{6});`).exec(css)?.[1];
}
