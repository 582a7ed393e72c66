import { execFileSync } from 'node:child_process';

/**
 * Standard input, paused while this process is in the background of a terminal: there the system stops a job that tries
 * to read (POSIX, "Terminal Access Control"), and the incident's work with it.
 */
export function terminalInput() {
  const { stdin } = process;
  if (!stdin.isTTY || process.platform === 'win32') return stdin;
  const follow = () => (isInForeground() ? stdin.resume() : stdin.pause());
  // A listener added later would start the reading by itself, unless paused before.
  follow();
  // Sent by the shell with `fg` and with `bg`.
  process.on('SIGCONT', follow);
  return stdin;
}

function isInForeground() {
  try {
    const groups = execFileSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], {
      encoding: 'utf8',
    });
    const [own, foreground] = groups.trim().split(/\s+/);
    return own === foreground;
  } catch {
    return false; // Nobody to ask: better deaf than stopped.
  }
}
