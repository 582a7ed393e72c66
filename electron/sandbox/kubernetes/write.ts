import { z } from 'zod';
import type { Draft, ObjectStore } from '../cluster/object-store.ts';
import {
  ConfigMap,
  Deployment,
  type Kind,
  type KubernetesObject,
  Node,
  type Objects,
  timestamp,
} from '../cluster/objects.ts';
import { HorizontalPodAutoscaler, HTTPRoute, Ingress, Service } from '../cluster/surroundings.ts';
import { CronJob, DaemonSet, StatefulSet } from '../cluster/workloads.ts';
import type { Request } from '../http/loopback.ts';
import { objectIn } from './body.ts';
import { isDryRun } from './dry-run.ts';
import { recordManager } from './managed-fields.ts';
import { applyPatch, isEqual, type Json } from './patch.ts';
import { groupVersion, type Resource } from './resources.ts';
import { badRequest, conflict, invalid, methodNotAllowed, notFound } from './status.ts';
import { brokenRules } from './validate.ts';

/** What a client may write, in the shape it must have afterwards. */
const schemas: { readonly [K in Kind]?: z.ZodType<Objects[K]> } = {
  ConfigMap,
  CronJob,
  DaemonSet,
  Deployment,
  HorizontalPodAutoscaler,
  HTTPRoute,
  Ingress,
  Node,
  Service,
  StatefulSet,
};

export type Write = {
  store: ObjectStore;
  resource: Resource;
  namespace: string | undefined;
  name: string;
  request: Request;
  atMs: number;
};

/** PATCH or PUT of an object: made, checked and (unless it is a dry run) stored, under a manager's name. */
export function writeObject(write: Write): KubernetesObject {
  const current = currentOf(write);
  return stored(write, current, checked(write, current, requested(write, current as unknown as Json)));
}

type Scalable = Deployment | StatefulSet;
const isScalable = (object: KubernetesObject): object is Scalable =>
  object.kind === 'Deployment' || object.kind === 'StatefulSet';

/** The scale of a workload, `autoscaling/v1`. */
export function scaleOf(object: KubernetesObject): { [name: string]: Json } {
  if (!isScalable(object)) throw methodNotAllowed();
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = Object.entries(object.spec.selector.matchLabels).map(
    ([label, value]) => `${label}=${value}`,
  );
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace: namespace ?? '', uid, resourceVersion, creationTimestamp },
    spec: { replicas: object.spec.replicas },
    status: { replicas: object.status.replicas ?? 0, selector: selector.join(',') },
  };
}

const Scale = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string().optional() }).optional(),
  spec: z.looseObject({ replicas: z.unknown() }).optional(),
});

/** PATCH or PUT of a workload's scale: the number of replicas, and nothing else. */
export function writeScale(write: Write): KubernetesObject {
  const current = currentOf(write);
  const scale = Scale.safeParse(requested(write, scaleOf(current)));
  if (!scale.success || !isScalable(current)) throw badRequest('the object provided is no Scale');
  const { metadata, spec } = scale.data;
  const wanted = {
    ...current,
    metadata: {
      ...current.metadata,
      resourceVersion: metadata?.resourceVersion || current.metadata.resourceVersion,
    },
    spec: { ...current.spec, replicas: spec?.replicas ?? 0 },
  };
  return stored(write, current, checked(write, current, wanted as unknown as Json));
}

function currentOf({ store, resource, namespace, name }: Write): KubernetesObject {
  const current = store.get(resource.kind, namespace, name);
  if (!current) throw notFound(resource, name);
  return current;
}

function requested({ request }: Write, before: Json): Json {
  if (request.method === 'PATCH') return withoutNulls(applyPatch(request.contentType, before, request.body));
  return withoutNulls(objectIn(request));
}

/** For the server's types null is absence: kubectl sends `creationTimestamp: null` in every template it marshals. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(present.map(([name, inner]) => [name, withoutNulls(inner)]));
}

function checked({ resource }: Write, current: KubernetesObject, wanted: Json): KubernetesObject {
  const { name } = current.metadata;
  const schema = schemas[resource.kind];
  if (!schema) throw methodNotAllowed();
  const parsed = schema.safeParse(withServerFields(wanted, current));
  if (!parsed.success) {
    const causes = parsed.error.issues.map((issue) => ({
      reason: issue.message === 'Required value' ? 'FieldValueRequired' : 'FieldValueInvalid',
      message: issue.message === 'Required value' ? issue.message : `Invalid value: ${issue.message}`,
      field: fieldOf(issue.path),
    }));
    throw invalid(resource, name, causes);
  }
  const object: KubernetesObject = parsed.data;
  if (object.metadata.name !== name) {
    throw badRequest(
      `the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  if (object.metadata.namespace !== current.metadata.namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  if (object.metadata.resourceVersion !== current.metadata.resourceVersion) throw conflict(resource, name);
  if (object.metadata.uid !== current.metadata.uid) throw wrongUid(resource, current, object);
  const causes = brokenRules(current, object);
  if (causes.length > 0) throw invalid(resource, name, causes);
  return object;
}

function wrongUid(resource: Resource, current: KubernetesObject, object: KubernetesObject) {
  const message = `Invalid value: ${JSON.stringify(object.metadata.uid)}: field is immutable`;
  return invalid(resource, current.metadata.name, [
    { reason: 'FieldValueInvalid', message, field: 'metadata.uid' },
  ]);
}

/** What a write takes away of the server's own fields is put back; without a resource version it is unconditional. */
function withServerFields(wanted: Json, current: KubernetesObject): unknown {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return wanted;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = current.metadata;
  const own = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid,
    resourceVersion,
    creationTimestamp,
  };
  const { metadata } = wanted;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return wanted;
  const status = 'status' in current ? { status: current.status } : {};
  return { ...wanted, ...status, metadata: { ...own, ...metadata } };
}

const fieldOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (field, part) =>
      typeof part === 'number'
        ? `${field}[${part}]`
        : field === ''
          ? String(part)
          : `${field}.${String(part)}`,
    '',
  );

function stored(
  { store, resource, request, atMs }: Write,
  current: KubernetesObject,
  asked: KubernetesObject,
): KubernetesObject {
  const wanted = withoutFalse(asked);
  const dryRun = isDryRun(request.query, request.method === 'PATCH' ? 'PatchOptions' : 'UpdateOptions');
  // What the server sets cannot be set from outside.
  const { uid, creationTimestamp, resourceVersion, generation, managedFields } = current.metadata;
  const {
    generation: _asked,
    managedFields: _claimed,
    deletionTimestamp: _deletion,
    deletionGracePeriodSeconds: _grace,
    ...written
  } = wanted.metadata;
  const kept = {
    ...written,
    uid,
    creationTimestamp,
    resourceVersion,
    ...(generation === undefined ? {} : { generation }),
    ...(managedFields === undefined ? {} : { managedFields }),
  };
  const before = comparable(current);
  const after = comparable({ ...wanted, metadata: kept });
  if (isEqual(before, after)) return current;

  const specChanged = generation !== undefined && !isEqual(before['spec'], after['spec']);
  const metadata = {
    ...kept,
    ...(specChanged ? { generation: generation + 1 } : {}),
    managedFields: recordManager({
      before,
      after,
      metadata: current.metadata,
      apiVersion: groupVersion(resource),
      manager: request.query.get('fieldManager') ?? 'unknown',
      at: timestamp(atMs),
    }),
  };
  const result = { ...wanted, metadata } as KubernetesObject;
  return dryRun ? result : store.put<Kind>(result as Draft<Kind>, atMs);
}

/** Fields that the API server's own types leave out where they are false. */
const LEFT_OUT = ['paused', 'unschedulable'];

function withoutFalse(object: KubernetesObject): KubernetesObject {
  if (!('spec' in object) || typeof object.spec !== 'object' || object.spec === null) return object;
  const spec = Object.entries(object.spec).filter(
    ([name, value]) => value !== false || !LEFT_OUT.includes(name),
  );
  return { ...object, spec: Object.fromEntries(spec) } as KubernetesObject;
}

/** What a manager can own: everything but the server's own bookkeeping. */
function comparable(object: KubernetesObject): { [name: string]: Json } {
  const { kind: _kind, apiVersion: _version, metadata, ...rest } = object;
  const { labels, annotations } = metadata;
  const { status: _status, ...own } = rest as { status?: unknown };
  return { metadata: { labels: labels ?? {}, annotations: annotations ?? {} }, ...own } as unknown as {
    [name: string]: Json;
  };
}
