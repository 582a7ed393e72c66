import { useSyncExternalStore } from 'react';

/** Pixels of the screen to one of CSS; another one once the page is zoomed or the window is on another screen. */
export const usePixelRatio = (): number => useSyncExternalStore(subscribe, () => devicePixelRatio);

const listeners = new Set<() => void>();
let query: MediaQueryList | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (query === null) watch();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) unwatch();
  };
}

/** A query holds for one ratio: it is asked anew for each. */
function watch(): void {
  query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  query.addEventListener('change', tell);
}

function unwatch(): void {
  query?.removeEventListener('change', tell);
  query = null;
}

function tell(): void {
  unwatch();
  watch();
  for (const listener of listeners) listener();
}
