import { useSyncExternalStore } from 'react';

/** Changes whenever the colours do, for what is drawn rather than styled. */
export const useThemeKey = (): string => useSyncExternalStore(subscribe, key);

const key = () =>
  `${document.documentElement.dataset['theme'] ?? ''} ${document.documentElement.dataset['realm'] ?? ''}`;

/** One observer for everyone who draws. */
const listeners = new Set<() => void>();
let observer: MutationObserver | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (observer === null) {
    observer = new MutationObserver(() => {
      for (const one of listeners) one();
    });
    observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-realm'] });
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    observer?.disconnect();
    observer = null;
  };
}
