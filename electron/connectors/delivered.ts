import type { Observation } from '../../shared/vocabulary/event.ts';

/**
 * Text of a system's own answer, or how it is come by: what is long to write is written once, when the fact is kept. It is
 * hidden in, bounded and kept by whoever stores the fact, never shown as it is.
 */
export type Raw = string | (() => string);

/** A fact as it is handed to the timeline: with what its system sent of it, where it is kept as evidence. */
export type Delivered = Observation & { raw?: Raw | null };

/**
 * A fact as a source delivers it. What the system sent of it belongs to it: null only where nothing was sent, as of an object
 * that is gone, or where it was too much to be held until somebody asked.
 */
export type SourceFact = Observation & { raw: Raw | null };

/** What was sent of a fact; null where nothing is there to be kept. */
export const rawText = ({ raw }: { raw?: Raw | null }): string | null =>
  typeof raw === 'function' ? raw() : (raw ?? null);
