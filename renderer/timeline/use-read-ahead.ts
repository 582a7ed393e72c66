import { useEffect } from 'react';
import type { EventLine } from '../state/event-line.ts';
import { atIdle } from '../ui/at-idle.ts';

/** Lines that are read in one go: under a millisecond. */
const AT_ONCE = 200;

/** Reads what nobody has looked at yet while the screen has nothing else to do, so that the first search finds it read. */
export function useReadAhead(lines: readonly EventLine[], isWhole: boolean): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: what comes later comes read.
  useEffect(() => {
    if (!isWhole) return;
    const starts = Array.from({ length: Math.ceil(lines.length / AT_ONCE) }, (_, nth) => nth * AT_ONCE);
    return atIdle(starts, (from) => {
      for (let at = from; at < from + AT_ONCE; at += 1) void lines[at]?.event;
    });
  }, [isWhole]);
}
