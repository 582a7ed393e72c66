import { pass, type Rule, raise } from '../rule.ts';

/** Whoever can write a log line or a label must not be one click away from production. */
export const evidenceObserved: Rule = ({ evidence }) =>
  evidence === 'observed'
    ? pass('it rests on what a connection measured')
    : raise('confirm', 'it rests only on text that an outsider can write, as a log line or a label');
