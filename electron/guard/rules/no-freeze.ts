import { deny, pass, type Rule } from '../rule.ts';

/** Denies inside a freeze, the way back too: from its first millisecond until its end, which is outside. */
export const noFreeze: Rule = ({ windows: { freeze } }) =>
  freeze
    ? deny(`inside the freeze ${freeze.name} until ${new Date(freeze.untilMs).toISOString()}`)
    : pass('no freeze is in force');
