import { useSyncExternalStore } from 'react';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import { useHost } from './host.ts';

/** One ticker for every age on the screen; it runs only while somebody shows one. */
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function tick() {
  now = Date.now();
  for (const listener of listeners) listener();
}

/** This machine's time, to the second. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

/** The time of the realm: a drill's clock is apart from the machine's and may run faster. */
export function useClock(realm: Realm): number {
  const machineMs = useNow();
  const offsetMs = useHost(({ status }) => status?.drillClockOffsetMs ?? 0);
  const speed = useHost(({ status }) => (status?.drill?.paused ? 0 : (status?.drill?.speed ?? 1)));
  const receivedMs = useHost(({ statusReceivedMs }) => statusReceivedMs);
  return realm === 'real' ? machineMs : drillTime({ machineMs, offsetMs, speed, receivedMs });
}

/** `offsetMs` was true at `receivedMs`; since then the drill's clock ran `speed` times as fast as the machine's. */
export function drillTime(at: {
  machineMs: number;
  offsetMs: number;
  speed: number;
  receivedMs: number;
}): number {
  // The ticker may be a moment behind the status: a clock that was just paused must not go on for that moment.
  const sinceMs = Math.max(0, at.machineMs - at.receivedMs);
  return at.receivedMs + at.offsetMs + sinceMs * at.speed;
}
