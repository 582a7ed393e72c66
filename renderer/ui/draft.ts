import { useRef, useState } from 'react';

const PREFIX = 'countersign.draft.';

/**
 * What a person is writing, kept with this tab until it is sent: another place, a reload and a host that was restarted
 * take nothing away. `name` says what it is written for; `unwritten` is what stands there as long as nothing was written.
 * INVARIANT: no secret is ever given to it, for what it keeps is readable to whoever looks at the tab.
 *
 * It is kept with the tab and not with the origin, since another program may listen on the same port tomorrow.
 */
export function useKept<T>(
  name: string,
  unwritten: T,
  /** Makes of what was kept what can be gone on with, or undefined where it cannot. */
  read: (kept: unknown) => T | undefined,
  /** The part that may be kept. */
  keepable: (value: T) => unknown = (value) => value,
): Kept<T> {
  const [held, hold] = useState<Held<T>>(() => ({ name, written: readKept(name, read) }));
  const written = held.name === name ? held.written : readKept(name, read);
  const value = written === undefined ? unwritten : written.value;
  // What is written while something is under way counts, also for who asked before it was written.
  const newest = useRef(value);
  newest.current = value;
  const forget = () => {
    newest.current = unwritten;
    hold({ name, written: undefined });
    keep(name, null);
  };
  const set = (next: T | ((now: T) => T)) => {
    const to = next instanceof Function ? next(newest.current) : next;
    if (JSON.stringify(to) === JSON.stringify(unwritten)) return forget();
    newest.current = to;
    hold({ name, written: { value: to } });
    const kept = JSON.stringify(keepable(to));
    keep(name, kept === JSON.stringify(keepable(unwritten)) ? null : kept);
  };
  return { value, isWritten: written !== undefined, set, forget };
}

export type Kept<T> = {
  value: T;
  /** Whether something stands there that was not sent yet. */
  isWritten: boolean;
  set(next: T | ((now: T) => T)): void;
  /** It was sent, or given up: what stands there is what is not written. */
  forget(): void;
};
type Held<T> = { name: string; written: { value: T } | undefined };

/** A text that is kept while it is written. */
export const useDraft = (name: string, unwritten = ''): Kept<string> => useKept(name, unwritten, textIn);

/** Of a text that was sent: what was written meanwhile stays. */
export const unlessChanged = (sent: string) => (now: string) => (now === sent ? '' : now);

export const hasDraft = (name: string): boolean => sessionStorage.getItem(PREFIX + name) !== null;

const textIn = (kept: unknown) => (typeof kept === 'string' ? kept : undefined);

function readKept<T>(name: string, read: (kept: unknown) => T | undefined): Held<T>['written'] {
  const kept = sessionStorage.getItem(PREFIX + name);
  if (kept === null) return undefined;
  const value = read(parsed(kept));
  return value === undefined ? undefined : { value };
}

function parsed(kept: string): unknown {
  try {
    return JSON.parse(kept);
  } catch {
    return undefined;
  }
}

/** A tab that has no room left still shows what is typed in it. */
function keep(name: string, text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(PREFIX + name);
    else sessionStorage.setItem(PREFIX + name, text);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
