import type { ConnectionDescription } from '../../../shared/vocabulary/connection.ts';

/** What an Unleash is to Countersign. */
export const description: ConnectionDescription = {
  reads: ['each change of a flag in its production environments, with who made it'],
  unseen: [
    'which variant a caller was given',
    'flags that no tag and no name gives to a service, as far as services go',
  ],
  answers: ['how a flag is set and who gets it, rule by rule', 'what was done to it before'],
  writes: ['a flag on or off, or the percentage of its one strategy'],
};
