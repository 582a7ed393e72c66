import { useEffect } from 'react';
import { act } from './commands.ts';
import { isTyping } from './is-typing.ts';
import { type KeyState, pressed } from './keyboard.ts';

/** Listens to the keyboard of the whole window. */
export function useKeyboard(): void {
  useEffect(() => {
    let state: KeyState = { goingTo: false };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const answer = pressed(state, {
        key: event.key,
        code: event.code,
        ctrlOrMeta: event.ctrlKey || event.metaKey,
        shift: event.shiftKey,
        alt: event.altKey,
        typing: isTyping(event.target),
        inDialog: document.querySelector('[role="dialog"]') !== null,
      });
      state = answer.state;
      if (!answer.action) return;
      event.preventDefault();
      act(answer.action);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}
