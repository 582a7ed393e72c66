import { setTimeout } from 'node:timers/promises';

/**
 * Time as those wait for it who ask again and again: ends after so long, or as soon as the signal aborts. It never fails;
 * whoever waits looks at the signal.
 */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export const pause: Pause = (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined);
