import { accountNames, accountNamespace, type PolicyRule, type RoleSubject } from './accounts.ts';
import type { ObjectStore } from './object-store.ts';

const apiVersion = 'rbac.authorization.k8s.io/v1';
const apiGroup = 'rbac.authorization.k8s.io';

/**
 * The accounts of a cluster and their rights. The operator sees everything but Secrets, changes workloads and can neither
 * create nor delete; the reader only sees; the colleague may `edit` in the namespaces of the services.
 */
export function createAccounts(options: {
  store: ObjectStore;
  namespaces: readonly string[];
  /** Namespaces that hold services. */
  worked: readonly string[];
  atMs: number;
}): void {
  const { store, namespaces, worked, atMs } = options;
  for (const namespace of namespaces) createServiceAccount(namespace, 'default');
  for (const name of Object.values(accountNames)) createServiceAccount(accountNamespace, name);

  createClusterRole('cluster-admin', everything);
  createClusterRole('edit', [...viewRules, ...editRules]);
  createClusterRole('system:basic-user', basicRules);
  createClusterRole('system:discovery', discoveryRules);
  createClusterRole(accountNames.operator, [...readRules, ...operateRules]);
  createClusterRole(accountNames.reader, readRules);

  const authenticated: RoleSubject = { kind: 'Group', apiGroup, name: 'system:authenticated' };
  bindInCluster('cluster-admin', { kind: 'Group', apiGroup, name: 'system:masters' });
  bindInCluster('system:basic-user', authenticated);
  bindInCluster('system:discovery', authenticated);
  bindInCluster(accountNames.operator, accountSubject(accountNames.operator));
  bindInCluster(accountNames.reader, accountSubject(accountNames.reader));
  for (const namespace of worked) {
    store.put<'RoleBinding'>(
      {
        apiVersion,
        kind: 'RoleBinding',
        metadata: { name: accountNames.colleague, namespace },
        subjects: [accountSubject(accountNames.colleague)],
        roleRef: { apiGroup, kind: 'ClusterRole', name: 'edit' },
      },
      atMs,
    );
  }

  function createServiceAccount(namespace: string, name: string): void {
    store.put<'ServiceAccount'>(
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
      atMs,
    );
  }

  function createClusterRole(name: string, rules: PolicyRule[]): void {
    store.put<'ClusterRole'>({ apiVersion, kind: 'ClusterRole', metadata: { name }, rules }, atMs);
  }

  function bindInCluster(name: string, subject: RoleSubject): void {
    const roleRef = { apiGroup, kind: 'ClusterRole', name } as const;
    store.put<'ClusterRoleBinding'>(
      { apiVersion, kind: 'ClusterRoleBinding', metadata: { name }, subjects: [subject], roleRef },
      atMs,
    );
  }
}

const accountSubject = (name: string): RoleSubject => ({
  kind: 'ServiceAccount',
  name,
  namespace: accountNamespace,
});

const rule = (verbs: readonly string[], group: string, ...resources: string[]): PolicyRule => ({
  verbs: [...verbs],
  apiGroups: [group],
  resources,
});

const read = ['get', 'list', 'watch'];
const change = ['patch', 'update'];
const write = ['create', 'delete', 'deletecollection', ...change];

const everything: PolicyRule[] = [rule(['*'], '*', '*'), { verbs: ['*'], nonResourceURLs: ['*'] }];

/** Everybody who has logged in may find out what there is, and what they may do. */
const basicRules = [
  rule(['create'], 'authorization.k8s.io', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews'),
  rule(['create'], 'authentication.k8s.io', 'selfsubjectreviews'),
];
const discoveryRules: PolicyRule[] = [
  {
    verbs: ['get'],
    nonResourceURLs: [
      '/api',
      '/api/*',
      '/apis',
      '/apis/*',
      '/healthz',
      '/livez',
      '/openapi',
      '/openapi/*',
      '/readyz',
      '/version',
      '/version/',
    ],
  },
];

const readRules = [
  rule(read, '', 'configmaps', 'events', 'namespaces', 'nodes', 'pods', 'pods/log', 'services'),
  rule(read, 'apps', 'controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'),
  rule(read, 'batch', 'cronjobs', 'jobs'),
  rule(read, 'autoscaling', 'horizontalpodautoscalers'),
  rule(read, 'gateway.networking.k8s.io', 'httproutes'),
  rule(read, 'networking.k8s.io', 'ingresses'),
  rule(read, 'policy', 'poddisruptionbudgets'),
  rule(['get'], 'apps', 'deployments/scale', 'statefulsets/scale'),
];

const operateRules = [
  rule(change, 'apps', 'daemonsets', 'deployments', 'statefulsets'),
  rule(change, 'apps', 'deployments/scale', 'statefulsets/scale'),
  rule(change, 'autoscaling', 'horizontalpodautoscalers'),
  rule(change, 'batch', 'cronjobs'),
  rule(change, '', 'configmaps', 'nodes', 'services'),
  rule(change, 'gateway.networking.k8s.io', 'httproutes'),
  rule(change, 'networking.k8s.io', 'ingresses'),
  rule(['create'], '', 'pods/eviction'),
];

/** Of the roles that every cluster has ("User-facing roles" in the documentation), what this one serves. */
const viewRules = [
  rule(read, '', 'configmaps', 'events', 'namespaces', 'pods', 'pods/log', 'serviceaccounts', 'services'),
  rule(read, 'apps', 'controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'),
  rule(read, 'apps', 'deployments/scale', 'statefulsets/scale'),
  rule(read, 'autoscaling', 'horizontalpodautoscalers'),
  rule(read, 'batch', 'cronjobs', 'jobs'),
  rule(read, 'gateway.networking.k8s.io', 'httproutes'),
  rule(read, 'networking.k8s.io', 'ingresses'),
  rule(read, 'policy', 'poddisruptionbudgets'),
];
const editRules = [
  rule(read, '', 'secrets'),
  rule(['impersonate'], '', 'serviceaccounts'),
  rule(write, '', 'configmaps', 'events', 'pods', 'secrets', 'serviceaccounts', 'services'),
  rule(['create'], '', 'pods/eviction', 'serviceaccounts/token'),
  rule(write, 'apps', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'),
  rule(write, 'apps', 'deployments/scale', 'statefulsets/scale'),
  rule(write, 'autoscaling', 'horizontalpodautoscalers'),
  rule(write, 'batch', 'cronjobs', 'jobs'),
  rule(write, 'gateway.networking.k8s.io', 'httproutes'),
  rule(write, 'networking.k8s.io', 'ingresses'),
  rule(write, 'policy', 'poddisruptionbudgets'),
];
