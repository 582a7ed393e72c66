import type { ConnectionDescription } from '../../../shared/vocabulary/connection.ts';
import type { ReceivedKind } from '../../../shared/vocabulary/receiver-place.ts';

const reads: Record<ReceivedKind, string> = {
  events: 'changes that others post: CDEvents of deployments, and changes of any kind as CloudEvents',
  alertmanager: 'alerts that an Alertmanager tells by its webhook',
  github: 'deployments, releases and pushes to the default branch that GitHub tells by its webhook, signed',
  'argo-cd': 'syncs that Argo CD tells by its notifications',
};

/** What a receiver is to Countersign. */
export const descriptionOf = (takes: readonly ReceivedKind[]): ConnectionDescription => ({
  reads: takes.map((kind) => reads[kind]),
  unseen: [
    'what nobody posts, and what was posted while Countersign was not running',
    ...(takes.includes('alertmanager') ? ['alerts that were told before Countersign was started'] : []),
  ],
  answers: [],
  writes: [],
});
