import { z } from 'zod';
import { quickParse } from '../../shared/bridge/quick-check.ts';
import { Event } from '../../shared/vocabulary/event.ts';
import type { EventPage } from '../../shared/vocabulary/event-page.ts';

const parse = quickParse(z.array(Event));

/** The events of a page, each checked. @throws Error when one of them is not understood. */
export function eventsIn({ json }: EventPage): Event[] {
  const events = parse(JSON.parse(json));
  if (!events.success) throw new Error('Countersign sent events that this screen does not understand.');
  return events.data;
}
