import type { Right } from '../../connectors/kubernetes/rights.ts';
import type { NeededRights, Rights } from './needed-rights.ts';

/** The accounts that the roles are for, and where they live. */
export const READER = 'countersign-reader';
export const WRITER = 'countersign-writer';
const TOKEN = 'countersign-writer-token';

type PolicyRule = { apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[] };
type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels: Record<string, string> };
  [more: string]: unknown;
};

const rbacGroup = 'rbac.authorization.k8s.io';
const apiVersion = `${rbacGroup}/v1`;

/**
 * Kubernetes objects that grant these rights: two accounts, a role and a binding for each in each namespace, cluster roles
 * only where something is not in a namespace, and for the reader the right to ask for a token of the writer, of no other.
 */
export function rolesFor(
  rights: NeededRights,
  { namespaces, accountNamespace }: { namespaces: readonly string[]; accountNamespace: string },
): Manifest[] {
  const account = (name: string): Manifest => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: meta(name, accountNamespace),
    ...(name === WRITER ? { automountServiceAccountToken: false } : {}),
  });
  const bound = (name: string, who: string, rules: PolicyRule[], namespace?: string): Manifest[] => {
    if (rules.length === 0) return [];
    const of = namespace === undefined ? 'Cluster' : '';
    return [
      { apiVersion, kind: `${of}Role`, metadata: meta(name, namespace), rules },
      {
        apiVersion,
        kind: `${of}RoleBinding`,
        metadata: meta(name, namespace),
        roleRef: { apiGroup: rbacGroup, kind: `${of}Role`, name },
        subjects: [{ kind: 'ServiceAccount', name: who, namespace: accountNamespace }],
      },
    ];
  };
  const both = (part: keyof Rights, namespace?: string) =>
    ([READER, WRITER] as const).flatMap((who) => {
      // Names in a cluster are shared by everybody in it: another installation has other accounts.
      const name = namespace === undefined ? `${who}.${accountNamespace}` : who;
      return bound(name, who, rulesOf(rights[who === READER ? 'reader' : 'writer'][part]), namespace);
    });
  const writes = [...rights.writer.inNamespaces, ...rights.writer.inCluster].length > 0;
  return [
    account(READER),
    ...(writes ? [account(WRITER)] : []),
    ...(writes ? bound(TOKEN, READER, [tokenOfWriter], accountNamespace) : []),
    ...namespaces.flatMap((namespace) => both('inNamespaces', namespace)),
    ...both('inCluster'),
  ];
}

const tokenOfWriter: PolicyRule = {
  apiGroups: [''],
  resources: ['serviceaccounts/token'],
  resourceNames: [WRITER],
  verbs: ['create'],
};

const meta = (name: string, namespace: string | undefined) => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  labels: { 'app.kubernetes.io/managed-by': 'countersign' },
});

/** One rule for all resources of a group that have the same verbs. Never a wildcard: each is named. */
function rulesOf(rights: readonly Right[]): PolicyRule[] {
  const verbs = new Map<string, { group: string; resource: string; verbs: Set<string> }>();
  for (const { group, resource, verb } of rights) {
    const key = `${group}/${resource}`;
    const known = verbs.get(key) ?? { group, resource, verbs: new Set() };
    known.verbs.add(verb);
    verbs.set(key, known);
  }
  const rules = new Map<string, PolicyRule>();
  for (const { group, resource, verbs: held } of verbs.values()) {
    const sorted = [...held].sort();
    const key = `${group}: ${sorted.join()}`;
    const rule = rules.get(key) ?? { apiGroups: [group], resources: [], verbs: sorted };
    rule.resources.push(resource);
    rules.set(key, rule);
  }
  return [...rules.values()];
}
