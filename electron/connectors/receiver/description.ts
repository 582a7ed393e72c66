import type { ConnectionDescription } from '../../../shared/vocabulary/connection.ts';

/** What a receiver is to Countersign. */
export const description: ConnectionDescription = {
  reads: ['changes that others post: CDEvents of deployments, and changes of any kind as CloudEvents'],
  unseen: ['what nobody posts, and what was posted while Countersign was not running'],
  answers: [],
  writes: [],
};
