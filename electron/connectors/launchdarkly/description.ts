import type { ConnectionDescription } from '../../../shared/vocabulary/connection.ts';

/** What a LaunchDarkly is to Countersign. */
export const description: ConnectionDescription = {
  reads: [
    'each change of a flag in the environments that the connection names, else in the critical ones, with who made it',
  ],
  unseen: [
    'which variation a caller was given',
    'changes of segments, experiments and AI configurations',
    'who is targeted one by one: they are counted, not named',
  ],
  answers: ['how a flag is set and who gets it, rule by rule', 'what was done to it before'],
  writes: [],
};
