import type { ConnectionDescription } from '../../../shared/vocabulary/connection.ts';

/** What a flag file is to Countersign. */
export const description: ConnectionDescription = {
  reads: ['each edit of the file, once a second, and its commits where it lies in a git repository'],
  unseen: [
    'who made an edit that is not what git holds',
    'edits made while Countersign did not run, where they are in no repository',
    'whether a flagd has taken up the file',
  ],
  answers: ['how a flag is set and who gets it', 'what was done to it since it is watched, or as git has it'],
  writes: [],
};
