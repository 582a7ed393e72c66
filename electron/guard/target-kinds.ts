import type { Target } from '../../shared/vocabulary/proposal.ts';

const KINDS: Record<Target['kind'], true> = {
  Deployment: true,
  StatefulSet: true,
  ConfigMap: true,
  Ingress: true,
  Service: true,
  HTTPRoute: true,
  Pod: true,
  Node: true,
  CronJob: true,
  Flag: true,
};

/** Every kind of target that there is, in a fixed order. */
export const targetKinds: readonly string[] = Object.keys(KINDS).toSorted();
