import { nativeTheme } from 'electron';
import { HostStatus, type Theme } from '../../shared/vocabulary/status.ts';
import type { Host } from '../host/host.ts';

/** `--ground` of renderer/ui/tokens.css: what a window shows before its page does, so that nothing flashes. */
export const GROUND = { dark: '#0d0f13', light: '#eef0f3' } as const;

export const ground = (): string => (nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light);

/**
 * Menus, dialogs and `prefers-color-scheme` follow the theme that the person chose. Known once this resolves, so that the
 * first window opens in it. Gives the way to end it.
 */
export async function followTheme(host: Pick<Host, 'dispatch' | 'subscribe'>): Promise<() => void> {
  const apply = (theme: Theme) => {
    // Setting the same again would tell every window to draw itself anew.
    if (nativeTheme.themeSource !== theme) nativeTheme.themeSource = theme;
  };
  const end = host.subscribe((event) => {
    if (event.name === 'status.changed') apply(event.status.theme);
  });
  const reply = await host.dispatch('host.status', {});
  if (reply.ok) apply(HostStatus.parse(reply.value).theme);
  return end;
}
