import type { AccessQuestion } from '../../connectors/source.ts';

export type Danger = Pick<AccessQuestion, 'verb' | 'group' | 'resource' | 'name'> & {
  scope: 'anywhere' | 'cluster';
  why: string;
};

const rbac = 'rbac.authorization.k8s.io';
const admission = 'admissionregistration.k8s.io';

const danger = (
  verb: string,
  group: string,
  resource: string,
  why: string,
  more: Partial<Pick<Danger, 'scope' | 'name'>> = {},
): Danger => ({ verb, group, resource, why, scope: 'anywhere', ...more });
const inCluster = { scope: 'cluster' } as const;

/**
 * What is asked about on connecting, the worst first: rights that give all the others, then secrets, then what destroys.
 * Whoever holds one of the first can go around the guard altogether.
 */
export const dangers: readonly Danger[] = [
  danger('*', '*', '*', 'everything'),
  danger('impersonate', '', 'groups', 'act as system:masters, whom nothing is refused', {
    ...inCluster,
    name: 'system:masters',
  }),
  danger('impersonate', '', 'users', 'act as any person', inCluster),
  danger('impersonate', '', 'serviceaccounts', 'act as any program'),
  danger('escalate', rbac, 'clusterroles', 'write roles that allow more than one holds', inCluster),
  danger('bind', rbac, 'clusterroles', 'take on any role', inCluster),
  danger('create', rbac, 'clusterrolebindings', 'hand out roles in the whole cluster', inCluster),
  danger('escalate', rbac, 'roles', 'write roles that allow more than one holds'),
  danger('bind', rbac, 'roles', 'take on any role'),
  danger('create', rbac, 'rolebindings', 'hand out roles'),
  danger('create', '', 'serviceaccounts/token', 'get tokens of other accounts'),
  danger('get', '', 'secrets', 'read secrets'),
  danger('list', '', 'secrets', 'read all secrets'),
  danger('watch', '', 'secrets', 'read secrets as they change'),
  danger('create', '', 'pods/exec', 'run commands inside pods'),
  danger('create', '', 'pods/attach', 'speak to what runs inside pods'),
  danger('create', '', 'pods/ephemeralcontainers', 'put containers into running pods'),
  danger('create', '', 'pods', 'start pods that read any secret of their namespace'),
  danger('get', '', 'nodes/proxy', 'run commands in every pod of a node, past the API server', inCluster),
  danger('create', admission, 'mutatingwebhookconfigurations', 'rewrite whatever others send', inCluster),
  danger(
    'patch',
    admission,
    'validatingwebhookconfigurations',
    'block or see whatever others send',
    inCluster,
  ),
  danger('approve', 'certificates.k8s.io', 'signers', 'make certificates for anybody', inCluster),
  danger('delete', '', 'namespaces', 'delete namespaces with everything in them', inCluster),
  danger('delete', '', 'persistentvolumeclaims', 'delete data'),
  danger('delete', 'apps', 'deployments', 'delete workloads'),
];
