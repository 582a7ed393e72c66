import { deny, pass, type Rule } from '../rule.ts';

/** Stop wins: nothing is offered or executed until a named human lifts it. */
export const notStopped: Rule = ({ stop }) =>
  stop.stopped ? deny(`stopped by ${stop.by}: ${stop.reason}`) : pass('no stop is in force');
