import type { z } from 'zod';
import { ClusterRole, ClusterRoleBinding, type PolicyRule, Role, RoleBinding } from '../cluster/accounts.ts';
import type { Draft, ObjectStore } from '../cluster/object-store.ts';
import type { Kind, KubernetesObject } from '../cluster/objects.ts';
import type { Identity, Request } from '../http/loopback.ts';
import { objectIn } from './body.ts';
import { isDryRun } from './dry-run.ts';
import type { Json } from './patch.ts';
import { type Authorizer, allows, type ResourceAttributes, reaches, rulesOf } from './rbac.ts';
import { groupVersion, type Resource } from './resources.ts';
import {
  alreadyExists,
  badRequest,
  escalation,
  invalid,
  methodNotAllowed,
  notFound,
  success,
} from './status.ts';

type Granting = Role | ClusterRole | RoleBinding | ClusterRoleBinding;

const schemas: { readonly [K in Kind]?: z.ZodType<Granting> } = {
  ClusterRole,
  ClusterRoleBinding,
  Role,
  RoleBinding,
};

type Place = { store: ObjectStore; resource: Resource; namespace: string | undefined };

/**
 * Creates a role or a binding. Nobody grants more than they hold themselves
 * (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping).
 */
export function createGrant(
  place: Place & { request: Request; identity: Identity; may: Authorizer; atMs: number },
): KubernetesObject {
  const { store, resource, namespace, request, identity, may, atMs } = place;
  const object = parsed(place, objectIn(request));
  const { name } = object.metadata;
  if (store.get(resource.kind, namespace, name)) throw alreadyExists(resource, name);
  if (!mayGrantAnyway(place, object, identity, may)) {
    const wanted = 'rules' in object ? (object as Role).rules : referred(place, object as RoleBinding);
    const held = may.grants(identity, namespace).map(({ rule }) => rule);
    const missing = wanted.flatMap((rule) => beyond(rule, held));
    if (missing.length > 0) throw escalation(resource, name, identity, missing);
  }
  if (isDryRun(request.query, 'CreateOptions')) return object;
  return store.put<Kind>(object as Draft<Kind>, atMs);
}

/** Takes a role or a binding away; what it granted is gone with the answer. */
export function deleteGrant(place: Place & { name: string; query: URLSearchParams }): object {
  const { store, resource, namespace, name, query } = place;
  const object = store.get(resource.kind, namespace, name);
  if (!object) throw notFound(resource, name);
  if (!isDryRun(query, 'DeleteOptions')) store.remove(resource.kind, namespace, name);
  const { uid } = object.metadata;
  return { ...success, details: { name, group: resource.group, kind: resource.plural, uid } };
}

/** Whether objects of a kind grant something: roles and bindings. */
export const isGranting = ({ kind }: Resource): boolean => Object.hasOwn(schemas, kind);

function parsed({ resource, namespace }: Place, body: Json): Granting {
  const schema = schemas[resource.kind];
  if (!schema) throw methodNotAllowed();
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw badRequest(`the object provided is unrecognized (must be of type ${resource.kind})`);
  const given = typeof body['metadata'] === 'object' && body['metadata'] !== null ? body['metadata'] : {};
  const { name = '', namespace: inBody, labels, annotations } = given as Record<string, Json>;
  if (name === '') {
    const message = 'Required value: name or generateName is required';
    throw invalid(resource, '', [{ reason: 'FieldValueRequired', message, field: 'metadata.name' }]);
  }
  if (inBody !== undefined && inBody !== '' && inBody !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  // The rest of the metadata is the server's, and filled in when the object is stored.
  const metadata = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
  };
  const unstored = { ...metadata, uid: '', resourceVersion: '', creationTimestamp: '' };
  const result = schema.safeParse({
    ...body,
    apiVersion: groupVersion(resource),
    kind: resource.kind,
    metadata: unstored,
  });
  if (!result.success) {
    const causes = result.error.issues.map(({ path, message }) => ({
      reason: message === 'Required value' ? 'FieldValueRequired' : 'FieldValueInvalid',
      message: message === 'Required value' ? message : `Invalid value: ${message}`,
      field: path.reduce<string>(
        (field, part) =>
          typeof part === 'number' ? `${field}[${part}]` : `${field}${field && '.'}${String(part)}`,
        '',
      ),
    }));
    throw invalid(resource, String(name), causes);
  }
  return { ...result.data, metadata: metadata as Granting['metadata'] };
}

/** Verbs of their own let an administrator grant what they do not hold. */
function mayGrantAnyway(place: Place, object: Granting, identity: Identity, may: Authorizer): boolean {
  const { resource, namespace } = place;
  const { group } = resource;
  if ('rules' in object) {
    const asked = {
      verb: 'escalate',
      group,
      resource: resource.plural,
      namespace,
      name: object.metadata.name,
    };
    return may.mayDo(identity, asked) !== null;
  }
  const { kind, name } = (object as RoleBinding).roleRef;
  const plural = kind === 'Role' ? 'roles' : 'clusterroles';
  return may.mayDo(identity, { verb: 'bind', group, resource: plural, namespace, name }) !== null;
}

function referred({ store, resource, namespace }: Place, binding: RoleBinding): PolicyRule[] {
  const { kind, name } = binding.roleRef;
  const role =
    kind === 'Role' ? store.get('Role', namespace, name) : store.get('ClusterRole', undefined, name);
  if (!role) throw notFound({ ...resource, plural: kind === 'Role' ? 'roles' : 'clusterroles' }, name);
  return rulesOf(store, binding, namespace);
}

/** What of a rule is in none of those held: a rule for each resource, with the verbs that are missing. */
function beyond(wanted: PolicyRule, held: readonly PolicyRule[]): PolicyRule[] {
  const missing: PolicyRule[] = [];
  const lacking = (isHeld: (verb: string) => boolean) => wanted.verbs.filter((verb) => !isHeld(verb));
  for (const group of wanted.apiGroups ?? []) {
    for (const resource of wanted.resources ?? []) {
      for (const name of wanted.resourceNames?.length ? wanted.resourceNames : [undefined]) {
        const verbs = lacking((verb) => {
          const asked: ResourceAttributes = { verb, group, resource, namespace: undefined, name };
          return held.some((rule) => allows(rule, asked));
        });
        const named = name === undefined ? {} : { resourceNames: [name] };
        if (verbs.length > 0) missing.push({ verbs, apiGroups: [group], resources: [resource], ...named });
      }
    }
  }
  for (const url of wanted.nonResourceURLs ?? []) {
    const verbs = lacking((verb) => held.some((rule) => reaches(rule, verb, url)));
    if (verbs.length > 0) missing.push({ verbs, nonResourceURLs: [url] });
  }
  return missing;
}
