import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { Event } from '../../shared/vocabulary/event.ts';

type Added = Extract<HostEvent, { name: 'timeline.added' }>;

/**
 * How long facts of a burst are gathered. Nobody reads a line that is pushed out of view within a frame or two, and drawing
 * a thousand a second sixty times leaves no time for what a person presses; ten times does, and still looks live.
 */
const GATHERED_MS = 100;

/**
 * Hands host events on in their order. Facts of a timeline that come in a burst are handed on together. The first of a
 * burst is not kept waiting, nor is anything else.
 */
export function inBatches(
  take: (event: HostEvent) => void,
  later: (run: () => void) => void = (run) => void setTimeout(run, GATHERED_MS),
): (event: HostEvent) => void {
  let waiting: Added[] = [];
  let isGathering = false;

  function flush(): void {
    const batch = waiting;
    waiting = [];
    for (const event of together(batch)) take(event);
  }

  function handOn(): void {
    isGathering = waiting.length > 0;
    flush();
    if (isGathering) later(handOn);
  }

  return (event) => {
    if (event.name === 'timeline.added' && isGathering) {
      waiting.push(event);
      return;
    }
    flush();
    take(event);
    if (event.name !== 'timeline.added') return;
    isGathering = true;
    later(handOn);
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
