import { useCallback, useEffect, useRef, useState } from 'react';
import { messageOf } from './call.ts';
import { useHost } from './host.ts';

/** What was read of the host, in the words that `WhenRead` shows. */
export type Reading<T> = {
  /** The newest that could be read; it stays when a later reading fails. Null until there is one. */
  value: T | null;
  /** Why the newest reading failed. */
  problem: string | null;
  /** When the value was read, on this machine's clock; 0 while there is none. */
  readMs: number;
  again(): void;
  /** Takes over what the host answered to something else. */
  take(value: T): void;
};

/**
 * Reads something of the host and keeps it as new as the host is known to be: it is read again when `changed` does and
 * when the host was away. `of` says what it is about: of another thing nothing is shown. Late answers are dropped.
 */
export function useRead<T>(of: string, ask: () => Promise<T>, changed: string | number = ''): Reading<T> {
  const readings = useHost((host) => host.readings);
  const [state, setState] = useState<State<T>>({ of, ...NOTHING });
  const asked = useRef(0);
  const shown = state.of === of ? state : NOTHING;

  const latest = useRef(ask);
  latest.current = ask;
  const take = useCallback(
    (value: T) => {
      asked.current += 1;
      setState({ of, value, problem: null, readMs: Date.now() });
    },
    [of],
  );
  const again = useCallback(() => {
    asked.current += 1;
    const mine = asked.current;
    setState((known) => (known.of === of ? { ...known, problem: null } : { of, ...NOTHING }));
    latest.current().then(
      (value) => mine === asked.current && take(value),
      (error: unknown) =>
        mine === asked.current && setState((known) => ({ ...known, problem: messageOf(error) })),
    );
  }, [of, take]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what makes it worth reading again.
  useEffect(() => {
    again();
    return () => {
      asked.current += 1;
    };
  }, [of, changed, readings]);
  return { value: shown.value, problem: shown.problem, readMs: shown.readMs, again, take };
}

type State<T> = { of: string; value: T | null; problem: string | null; readMs: number };
const NOTHING = { value: null, problem: null, readMs: 0 };
