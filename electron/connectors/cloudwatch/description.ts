import type { ConnectionDescription } from '../../../shared/vocabulary/connection.ts';

/** What the CloudWatch of these regions is to Countersign. */
export const descriptionOf = (regions: readonly string[]): ConnectionDescription => ({
  reads: [
    `alarms and their history in ${regions.join(', ')}`,
    'what the services of AWS report of themselves, the highest of each sort, while an incident is open',
  ],
  unseen: ['other regions and accounts', 'metrics of your own, unless somebody asks for one by its name'],
  answers: ['one metric by namespace, name and dimensions', 'alarms and their state'],
  writes: [],
});
