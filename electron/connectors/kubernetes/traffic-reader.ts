import type { ObjectRef, RouteState, SelectedPods, ServiceState } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';
import { ownedBy } from './ownership.ts';
import { allPath, objectPath } from './paths.ts';
import { workloadOf } from './pod-owner.ts';
import { HttpRoute, isReady, Pod, Service, selects } from './surroundings.ts';
import { readTier } from './tier-reader.ts';

export async function readService(
  api: ClusterApi,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<ServiceState> {
  const { metadata, spec } = await api.get(Service, objectPath('Service', ref), signal);
  return {
    uid: metadata.uid,
    selector: spec.selector,
    serviceTier: await readTier(api, ref.namespace, [ref.name], signal),
    ...ownedBy(metadata),
  };
}

/** The pods that a Service of this selector would lead requests to. */
export async function readSelectedPods(
  api: ClusterApi,
  namespace: string,
  selector: Record<string, string>,
  signal: AbortSignal,
): Promise<SelectedPods> {
  // Without a selector a Service finds no pods, unlike a budget.
  if (Object.keys(selector).length === 0) return { ready: 0, all: 0, workloads: [] };
  const { items } = await api.list(Pod, allPath('Pod', namespace), signal);
  const found = items.filter(({ metadata }) =>
    selects({ matchLabels: selector, matchExpressions: [] }, metadata.labels),
  );
  const workloads = found.map((pod) => workloadOf(pod)?.workload).filter((name) => name !== undefined);
  return {
    ready: found.filter(isReady).length,
    all: found.length,
    workloads: [...new Set(workloads)].sort(),
  };
}

export async function readRoute(api: ClusterApi, ref: ObjectRef, signal: AbortSignal): Promise<RouteState> {
  const { metadata, spec } = await api.get(HttpRoute, objectPath('HTTPRoute', ref), signal);
  const rules = spec.rules.map(({ backendRefs }) => ({ backends: backendRefs }));
  const names = [...new Set(rules.flatMap(({ backends }) => backends.map(({ name }) => name)))];
  return {
    uid: metadata.uid,
    hosts: spec.hostnames,
    rules,
    serviceTier: await readTier(api, ref.namespace, names, signal),
    ...ownedBy(metadata),
  };
}
