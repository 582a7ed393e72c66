import { deny, type Judged, pass, type Rule } from '../rule.ts';

/** Comparisons with what is no number are false, and a limit would let it through. */
export const factsHold: Rule = (judged) => {
  const { confidence, tierOfService, atMs, target, action, cluster, service } = judged;
  if (!Number.isFinite(atMs)) return deny('when it is asked is not known');
  if (!(confidence >= 0 && confidence <= 1)) return deny(`a confidence of ${confidence} is none`);
  if (!Number.isInteger(tierOfService)) return deny(`a service tier of ${tierOfService} is none`);
  const count = COUNTS.find((name) => !Number.isSafeInteger(judged[name]) || judged[name] < 0);
  if (count !== undefined) return deny(`${count} is ${judged[count]}, which counts nothing`);
  const named = { action, cluster, service, namespace: target.namespace, name: target.name };
  const odd = Object.entries(named).find(([, text]) => !PLAIN.test(text));
  if (odd)
    return deny(`the ${odd[0]} ${JSON.stringify(odd[1])} has letters that can pass for others, or none`);
  const long = Object.entries(named).find(([, text]) => text.length > LONGEST);
  if (long) return deny(`the ${long[0]} has ${long[1].length} letters, more than any that is real`);
  return pass('every number is one and every name is plain');
};

const COUNTS = [
  'executionsOnTarget',
  'executionsOnService',
  'executionsInWindow',
  'denialsInWindow',
  'failuresInARow',
] as const satisfies (keyof Judged)[];

/** No name of a Kubernetes object is longer (RFC 1123, as a subdomain). */
const LONGEST = 253;
/** Letters of one alphabet and of one width; a node has no namespace. */
const PLAIN = /^[A-Za-z0-9._~:/@ -]*$/;
