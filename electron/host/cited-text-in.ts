import { z } from 'zod';
import { citedText } from '../proposals/cited-text.ts';
import type { ProposalContext } from '../proposals/context.ts';
import type { Timeline } from '../timeline/timeline.ts';

const Read = z.object({ observed: z.boolean() });

/** Looks cited facts up where they are kept: on the timeline, and among the recorded reads of the analyst. */
export function citedTextIn(where: {
  timeline: Timeline;
  readOf(id: string, incident: string): string | undefined;
}): ProposalContext['citedText'] {
  return (incident, evidence) => {
    const events = new Map(where.timeline.ofIncident(incident).map((event) => [event.key, event]));
    return citedText(evidence, {
      event: (key) => events.get(key),
      readIsObserved(id) {
        const read = where.readOf(id, incident);
        if (read === undefined) return undefined;
        const parsed = Read.safeParse(JSON.parse(read));
        return parsed.success && parsed.data.observed;
      },
      readText: (id) => where.readOf(id, incident),
    });
  };
}
