import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { Event } from '../../shared/vocabulary/event.ts';

type Added = Extract<HostEvent, { name: 'timeline.added' }>;

/**
 * Hands host events on in their order. Facts of a timeline that come in a burst are handed on together, once a frame: a
 * thousand a second are then drawn sixty times. The first of a burst is not kept waiting, nor is anything else.
 */
export function inBatches(
  take: (event: HostEvent) => void,
  nextFrame: (run: () => void) => void = onNextFrame,
): (event: HostEvent) => void {
  let waiting: Added[] = [];
  let isFrameUnderWay = false;

  function flush(): void {
    const batch = waiting;
    waiting = [];
    for (const event of together(batch)) take(event);
  }

  function frame(): void {
    isFrameUnderWay = waiting.length > 0;
    flush();
    if (isFrameUnderWay) nextFrame(frame);
  }

  return (event) => {
    if (event.name === 'timeline.added' && isFrameUnderWay) {
      waiting.push(event);
      return;
    }
    flush();
    take(event);
    if (event.name !== 'timeline.added') return;
    isFrameUnderWay = true;
    nextFrame(frame);
  };
}

function together(batch: readonly Added[]): Added[] {
  const byIncident = Map.groupBy(batch, ({ incident }) => incident);
  return [...byIncident].map(([incident, all]) => ({
    name: 'timeline.added',
    incident,
    events: all.flatMap(({ events }): Event[] => events),
  }));
}

/** A hidden page draws no frames, and must take its facts all the same. */
const HIDDEN_MS = 100;
function onNextFrame(run: () => void): void {
  if (typeof document === 'undefined' || document.visibilityState === 'hidden') setTimeout(run, HIDDEN_MS);
  else requestAnimationFrame(run);
}
