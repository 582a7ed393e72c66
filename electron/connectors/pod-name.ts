/**
 * `checkout` of `checkout-6d9f7c5b8d-x2x7q`: a Deployment's pod carries the hash of its template and one of its own, a
 * DaemonSet's one hash, a StatefulSet's its number. Kubernetes writes hashes without vowels, 0, 1 and 3
 * (apimachinery, util/rand), so that few real names look like one.
 */
export const workloadOfPod = (pod: string): string => pod.replace(ofPod, '');

const hash = '[bcdfghjklmnpqrstvwxz2456789]';
const suffixes = [`-${hash}{6,10}-${hash}{5}`, `-${hash}{5}`, '-[0-9]+'];
const ofPod = new RegExp(`(?:${suffixes.join('|')})$`);

/** A regular expression (RE2) for the names of the pods of a workload, each kind of name by itself. */
export function podsOfWorkload(workload: string): string {
  const name = workload.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return ['', ...suffixes].map((suffix) => `${name}${suffix}`).join('|');
}
