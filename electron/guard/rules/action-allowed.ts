import { environmentOf } from '../environment-of.ts';
import { deny, pass, type Rule } from '../rule.ts';

/** Denies every action and place that the envelope does not name. */
export const actionAllowed: Rule = ({ envelope, action, target }) => {
  const environment = environmentOf(envelope, target.namespace);
  if (environment === null)
    return deny(`namespace ${target.namespace} belongs to no environment of the envelope`);
  const allowed = envelope.actions.find(({ name }) => name === action);
  if (!allowed) return deny(`${action} is not in the envelope`);
  if (!allowed.environments.includes(environment)) return deny(`${action} is not allowed in ${environment}`);
  return pass(`${action} is allowed in ${environment}`);
};
