import { useSyncExternalStore } from 'react';

/** Changes whenever the colours do, for what is drawn rather than styled. */
export const useThemeKey = (): string => useSyncExternalStore(subscribe, key);

const key = () =>
  `${document.documentElement.dataset['theme'] ?? ''} ${document.documentElement.dataset['realm'] ?? ''}`;

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-realm'] });
  return () => observer.disconnect();
}
