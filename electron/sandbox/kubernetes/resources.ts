import type { Kind } from '../cluster/objects.ts';

export type Group =
  | ''
  | 'apps'
  | 'autoscaling'
  | 'batch'
  | 'gateway.networking.k8s.io'
  | 'networking.k8s.io'
  | 'policy'
  | 'rbac.authorization.k8s.io';

export type Resource = {
  group: Group;
  version: string;
  plural: string;
  singular: string;
  kind: Kind;
  shortNames: readonly string[];
  categories: readonly string[];
  namespaced: boolean;
  /** What this server can do with it; what a client may do is for its role to say. */
  verbs: readonly string[];
  subresources: readonly Subresource[];
};

export type Subresource = {
  name: 'eviction' | 'log' | 'scale' | 'token';
  group: string;
  version: string;
  kind: string;
  verbs: readonly string[];
};

const read = ['get', 'list', 'watch'] as const;
const write = ['get', 'list', 'patch', 'update', 'watch'] as const;
/** Roles and bindings come and go, and are not changed. */
const grant = ['create', 'delete', 'get', 'list', 'watch'] as const;
const access = 'rbac.authorization.k8s.io';

const scale: Subresource = {
  name: 'scale',
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  verbs: ['get', 'patch', 'update'],
};

/** One row a kind: group, version, plural, kind, short names (the first letter `*` puts it into `all`), verbs. */
type Row = readonly [Group, string, string, Kind, string, readonly string[], (readonly Subresource[])?];

const rows: readonly Row[] = [
  ['', 'v1', 'configmaps', 'ConfigMap', 'cm', write],
  ['', 'v1', 'events', 'Event', 'ev', read],
  ['', 'v1', 'namespaces', 'Namespace', 'ns', read],
  ['', 'v1', 'nodes', 'Node', 'no', write],
  [
    '',
    'v1',
    'pods',
    'Pod',
    '*po',
    ['delete', ...read],
    [
      { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
      { name: 'log', group: '', version: 'v1', kind: 'Pod', verbs: ['get'] },
    ],
  ],
  ['', 'v1', 'secrets', 'Secret', '', read],
  [
    '',
    'v1',
    'serviceaccounts',
    'ServiceAccount',
    'sa',
    read,
    [
      {
        name: 'token',
        group: 'authentication.k8s.io',
        version: 'v1',
        kind: 'TokenRequest',
        verbs: ['create'],
      },
    ],
  ],
  ['', 'v1', 'services', 'Service', '*svc', write],
  ['apps', 'v1', 'controllerrevisions', 'ControllerRevision', '', read],
  ['apps', 'v1', 'daemonsets', 'DaemonSet', '*ds', write],
  ['apps', 'v1', 'deployments', 'Deployment', '*deploy', write, [scale]],
  ['apps', 'v1', 'replicasets', 'ReplicaSet', '*rs', read],
  ['apps', 'v1', 'statefulsets', 'StatefulSet', '*sts', write, [scale]],
  ['autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', '*hpa', write],
  ['batch', 'v1', 'cronjobs', 'CronJob', '*cj', write],
  ['batch', 'v1', 'jobs', 'Job', '*', read],
  ['gateway.networking.k8s.io', 'v1', 'httproutes', 'HTTPRoute', '', write],
  ['networking.k8s.io', 'v1', 'ingresses', 'Ingress', 'ing', write],
  ['policy', 'v1', 'poddisruptionbudgets', 'PodDisruptionBudget', 'pdb', write],
  [access, 'v1', 'clusterrolebindings', 'ClusterRoleBinding', '', grant],
  [access, 'v1', 'clusterroles', 'ClusterRole', '', grant],
  [access, 'v1', 'rolebindings', 'RoleBinding', '', grant],
  [access, 'v1', 'roles', 'Role', '', grant],
];

const clusterWide: readonly Kind[] = ['ClusterRole', 'ClusterRoleBinding', 'Namespace', 'Node'];

export const resources: readonly Resource[] = rows.map(
  ([group, version, plural, kind, short, verbs, subresources = []]) => ({
    group,
    version,
    plural,
    singular: kind.toLowerCase(),
    kind,
    shortNames: [short.replace('*', '')].filter((name) => name !== ''),
    categories: short.startsWith('*') ? ['all'] : [],
    namespaced: !clusterWide.includes(kind),
    verbs,
    subresources,
  }),
);

export const groupVersion = ({ group, version }: { group: string; version: string }): string =>
  group === '' ? version : `${group}/${version}`;

/** `deployments.apps`, as messages name a resource. */
export const qualified = ({ plural, group }: { plural: string; group: string }): string =>
  group === '' ? plural : `${plural}.${group}`;
