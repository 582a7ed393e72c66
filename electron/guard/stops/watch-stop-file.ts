import { type FSWatcher, watch as watchFolder } from 'node:fs';
import { STOP_FILE } from './stop-file.ts';

/** Half of what a stop may take, twice over: a watcher can die without a word (network file systems, a full queue). */
const POLL_MS = 250;

/**
 * Calls `look` soon after anything happens to the stop file, and four times a second in any case. It runs on the machine's
 * own time: a drill may stand still, a stop must not. Returns the way to end it.
 */
export function watchStopFile(dataDir: string, look: () => void, watch = watchFolder): () => void {
  const watcher = watching(dataDir, look, watch);
  const timer = setInterval(look, POLL_MS);
  return () => {
    clearInterval(timer);
    watcher?.close();
  };
}

function watching(dataDir: string, look: () => void, watch: typeof watchFolder): FSWatcher | undefined {
  try {
    const watcher = watch(dataDir, { persistent: false }, (_event, name) => {
      if (name === null || name === STOP_FILE) look();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    // No watches are left, or the file system has none: the file is looked at by the clock alone.
    return undefined;
  }
}
