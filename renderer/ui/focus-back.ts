import { useCallback, useState } from 'react';

/** Where the focus was when each dialog opened, nearest first. */
const openers = new WeakMap<Element, readonly Element[]>();

/**
 * What the content of a dialog needs so that the focus goes back where it came from. A focus that somebody took on the way
 * out stays there. Radix gives it back to a trigger of its own alone, and these dialogs are opened by state and by keys.
 */
export function useFocusBack() {
  // Asked before anything of the dialog is there: a field with `autoFocus` has the focus before any effect runs.
  const [from] = useState(openersNow);
  const ref = useCallback((content: Element | null) => void (content && openers.set(content, from)), [from]);
  return {
    ref,
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      if (document.activeElement !== null && document.activeElement !== document.body) return;
      const back = from.find((element) => element.isConnected);
      if (back instanceof HTMLElement) back.focus({ preventScroll: true });
    },
  };
}

/** What has the focus; of something in another dialog also what that one came from, for it may be closed meanwhile. */
function openersNow(): readonly Element[] {
  const active = document.activeElement;
  if (active === null || active === document.body) return [];
  const within = active.closest('[role=dialog]');
  return [active, ...((within && openers.get(within)) ?? [])];
}
