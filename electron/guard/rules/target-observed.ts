import { pass, type Rule, raise } from '../rule.ts';

/** A target that nobody but the proposer has named may not exist, or may not be what it seems: no click does for it. */
export const targetObserved: Rule = ({ targetObserved, target }) =>
  targetObserved
    ? pass('a connection reported the target in this incident')
    : raise('confirm', `no connection reported ${target.namespace}/${target.name} in this incident`);
