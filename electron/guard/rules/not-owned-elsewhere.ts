import { escalate, pass, type Rule } from '../rule.ts';

/** A live edit of what a GitOps controller owns would be reverted, so the way back leads through its repository. */
export const notOwnedElsewhere: Rule = ({ managedBy }) =>
  managedBy === 'argo-cd' || managedBy === 'flux'
    ? escalate(`${managedBy} owns the target and would revert a live edit: revert it in its repository`)
    : pass('no controller would revert it');
