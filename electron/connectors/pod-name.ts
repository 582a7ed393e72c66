/**
 * `checkout` of `checkout-6d9f7c5b8d-x2x7q`: a Deployment's pod carries the hash of its template and one of its own, a
 * DaemonSet's one hash, a StatefulSet's its number. Kubernetes writes hashes without vowels, 0, 1 and 3
 * (apimachinery, util/rand), so that few real names look like one.
 */
export const workloadOfPod = (pod: string): string => pod.replace(new RegExp(`(?:${suffix})$`), '');

const hash = '[bcdfghjklmnpqrstvwxz2456789]';
const suffix = `-${hash}{6,10}-${hash}{5}|-${hash}{5}|-[0-9]+`;

/** A regular expression (RE2) for the names of the pods of a workload. */
export const podsOfWorkload = (workload: string): string =>
  `${workload.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(${suffix})?`;
