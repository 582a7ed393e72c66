import { useState } from 'react';

const PREFIX = 'countersign.draft.';

/**
 * What a person is writing, kept with this tab until it is sent: another place, a reload and a host that was restarted
 * take nothing away. `name` says what it is written for.
 */
export function useDraft(name: string, unwritten = ''): [string, (text: string) => void] {
  const [text, setText] = useState(() => sessionStorage.getItem(PREFIX + name) ?? unwritten);
  return [
    text,
    (next) => {
      setText(next);
      keep(name, next === unwritten ? null : next);
    },
  ];
}

export const hasDraft = (name: string): boolean => sessionStorage.getItem(PREFIX + name) !== null;

/** A tab that has no room left still shows what is typed in it. */
function keep(name: string, text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, text);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
