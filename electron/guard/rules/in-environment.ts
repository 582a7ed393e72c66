import { deny, pass, type Rule } from '../rule.ts';

/** What the envelope does not recognise it says nothing about, and so nothing is allowed there. */
export const inEnvironment: Rule = ({ environment, target, cluster }) => {
  if (environment !== null) return pass(`it belongs to ${environment}`);
  const what =
    target.kind === 'Flag'
      ? `flag environment ${target.namespace}`
      : target.namespace === ''
        ? `cluster ${cluster}`
        : `namespace ${target.namespace} of ${cluster}`;
  return deny(`${what} belongs to no environment of the envelope`);
};
