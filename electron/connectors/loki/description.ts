import type { ConnectionDescription } from '../../../shared/vocabulary/connection.ts';

/** What a Loki is to Countersign; `scope` holds the matchers that limit it. */
export const descriptionOf = (scope: readonly string[]): ConnectionDescription => ({
  reads: [
    'how many error lines each service writes, as they are written, and some of them where they are suddenly far more than usual',
    'everything else when somebody asks',
  ],
  unseen: [
    'streams without a label that names their service',
    'lines that it has not stored yet, or no longer keeps',
    ...(scope.length === 0 ? [] : [`whatever does not fit ${scope.join(' ')} (reads.logs of the envelope)`]),
  ],
  answers: ['the lines of a service that hold a text, or do not', 'how many there were in each step'],
  writes: [],
});
