import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../../platform/failure.ts';

/** What one shows a server, and until when it holds; absent when it is not said. */
export type Shown = { token?: string; cert?: string; key?: string; untilMs?: number | undefined };
/** Obtains it anew. `name` is who is asked, in a sentence. */
export type Asking = { name: string; ask(): Promise<Shown> };

/** Nothing is shown that may expire on its way. */
const marginMs = 5_000;

export const holds = (untilMs: number | undefined, nowMs: number): boolean =>
  untilMs === undefined || untilMs - marginMs > nowMs;

/**
 * Keeps what was obtained until it expires, and asks once however many want it: a second window of a browser helps
 * nobody, and a provider may take a refresh token shown twice for a stolen one. Asking goes on behind the back of those
 * who were told to wait, since a person may be signing in just then. They are told after five seconds: a source's trouble is
 * named within ten.
 */
export function oneAtATime(
  { name, ask }: Asking,
  { nowMs = Date.now, patienceMs = 5_000 }: { nowMs?: () => number; patienceMs?: number } = {},
): () => Promise<Shown> {
  let kept: Shown | undefined;
  let asking: Promise<Shown> | undefined;
  return async () => {
    if (kept && holds(kept.untilMs, nowMs())) return kept;
    asking ??= ask()
      .then((shown) => {
        kept = shown;
        return shown;
      })
      .finally(() => {
        asking = undefined;
      });
    asking.catch(() => {}); // Nobody may be waiting any more when it fails; whoever comes next asks anew.
    const patience = new AbortController();
    const waited = pause(patienceMs, 'waited' as const, { signal: patience.signal, ref: false });
    waited.catch(() => {}); // Called off below.
    try {
      const first = await Promise.race([asking, waited]);
      if (first !== 'waited') return first;
    } finally {
      patience.abort();
    }
    throw new Failure(
      'timeout',
      `${name} has not answered yet. Does it wait for you to sign in, in a browser perhaps?`,
    );
  };
}
