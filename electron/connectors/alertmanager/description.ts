import type { ConnectionDescription } from '../../../shared/vocabulary/connection.ts';

/** What an Alertmanager is to Countersign. */
export const description: ConnectionDescription = {
  reads: [
    'alerts that it holds, every few seconds, with their groups',
    'which of them are silenced, inhibited or muted, and by whom',
  ],
  unseen: [
    'the values behind an alert: connect the Prometheus that sends it',
    'alerts that were resolved before they were read: it keeps none that ended, the Prometheus that sends them does',
  ],
  answers: [],
  writes: [],
};
