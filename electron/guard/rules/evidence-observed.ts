import { assertNever } from '../../platform/assert-never.ts';
import { pass, type Rule, raise } from '../rule.ts';

/** Whoever can write a log line or a label must not be one click away from production. */
export const evidenceObserved: Rule = ({ evidence }) => {
  switch (evidence) {
    case 'observed':
      return pass('it rests on what a connection measured');
    case 'suspicious':
      return raise('confirm', 'a text that it cites looks like instructions');
    case 'outsider-text-only':
      return raise(
        'confirm',
        'it rests only on text that an outsider can write, as a log line or a label, and no second source agrees',
      );
    default:
      return assertNever(evidence);
  }
};
