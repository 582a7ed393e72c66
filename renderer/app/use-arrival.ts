import { type RefObject, useEffect, useRef } from 'react';
import { isTyping } from './is-typing.ts';

/**
 * After going from one place to another the focus is in the new one, so that the next Tab goes on there and a screen reader
 * says where it is. A page that is opened for the first time is left as browsers leave it, at its beginning, where the
 * link that skips to the place comes first; one that is read again stays where it was read.
 */
export function useArrival(place: string, main: RefObject<HTMLElement | null>): void {
  const arrivedAt = useRef<string | null>(isReload() ? '' : null);
  useEffect(() => {
    const isFirst = arrivedAt.current === null;
    if (arrivedAt.current === place) return;
    arrivedAt.current = place;
    if (isFirst) return;
    // After a dialog that led here gave the focus back to what opened it.
    const timer = setTimeout(() => {
      if (mayTakeFocus(main.current)) main.current?.focus({ preventScroll: true });
    });
    return () => clearTimeout(timer);
  }, [place, main]);
}

/** Not from somebody who types or answers a dialog, nor from what the place itself put it on. */
function mayTakeFocus(main: HTMLElement | null): boolean {
  const active = document.activeElement;
  return !isTyping(active) && !main?.contains(active) && document.querySelector('[role="dialog"]') === null;
}

function isReload(): boolean {
  const [navigation] = performance.getEntriesByType('navigation');
  return navigation instanceof PerformanceNavigationTiming && navigation.type === 'reload';
}
