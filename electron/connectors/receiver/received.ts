import type { CloudEvent } from './cloud-event.ts';
import type { Told } from './told.ts';

/** One event as it was taken in, whoever sent it and in whatever shape. */
export type Received = {
  /** Who says it, under which id, and when. */
  event: Omit<CloudEvent, 'data'>;
  /** The change it tells of, or null where it tells of none. */
  told: Told | null;
  /** What was sent of it. */
  raw: string;
};
