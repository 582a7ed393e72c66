import type { ServiceAccount } from '../cluster/accounts.ts';
import type { ObjectStore } from '../cluster/object-store.ts';
import type { KubernetesObject, Pod } from '../cluster/objects.ts';
import type { Answer, Identity, Request } from '../http/loopback.ts';
import { objectIn } from './body.ts';
import { discovery, identityGroup, reviewGroup } from './discovery.ts';
import { isDryRun } from './dry-run.ts';
import { deletePod, evictPod } from './evict.ts';
import { createGrant, deleteGrant, isGranting } from './grant.ts';
import { actingAs } from './impersonate.ts';
import { pageOf } from './page.ts';
import { type Asked, askedOf, verbOf } from './place.ts';
import { accessLog, type PodLog, podLogAnswer } from './pod-log.ts';
import { authorizer } from './rbac.ts';
import { represent, representationOf, representList } from './represent.ts';
import { groupVersion, type Resource, resources } from './resources.ts';
import { reviewAccess, reviewIdentity, reviewRules } from './reviews.ts';
import { fieldSelector, labelSelector, nameIn, type Test } from './selectors.ts';
import {
  answerOf,
  forbidden,
  forbiddenPath,
  jsonAnswer,
  methodNotAllowed,
  notFound,
  StatusError,
  unknownPath,
} from './status.ts';
import { accountOf, requestToken, type TokenBook } from './tokens.ts';
import type { Watches } from './watch.ts';
import { scaleOf, writeObject, writeScale } from './write.ts';

/** A request for a resource that is served, whose sender may do what it asks. */
type Place = Omit<Asked, 'group' | 'version' | 'plural'> & { resource: Resource };

/**
 * The part of the Kubernetes API (https://kubernetes.io/docs/reference/using-api/) that incident work needs: read,
 * watch and page through everything, change workloads, evict pods. `advance` brings the world to now and returns it;
 * `settle` lets the controllers see a write at once. Whoever a request does not name is `identity`, the operator of the drill unless
 * said otherwise; without `tokens` nobody gets further ones.
 */
export function kubernetesApi(options: {
  store: ObjectStore;
  watches: Watches;
  advance: () => number;
  settle: (atMs: number) => void;
  identity?: Identity;
  tokens?: Pick<TokenBook, 'mint'>;
  log?: PodLog;
}): (request: Request) => Answer {
  const { store, watches, advance, settle, tokens, log = accessLog } = options;
  const may = authorizer(store);
  const whose = ({ identity, impersonate }: Request) =>
    actingAs(identity ?? options.identity ?? accountOf(store, 'operator'), impersonate, may);

  return (request) => {
    try {
      return respond(request);
    } catch (error) {
      if (error instanceof StatusError) return answerOf(error);
      throw error;
    }
  };

  function respond(request: Request): Answer {
    const path = request.path.length > 1 ? request.path.replace(/\/$/, '') : request.path;
    const asked = discovery.has(path) ? null : askedOf(path);
    return asked ? ofResource(asked, request) : ofPath(path, request);
  }

  function ofPath(path: string, request: Request): Answer {
    const { method } = request;
    const identity = whose(request);
    if (may.mayReach(identity, method.toLowerCase(), path) === null) {
      // A method that no rule could name is answered before anyone asks who may use it.
      if (discovery.has(path) && method !== 'GET') throw methodNotAllowed();
      throw forbiddenPath(identity.user, method.toLowerCase(), path);
    }
    const document = discovery.get(path);
    if (document) return jsonAnswer(200, document);
    if (['/healthz', '/livez', '/readyz'].includes(path)) {
      return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ok' };
    }
    throw unknownPath();
  }

  /** As in the real server, what a role does not allow is refused before it is known whether there is such a thing. */
  function ofResource(asked: Asked, request: Request): Answer {
    const { group, version, plural, subresource, namespace } = asked;
    const verb = verbOf(request, asked.name);
    if (verb === undefined) throw methodNotAllowed();
    const name = asked.name ?? nameIn(request.query.get('fieldSelector') ?? '');
    const permission = {
      verb,
      group,
      resource: subresource === '' ? plural : `${plural}/${subresource}`,
      namespace,
      name,
    };
    const identity = whose(request);
    if (may.mayDo(identity, permission) === null) throw forbidden(identity.user, permission);
    if ([reviewGroup, identityGroup].includes(group) && version === 'v1')
      return jsonAnswer(201, review(asked, request));

    const resource = resources.find((each) => each.plural === plural && each.group === group);
    if (!resource || resource.version !== version) throw unknownPath();
    const isNamespace = resource.kind === 'Namespace';
    const isUnscoped = namespace === undefined && asked.name !== undefined;
    if (resource.namespaced ? isUnscoped : namespace !== undefined && !isNamespace) throw unknownPath();
    const scope = isNamespace ? undefined : namespace;
    return serve({ resource, subresource, namespace: scope, name: asked.name }, verb, request);
  }

  function serve(place: Place, verb: string, request: Request): Answer {
    const { resource, subresource, name } = place;
    const sub = resource.subresources.find((each) => each.name === subresource);
    if (subresource !== '' && !sub) throw unknownPath();
    if (!(sub ?? resource).verbs.includes(verb)) throw methodNotAllowed();
    const atMs = advance();
    if (name === undefined && verb === 'create') return create(place, request, atMs);
    if (name === undefined) return verb === 'watch' ? watch(place, request) : list(place, request, atMs);
    if (verb === 'watch') return watch(place, request);
    const target = { ...place, store, name };
    switch (subresource) {
      case 'scale':
        return verb === 'get'
          ? jsonAnswer(200, scaleOf(objectAt(target)))
          : jsonAnswer(200, scaleOf(settled(atMs, writeScale({ ...target, request, atMs }))));
      case 'eviction':
        return jsonAnswer(201, settled(atMs, evictPod(target, request.query, objectIn(request), atMs)));
      case 'token': {
        if (!tokens) throw methodNotAllowed();
        const account = objectAt(target) as ServiceAccount;
        const dryRun = isDryRun(request.query, 'CreateOptions');
        return jsonAnswer(201, requestToken({ account, tokens, body: objectIn(request), dryRun, atMs }));
      }
      case 'log': {
        const pod = objectAt(target) as Pod;
        const { follow } = watches;
        return podLogAnswer({ pod, query: request.query, log, nowMs: atMs, now: advance, follow });
      }
    }
    const form = representationOf(request.accept, request.query);
    if (verb === 'delete' && isGranting(resource))
      return jsonAnswer(200, deleteGrant({ ...target, query: request.query }));
    if (verb === 'delete') {
      const body = request.body === '' ? null : objectIn(request);
      return jsonAnswer(200, settled(atMs, deletePod(target, request.query, body, atMs)));
    }
    const object =
      verb === 'get' ? objectAt(target) : settled(atMs, writeObject({ ...target, request, atMs }));
    return jsonAnswer(200, represent(form, object, atMs));
  }

  function create({ resource, namespace }: Place, request: Request, atMs: number): Answer {
    const identity = whose(request);
    const form = representationOf(request.accept, request.query);
    const created = createGrant({ store, resource, namespace, request, identity, may, atMs });
    return jsonAnswer(201, represent(form, created, atMs));
  }

  function settled<T>(atMs: number, written: T): T {
    settle(atMs);
    return written;
  }

  function objectAt({ resource, namespace, name }: Place & { name: string }): KubernetesObject {
    const object = store.get(resource.kind, namespace, name);
    if (!object) throw notFound(resource, name);
    return object;
  }

  function review({ group, plural, name }: Asked, request: Request): object {
    if (request.method !== 'POST' || name !== undefined) throw methodNotAllowed();
    const identity = whose(request);
    if (group === identityGroup && plural === 'selfsubjectreviews') return reviewIdentity(identity);
    if (group === reviewGroup && plural === 'selfsubjectaccessreviews')
      return reviewAccess(may, identity, objectIn(request));
    if (group === reviewGroup && plural === 'selfsubjectrulesreviews')
      return reviewRules(may, identity, objectIn(request));
    throw unknownPath();
  }

  function list({ resource, namespace }: Place, { query, accept }: Request, atMs: number): Answer {
    const form = representationOf(accept, query);
    const { kind } = resource;
    const { metadata, objects } = pageOf({ store, kind, namespace, test: testOf(resource, query), query });
    return jsonAnswer(200, representList(form, kind, groupVersion(resource), metadata, objects, atMs));
  }

  function watch({ resource, namespace, name }: Place, { query, accept }: Request): Answer {
    const test = testOf(resource, query);
    return watches.open({
      kind: resource.kind,
      apiVersion: groupVersion(resource),
      namespace,
      test: name === undefined ? test : (object) => object.metadata.name === name && test(object),
      query,
      form: representationOf(accept, query),
    });
  }
}

function testOf(resource: Resource, query: URLSearchParams): Test {
  const byLabel = labelSelector(query.get('labelSelector') ?? '');
  const byField = fieldSelector(query.get('fieldSelector') ?? '', resource.kind);
  return (object) => byLabel(object) && byField(object);
}
