import type { Right } from './rights.ts';

const following = (group: string, ...resources: string[]): Right[] =>
  resources.flatMap((resource) => [
    { verb: 'list', group, resource },
    { verb: 'watch', group, resource },
  ]);

/** Without these a cluster tells of no change. */
export const neededReads: readonly Right[] = [
  ...following('', 'events'),
  ...following('apps', 'replicasets'),
  { verb: 'list', group: 'apps', resource: 'deployments' },
];

/** What else is followed for changes; whatever of it may not be seen is done without. */
export const followedReads: readonly Right[] = [
  ...following('', 'configmaps', 'pods', 'services'),
  ...following('apps', 'controllerrevisions', 'deployments', 'statefulsets'),
  ...following('autoscaling', 'horizontalpodautoscalers'),
  ...following('batch', 'jobs'),
  ...following('gateway.networking.k8s.io', 'httproutes'),
  ...following('networking.k8s.io', 'ingresses'),
];

const logs: Right = { verb: 'get', group: '', resource: 'pods/log' };

/**
 * What the connector itself reads in namespaces, beside what actions need. Nodes are followed too where credentials for the
 * whole cluster see them; a role for namespaces stays one.
 */
export const ownReads: readonly Right[] = [
  ...new Map(
    [...neededReads, ...followedReads, logs].map((right) => [JSON.stringify(Object.values(right)), right]),
  ).values(),
];
