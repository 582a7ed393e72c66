import { deny, pass, type Rule } from '../rule.ts';

/** Replica counts stay within the bounds the envelope gives the action; without bounds none may be set. */
export const withinBounds: Rule = ({ envelope, action, arguments: given }) => {
  const replicas = given['replicas'];
  if (replicas === undefined) return pass('nothing to bound');
  const bounds = envelope.actions.find(({ name }) => name === action)?.bounds;
  const min = bounds?.['minReplicas'];
  const max = bounds?.['maxReplicas'];
  if (min === undefined || max === undefined) return deny(`the envelope gives ${action} no replica bounds`);
  if (typeof replicas !== 'number' || replicas < min || replicas > max) {
    return deny(`${String(replicas)} replicas is outside ${min} to ${max}`);
  }
  return pass(`${replicas} replicas is within ${min} to ${max}`);
};
