import { z } from 'zod';
import type { ObjectStore } from '../cluster/object-store.ts';
import type { Answer, Request } from '../http/loopback.ts';
import { coreVersions, groupList, resourceList, reviewResources, versionInfo } from './discovery.ts';
import { patchDeployment, patchScale, scaleOf } from './patch-deployment.ts';
import { groupVersion, mayDo, type Resource, resources } from './resources.ts';
import { fieldSelector, labelSelector, type Test } from './selectors.ts';
import {
  answerOf,
  badRequest,
  forbidden,
  jsonAnswer,
  methodNotAllowed,
  notFound,
  StatusError,
  unknownPath,
  unsupportedMediaType,
} from './status.ts';
import type { Watches } from './watch.ts';

type Place = {
  resource: Resource;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string;
};

/**
 * The part of the Kubernetes API (https://kubernetes.io/docs/reference/using-api/) that incident work needs: read
 * everything, watch everything, patch Deployments. `advance` brings the world to now and returns it; `settle` lets the
 * controllers see a write at once.
 */
export function kubernetesApi(options: {
  store: ObjectStore;
  watches: Watches;
  advance: () => number;
  settle: (atMs: number) => void;
}): (request: Request) => Answer {
  const { store, watches, advance, settle } = options;

  const fixed: Readonly<Record<string, unknown>> = {
    '/version': versionInfo,
    '/api': coreVersions,
    '/api/v1': resourceList(''),
    '/apis': groupList,
    '/apis/apps/v1': resourceList('apps'),
    '/apis/authorization.k8s.io/v1': reviewResources,
  };

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
    if (Object.hasOwn(fixed, path)) {
      if (request.method !== 'GET') throw methodNotAllowed();
      return jsonAnswer(200, fixed[path]);
    }
    if (['/healthz', '/livez', '/readyz'].includes(path)) {
      return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ok' };
    }
    if (path === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews') {
      if (request.method !== 'POST') throw methodNotAllowed();
      if (!/^application\/json\b/.test(request.contentType)) throw unsupportedMediaType(['application/json']);
      return jsonAnswer(201, reviewAccess(request.body));
    }
    const place = placeOf(path);
    if (!place) throw unknownPath();
    return at(place, request);
  }

  function at(place: Place, request: Request): Answer {
    const { resource, namespace, name, subresource } = place;
    const verb = verbOf(request, name);
    if (verb === undefined) throw methodNotAllowed();
    if (!mayDo({ verb, group: resource.group, resource: resource.plural, subresource })) {
      throw forbidden(resource, verb, namespace, name);
    }
    const atMs = advance();
    if (verb === 'list') return list(place, request);
    if (verb === 'watch') return watch(place, request);
    if (name === undefined) throw methodNotAllowed();

    if (verb === 'patch' && namespace !== undefined) {
      const change = subresource === 'scale' ? patchScale : patchDeployment;
      const deployment = change({ store, resource, namespace, name, request, atMs });
      settle(atMs);
      return jsonAnswer(200, subresource === 'scale' ? scaleOf(deployment) : deployment);
    }
    const object = store.get(resource.kind, namespace, name);
    if (!object) throw notFound(resource, name);
    return jsonAnswer(
      200,
      subresource === 'scale' && object.kind === 'Deployment' ? scaleOf(object) : object,
    );
  }

  function list({ resource, namespace }: Place, request: Request): Answer {
    const test = testOf(resource, request.query);
    // Items of a typed list carry neither kind nor version of their own.
    const items = store
      .list(resource.kind, namespace)
      .filter(test)
      .map(({ kind: _kind, apiVersion: _version, ...item }) => item);
    return jsonAnswer(200, {
      kind: `${resource.kind}List`,
      apiVersion: groupVersion(resource.group),
      metadata: { resourceVersion: String(store.version()) },
      items,
    });
  }

  function watch({ resource, namespace, name }: Place, request: Request): Answer {
    const test = testOf(resource, request.query);
    const version = request.query.get('resourceVersion') ?? '';
    if (!/^\d*$/.test(version)) throw badRequest(`invalid resource version ${JSON.stringify(version)}`);
    return watches.open({
      kind: resource.kind,
      apiVersion: groupVersion(resource.group),
      namespace,
      test: name === undefined ? test : (object) => object.metadata.name === name && test(object),
      query: request.query,
    });
  }
}

/** `/api/v1[/namespaces/<ns>]/<plural>[/<name>[/<subresource>]]`, and the same under `/apis/apps/v1`. */
function placeOf(path: string): Place | null {
  const [, group, rest] = /^\/(?:api|apis\/(apps))\/v1\/(.+)$/.exec(path) ?? [];
  if (rest === undefined) return null;
  const parts = rest.split('/').map(decoded);
  const scoped = parts[0] === 'namespaces' && parts.length > 2;
  const namespace = scoped ? parts[1] : undefined;
  const [plural, name, subresource = '', ...beyond] = scoped ? parts.slice(2) : parts;
  const resource = resources.find(
    (candidate) => candidate.plural === plural && candidate.group === (group ?? ''),
  );
  if (!resource || beyond.length > 0 || (scoped && !resource.namespaced)) return null;
  if (resource.namespaced && name !== undefined && !scoped) return null;
  if (subresource !== '' && !(resource.kind === 'Deployment' && subresource === 'scale')) return null;
  return { resource, namespace, name, subresource };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw unknownPath();
  }
}

function verbOf(request: Request, name: string | undefined): string | undefined {
  const isWatch = ['1', 'true'].includes(request.query.get('watch') ?? '');
  if (request.method === 'GET') return isWatch ? 'watch' : name === undefined ? 'list' : 'get';
  const withName: Readonly<Record<string, string>> = { PATCH: 'patch', PUT: 'update', DELETE: 'delete' };
  if (request.method === 'POST') return name === undefined ? 'create' : undefined;
  if (request.method === 'DELETE' && name === undefined) return 'deletecollection';
  return name === undefined || !Object.hasOwn(withName, request.method)
    ? undefined
    : withName[request.method];
}

function testOf(resource: Resource, query: URLSearchParams): Test {
  const byLabel = labelSelector(query.get('labelSelector') ?? '');
  const byField = fieldSelector(query.get('fieldSelector') ?? '', resource.kind);
  return (object) => byLabel(object) && byField(object);
}

const Review = z.looseObject({
  spec: z.looseObject({
    resourceAttributes: z
      .looseObject({
        verb: z.string().default(''),
        group: z.string().default(''),
        resource: z.string().default(''),
        subresource: z.string().default(''),
      })
      .optional(),
    nonResourceAttributes: z.looseObject({ path: z.string(), verb: z.string() }).optional(),
  }),
});

function reviewAccess(body: string): object {
  const parsed = Review.safeParse(parseJson(body));
  const resource = {
    plural: 'selfsubjectaccessreviews',
    group: 'authorization.k8s.io',
    kind: 'SelfSubjectAccessReview',
  };
  if (!parsed.success)
    throw badRequest(
      'SelfSubjectAccessReview in version "v1" cannot be handled as a SelfSubjectAccessReview',
    );
  const { resourceAttributes: asked, nonResourceAttributes } = parsed.data.spec;
  if (!asked && !nonResourceAttributes) {
    throw new StatusError(
      422,
      'Invalid',
      `${resource.kind}.${resource.group} "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified`,
    );
  }
  const allowed = asked ? mayDo(asked) : nonResourceAttributes?.verb === 'get';
  return {
    kind: resource.kind,
    apiVersion: 'authorization.k8s.io/v1',
    metadata: { creationTimestamp: null },
    spec: parsed.data.spec,
    status: {
      allowed,
      ...(allowed
        ? { reason: 'the token of this drill allows it' }
        : { reason: 'the token of this drill does not allow it' }),
    },
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw badRequest("couldn't get version/kind; json parse error");
  }
}
