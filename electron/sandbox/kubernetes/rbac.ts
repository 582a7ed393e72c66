/**
 * Role-based access control as the API server enforces it (https://kubernetes.io/docs/reference/access-authn-authz/rbac/):
 * rules only ever allow, and what no rule names is refused.
 */
export type PolicyRule =
  | {
      verbs: readonly string[];
      apiGroups: readonly string[];
      resources: readonly string[];
      resourceNames?: readonly string[];
    }
  | { verbs: readonly string[]; nonResourceURLs: readonly string[] };

/** A role bound in the whole cluster, or in one namespace. */
export type Binding = { namespace?: string; rules: readonly PolicyRule[] };

export type Subject = { user: string; bindings: readonly Binding[] };

export type ResourceAttributes = {
  verb: string;
  group: string;
  /** With its subresource, as rules write it: `deployments/scale`. */
  resource: string;
  namespace: string | undefined;
  name: string | undefined;
};

/** Rules that hold in a namespace, or at the cluster scope. */
export const rulesIn = ({ bindings }: Subject, namespace: string | undefined): PolicyRule[] =>
  bindings
    .filter((binding) => binding.namespace === undefined || binding.namespace === namespace)
    .flatMap(({ rules }) => rules);

export const mayDo = (subject: Subject, asked: ResourceAttributes): boolean =>
  rulesIn(subject, asked.namespace).some(
    (rule) =>
      'resources' in rule &&
      includes(rule.verbs, asked.verb) &&
      includes(rule.apiGroups, asked.group) &&
      namesResource(rule.resources, asked.resource) &&
      (rule.resourceNames === undefined ||
        (asked.name !== undefined && rule.resourceNames.includes(asked.name))),
  );

export const mayReach = (subject: Subject, verb: string, path: string): boolean =>
  rulesIn(subject, undefined).some(
    (rule) =>
      'nonResourceURLs' in rule &&
      includes(rule.verbs, verb) &&
      rule.nonResourceURLs.some((url) =>
        url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : url === path,
      ),
  );

const includes = (named: readonly string[], value: string) => named.includes('*') || named.includes(value);

function namesResource(named: readonly string[], resource: string): boolean {
  if (includes(named, resource)) return true;
  const [, subresource] = resource.split('/');
  return subresource !== undefined && named.includes(`*/${subresource}`);
}

const read = ['get', 'list', 'watch'];
const write = ['patch', 'update'];

/** Everybody who has logged in may find out what there is, and what they may do (`system:discovery`, `system:basic-user`). */
const basics: readonly PolicyRule[] = [
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
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

/** Whoever works a drill: sees everything but Secrets, changes workloads and cannot create or delete. */
export const drillSubject: Subject = {
  user: 'drill',
  bindings: [
    {
      rules: [
        ...basics,
        {
          verbs: read,
          apiGroups: [''],
          resources: ['configmaps', 'events', 'namespaces', 'nodes', 'pods', 'pods/log', 'services'],
        },
        {
          verbs: read,
          apiGroups: ['apps'],
          resources: ['controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'],
        },
        { verbs: read, apiGroups: ['batch'], resources: ['cronjobs', 'jobs'] },
        { verbs: read, apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'] },
        { verbs: read, apiGroups: ['networking.k8s.io'], resources: ['ingresses'] },
        { verbs: read, apiGroups: ['policy'], resources: ['poddisruptionbudgets'] },
        { verbs: write, apiGroups: ['apps'], resources: ['daemonsets', 'deployments', 'statefulsets'] },
        {
          verbs: ['get', ...write],
          apiGroups: ['apps'],
          resources: ['deployments/scale', 'statefulsets/scale'],
        },
        { verbs: write, apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'] },
        { verbs: write, apiGroups: ['batch'], resources: ['cronjobs'] },
        { verbs: write, apiGroups: [''], resources: ['nodes'] },
        { verbs: ['create'], apiGroups: [''], resources: ['pods/eviction'] },
      ],
    },
  ],
};
