import type { ClusterRoleBinding, PolicyRule, RoleBinding, RoleSubject } from '../cluster/accounts.ts';
import type { ObjectStore } from '../cluster/object-store.ts';
import type { Identity } from '../http/loopback.ts';

export type ResourceAttributes = {
  verb: string;
  group: string;
  /** With its subresource, as rules write it: `deployments/scale`. */
  resource: string;
  namespace: string | undefined;
  name: string | undefined;
};

/** A rule that holds for somebody, and why it does. */
export type Grant = { rule: PolicyRule; why: string };

/** What each may do, read from the roles and bindings of the cluster each time it is asked. */
export type Authorizer = {
  /** What holds in a namespace, or at the cluster scope. */
  grants(identity: Identity, namespace: string | undefined): Grant[];
  /** Why somebody may do something, or null. */
  mayDo(identity: Identity, asked: ResourceAttributes): string | null;
  mayReach(identity: Identity, verb: string, path: string): string | null;
};

/**
 * Role-based access control as the API server enforces it (https://kubernetes.io/docs/reference/access-authn-authz/rbac/):
 * rules only ever allow, and what no rule names is refused.
 */
export function authorizer(store: ObjectStore): Authorizer {
  function grants(identity: Identity, namespace: string | undefined): Grant[] {
    const inCluster = store.list('ClusterRoleBinding');
    const inNamespace = namespace === undefined ? [] : store.list('RoleBinding', namespace);
    return [...inCluster, ...inNamespace].flatMap((binding) => {
      const subject = binding.subjects.find((each) => isMeant(each, identity));
      if (!subject) return [];
      const why = whyOf(binding, subject);
      return rulesOf(store, binding, binding.metadata.namespace).map((rule) => ({ rule, why }));
    });
  }

  return {
    grants,
    mayDo: (identity, asked) =>
      grants(identity, asked.namespace).find(({ rule }) => allows(rule, asked))?.why ?? null,
    mayReach: (identity, verb, path) =>
      grants(identity, undefined).find(({ rule }) => reaches(rule, verb, path))?.why ?? null,
  };
}

/** The rules of the role that a binding refers to; none where there is no such role. */
export function rulesOf(
  store: ObjectStore,
  { roleRef }: Pick<RoleBinding | ClusterRoleBinding, 'roleRef'>,
  namespace: string | undefined,
): PolicyRule[] {
  const role =
    roleRef.kind === 'ClusterRole'
      ? store.get('ClusterRole', undefined, roleRef.name)
      : store.get('Role', namespace, roleRef.name);
  return role?.rules ?? [];
}

/** Whether a rule allows something to be done with a resource. */
export const allows = (rule: PolicyRule, asked: ResourceAttributes): boolean =>
  includes(rule.verbs, asked.verb) &&
  includes(rule.apiGroups, asked.group) &&
  namesResource(rule.resources, asked.resource) &&
  (rule.resourceNames === undefined ||
    rule.resourceNames.length === 0 ||
    (asked.name !== undefined && rule.resourceNames.includes(asked.name)));

/** Whether a rule allows a path that is no resource. */
export const reaches = (rule: PolicyRule, verb: string, path: string): boolean =>
  includes(rule.verbs, verb) &&
  (rule.nonResourceURLs ?? []).some((url) =>
    url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : url === path,
  );

const includes = (named: readonly string[] = [], value: string) =>
  named.includes('*') || named.includes(value);

function namesResource(named: readonly string[] = [], resource: string): boolean {
  if (includes(named, resource)) return true;
  const [, subresource] = resource.split('/');
  return subresource !== undefined && named.includes(`*/${subresource}`);
}

function isMeant({ kind, name, namespace }: RoleSubject, { user, groups }: Identity): boolean {
  if (kind === 'Group') return groups.includes(name);
  return user === (kind === 'User' ? name : `system:serviceaccount:${namespace}:${name}`);
}

/** In the words of the server's own authorizer. */
function whyOf({ kind, metadata, roleRef }: RoleBinding | ClusterRoleBinding, subject: RoleSubject): string {
  const { name, namespace } = metadata;
  const bound = namespace === undefined ? name : `${name}/${namespace}`;
  const who = subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace}` : subject.name;
  return `RBAC: allowed by ${kind} ${JSON.stringify(bound)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} to ${subject.kind} ${JSON.stringify(who)}`;
}
