import { z } from 'zod';
import { EpochMs } from './ids.ts';

/** A place in the order of a timeline: after everything that was earlier, keys settling what happened at once. */
export const EventPlace = z.strictObject({ atMs: EpochMs, key: z.string().min(1).max(400) });
export type EventPlace = z.infer<typeof EventPlace>;

/**
 * Events as the store holds them, the oldest first: a JSON array of `Event`, unread. The host reads none of a hundred
 * thousand that only a screen looks at; the screen checks each. `before` is where to go on, known without reading this
 * page; null when nothing stands before it.
 */
export const EventPage = z.strictObject({ before: EventPlace.nullable(), json: z.string() });
export type EventPage = z.infer<typeof EventPage>;
