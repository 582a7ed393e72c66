import { setTimeout as pause } from 'node:timers/promises';
import { Failure, messageOf } from '../../platform/failure.ts';
import type { SourceFact } from '../delivered.ts';
import type { Window } from '../samples.ts';
import type { ChangeSource } from '../source.ts';
import { HistoryItems, signalOf, transitionOf } from './alarm-history.ts';
import type { CloudWatchApi } from './api.ts';

const PERIOD_MS = 30_000;
/** CloudWatch writes its history a little later than it happens. */
const OVERLAP_MS = 300_000;
const MOST_SEEN = 10_000;

/**
 * What alarms did, from their history: also of those that fired and were well again between two looks. What was delivered
 * as a firing alert is not told again.
 */
export function historySource(parts: {
  apis: readonly CloudWatchApi[];
  id: string;
  source: string;
  now(): number;
  everyMs?: number;
  isTold(region: string, alarm: string, atMs: number): boolean;
  /** Told whether the history may be read, so that its absence is no silence. */
  onAllowed(allowed: boolean): void;
}): ChangeSource {
  const { apis, id, source, everyMs = PERIOD_MS } = parts;

  async function read(window: Window, signal: AbortSignal): Promise<SourceFact[]> {
    const found = await Promise.all(
      apis.map(async (api) => {
        const items = HistoryItems.safeParse(await api.history(window, signal));
        if (!items.success)
          throw new Failure(
            'bad_reply',
            `CloudWatch in ${api.region} sent a history that cannot be read.`,
            items.error,
          );
        return items.data
          .flatMap((item) => transitionOf(item) ?? [])
          .filter(({ to, alarm, atMs }) => to !== 'ALARM' || !parts.isTold(api.region, alarm, atMs))
          .map((transition) => signalOf(transition, { id, source, region: api.region }));
      }),
    );
    return found.flat().sort((a, b) => a.atMs - b.atMs);
  }

  return {
    async backfill(window, signal) {
      try {
        const found = await read(window, signal);
        parts.onAllowed(true);
        return found;
      } catch (error) {
        // Alarms that fire are seen without it; the status says what is not.
        if (!(error instanceof Failure) || error.code !== 'unauthorized') throw error;
        parts.onAllowed(false);
        return [];
      }
    },

    stream({ onObservations, onState }) {
      const closing = new AbortController();
      const { signal } = closing;
      const seen = new Set<string>();
      let fromMs = parts.now() - OVERLAP_MS;

      async function look(): Promise<void> {
        const toMs = parts.now();
        const found = await read({ fromMs, toMs }, AbortSignal.any([signal, AbortSignal.timeout(9_000)]));
        const fresh = found.filter(({ key }) => !seen.has(key));
        for (const { key } of fresh) seen.add(key);
        for (const key of seen) {
          if (seen.size <= MOST_SEEN) break;
          seen.delete(key);
        }
        if (fresh.length > 0 && !signal.aborted) onObservations(fresh);
        // From where it was last read, so that nothing is missed while the machine sleeps or the network is gone.
        fromMs = toMs - OVERLAP_MS;
      }

      let isDown = false;
      /** Without the right to it less comes, and nothing is wrong; the alarms say how they are by themselves. */
      function answered(allowed: boolean): void {
        parts.onAllowed(allowed);
        if (isDown) onState({ up: true });
        isDown = false;
      }

      void (async () => {
        while (!signal.aborted) {
          try {
            await look();
            if (!signal.aborted) answered(true);
          } catch (error) {
            if (signal.aborted) return;
            if (error instanceof Failure && error.code === 'unauthorized') answered(false);
            else {
              isDown = true;
              onState({ up: false, because: messageOf(error) });
            }
          }
          await pause(everyMs, undefined, { signal }).catch(() => undefined);
        }
      })();
      return () => closing.abort();
    },
  };
}
