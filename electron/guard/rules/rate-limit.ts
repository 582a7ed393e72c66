import { deny, pass, type Rule } from '../rule.ts';

/** At most N executions on one target within an hour; back-outs are never counted or limited. */
export const rateLimit: Rule = ({ envelope, executionsOnTarget, backsOut }) => {
  const limit = envelope.limits.executionsPerTargetAndHour;
  if (backsOut || executionsOnTarget < limit)
    return pass(`${executionsOnTarget} of ${limit} executions this hour`);
  return deny(
    `already ${executionsOnTarget} executions on this target within the hour, the limit is ${limit}`,
  );
};
