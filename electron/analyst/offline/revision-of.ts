import type { Candidate, Rollout } from './what-was-read.ts';

/** The held revision that a rollout of this name made. */
export const revisionOf = ({ id }: Candidate, rollout: Rollout | undefined) =>
  rollout?.revisions.find(({ revision }) => id.endsWith(`@${revision}`));
