import { escalate, pass, type Rule } from '../rule.ts';

/** What cannot say how it is undone is a human's job from the start. */
export const hasBackOut: Rule = ({ reversible, backOutCommand }) =>
  reversible && backOutCommand.trim() !== ''
    ? pass('it can be backed out')
    : escalate('it has no back-out: a human takes over with a runbook');
