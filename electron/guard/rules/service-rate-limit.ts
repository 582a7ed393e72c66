import { deny, pass, type Rule } from '../rule.ts';

/** At most N executions on everything that serves one service within an hour; back-outs are never counted or limited. */
export const serviceRateLimit: Rule = ({ envelope, executionsOnService, service, backsOut }) => {
  const limit = envelope.limits.executionsPerServiceAndHour;
  if (backsOut || executionsOnService < limit)
    return pass(`${executionsOnService} of ${limit} executions on ${service} this hour`);
  return deny(
    `already ${executionsOnService} executions on ${service} within the hour, the limit is ${limit}`,
  );
};
