import type { IngressState, IngressWeight, ObjectRef } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';
import { ownedBy } from './ownership.ts';
import { ingressPath } from './paths.ts';
import { Ingress } from './resources.ts';
import { readTier } from './tier-reader.ts';

/** The annotations in which weights are published: weighted records of external-dns, and canaries of ingress-nginx. */
export const weightAnnotations = {
  dns: 'external-dns.alpha.kubernetes.io/aws-weight',
  canary: 'nginx.ingress.kubernetes.io/canary-weight',
} as const;
const canaryTotal = 'nginx.ingress.kubernetes.io/canary-weight-total';

export async function readIngress(
  api: ClusterApi,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<IngressState> {
  const { metadata, spec } = await api.get(Ingress, ingressPath(ref), signal);
  const backends = backendsOf(spec);
  return {
    uid: metadata.uid,
    hosts: [...new Set(spec.rules.map(({ host }) => host).filter((host) => host !== ''))],
    backends,
    weights: weightsOf(metadata.annotations),
    serviceTier: await readTier(api, ref.namespace, backends, signal),
    ...ownedBy(metadata),
  };
}

function backendsOf({ rules, defaultBackend }: Ingress['spec']): string[] {
  const named = rules.flatMap(({ http }) => http?.paths.map(({ backend }) => backend.service?.name) ?? []);
  const all = [...named, defaultBackend?.service?.name].filter((name) => name !== undefined);
  return [...new Set(all)].sort();
}

function weightsOf(annotations: Record<string, string>): IngressWeight[] {
  const total = Number(annotations[canaryTotal]);
  const most = {
    [weightAnnotations.dns]: 255,
    [weightAnnotations.canary]: Number.isSafeInteger(total) && total > 0 ? total : 100,
  };
  return Object.entries(most).flatMap(([annotation, largest]) => {
    const value = annotations[annotation];
    return value === undefined ? [] : [{ annotation, value, most: largest }];
  });
}
