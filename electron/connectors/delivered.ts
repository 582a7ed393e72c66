import type { Observation } from '../../shared/vocabulary/event.ts';

/** A fact as a connector delivers it: with what its system sent of it, word for word, where it is kept as evidence. */
export type Delivered = Observation & {
  /** Text of the system's own answer. It is hidden in, bounded and kept by whoever stores the fact, never shown as it is. */
  raw?: string;
};
