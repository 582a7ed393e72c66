import { z } from 'zod';
import { EpochMs } from './ids.ts';

/** A place in the order of a timeline: after everything that was earlier, keys settling what happened at once. */
export const EventPlace = z.strictObject({ atMs: EpochMs, key: z.string().min(1).max(400) });
export type EventPlace = z.infer<typeof EventPlace>;

/**
 * Events as the store holds them, the oldest first: on each line of `jsonLines` an `Event` as `eventJson` writes it, unread.
 * The host reads none of a hundred thousand that only a screen looks at, and the screen the front of each: the rest, checked,
 * once somebody looks. `before` is where to go on, known without reading this page; null when nothing stands before it.
 */
export const EventPage = z.strictObject({ before: EventPlace.nullable(), jsonLines: z.string() });
export type EventPage = z.infer<typeof EventPage>;
