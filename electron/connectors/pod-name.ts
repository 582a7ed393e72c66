/**
 * `checkout` of `checkout-6d9f7c5b8d-x2x7q`: a Deployment's pod carries the hash of its template and one of its own, a
 * DaemonSet's one hash, a StatefulSet's its number. Kubernetes writes hashes without vowels, 0, 1 and 3
 * (apimachinery, util/rand), so that few real names look like one.
 */
export const workloadOfPod = (pod: string): string => pod.replace(suffix, '');

const suffix =
  /-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$|-[bcdfghjklmnpqrstvwxz2456789]{5}$|-\d+$/;
