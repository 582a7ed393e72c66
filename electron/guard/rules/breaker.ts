import { deny, pass, type Rule } from '../rule.ts';

/** After an outcome `worse` or N failures in a row only the way back is open. */
export const breaker: Rule = ({ envelope, lastWasWorse, failuresInARow, backsOut }) => {
  if (backsOut) return pass('a back-out passes the breaker');
  if (lastWasWorse) return deny('the last action made it worse: back it out first');
  if (failuresInARow >= envelope.limits.failuresInARow)
    return deny(`${failuresInARow} executions failed in a row`);
  return pass('no breaker is open');
};
