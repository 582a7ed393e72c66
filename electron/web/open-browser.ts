import { spawn } from 'node:child_process';

/**
 * Asks the system to show an address in the person's browser. It may fail silently (no browser, no screen): the address
 * stands in the terminal all the same.
 */
export function openBrowser(
  url: string,
  surroundings = { platform: process.platform, env: process.env },
): void {
  const command = openingCommand(url, surroundings);
  if (!command) return;
  const [program, ...args] = command;
  const child = spawn(program, args, { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}

type Surroundings = { platform: string; env: Record<string, string | undefined> };

/** Program and arguments, never a shell line; null where there is no screen to show it on. */
export function openingCommand(url: string, { platform, env }: Surroundings): [string, ...string[]] | null {
  if (platform === 'darwin') return ['open', url];
  // `start` belongs to the shell, which gives & and % a meaning.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open', url] : null;
}
