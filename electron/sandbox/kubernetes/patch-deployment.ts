import type { ObjectStore } from '../cluster/object-store.ts';
import { Deployment, timestamp } from '../cluster/objects.ts';
import type { Request } from '../http/loopback.ts';
import { recordManager } from './managed-fields.ts';
import { applyPatch, isEqual, type Json } from './patch.ts';
import type { Resource } from './resources.ts';
import { badRequest, conflict, invalid, notFound } from './status.ts';

type Cause = { reason: string; message: string; field: string };

/** PATCH of a Deployment: what is patched, checked and (unless it is a dry run) stored, under a manager's name. */
export function patchDeployment(options: {
  store: ObjectStore;
  resource: Resource;
  namespace: string;
  name: string;
  request: Request;
  atMs: number;
}): Deployment {
  const { store, resource, namespace, name, request } = options;
  const current = store.get('Deployment', namespace, name);
  if (!current) throw notFound(resource, name);
  const before = current as unknown as Json;
  const patched = withoutNulls(applyPatch(request.contentType, before, request.body));
  const deployment = checked(current, patched, resource);
  return storeDeployment({ ...options, current, deployment });
}

/** For the server's types null is absence: kubectl sends `creationTimestamp: null` in every template it marshals. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(present.map(([name, inner]) => [name, withoutNulls(inner)]));
}

/** The scale of a Deployment, `autoscaling/v1`. */
export function scaleOf(deployment: Deployment): { [name: string]: Json } {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = deployment.metadata;
  const selector = Object.entries(deployment.spec.selector.matchLabels).map(
    ([label, value]) => `${label}=${value}`,
  );
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace: namespace ?? '', uid, resourceVersion, creationTimestamp },
    spec: { replicas: deployment.spec.replicas },
    status: { replicas: deployment.status.replicas ?? 0, selector: selector.join(',') },
  };
}

export function patchScale(options: {
  store: ObjectStore;
  resource: Resource;
  namespace: string;
  name: string;
  request: Request;
  atMs: number;
}): Deployment {
  const { store, resource, namespace, name, request } = options;
  const current = store.get('Deployment', namespace, name);
  if (!current) throw notFound(resource, name);
  const scale = applyPatch(request.contentType, scaleOf(current), request.body);
  const { spec, metadata } = scale as { spec?: { replicas?: Json }; metadata?: { resourceVersion?: Json } };
  const patched = {
    ...current,
    metadata: {
      ...current.metadata,
      resourceVersion: metadata?.resourceVersion ?? current.metadata.resourceVersion,
    },
    spec: { ...current.spec, replicas: spec?.replicas ?? 0 },
  };
  const deployment = checked(current, patched as unknown as Json, resource);
  return storeDeployment({ ...options, current, deployment });
}

function checked(current: Deployment, patched: Json, resource: Resource): Deployment {
  const { name } = current.metadata;
  const parsed = Deployment.safeParse(withServerFields(patched, current));
  if (!parsed.success) {
    const causes = parsed.error.issues.map((issue) => ({
      reason: issue.message === 'Required value' ? 'FieldValueRequired' : 'FieldValueInvalid',
      message: issue.message === 'Required value' ? issue.message : `Invalid value: ${issue.message}`,
      field: fieldOf(issue.path),
    }));
    throw invalid(resource, name, causes);
  }
  const deployment = parsed.data;
  if (deployment.metadata.name !== name || deployment.metadata.namespace !== current.metadata.namespace) {
    throw badRequest(
      `the name of the object (${deployment.metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  if (deployment.metadata.resourceVersion !== current.metadata.resourceVersion)
    throw conflict(resource, name);
  const causes = broken(current, deployment);
  if (causes.length > 0) throw invalid(resource, name, causes);
  return deployment;
}

/** What a patch takes away of the server's own fields is put back; without a resource version it is unconditional. */
function withServerFields(patched: Json, current: Deployment): unknown {
  if (typeof patched !== 'object' || patched === null || Array.isArray(patched)) return patched;
  const { name, uid, resourceVersion, creationTimestamp } = current.metadata;
  const { metadata } = patched;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return patched;
  return { status: {}, ...patched, metadata: { name, uid, resourceVersion, creationTimestamp, ...metadata } };
}

function broken(current: Deployment, { metadata, spec }: Deployment): Cause[] {
  const causes: Cause[] = [];
  const wrong = (field: string, value: unknown, why: string) =>
    causes.push({
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
      field,
    });
  if (metadata.uid !== current.metadata.uid) wrong('metadata.uid', metadata.uid, 'field is immutable');
  if (spec.replicas < 0) wrong('spec.replicas', spec.replicas, 'must be greater than or equal to 0');
  if (spec.replicas > maxReplicas)
    wrong('spec.replicas', spec.replicas, `this simulated cluster has room for ${maxReplicas}`);
  if (!isEqual(spec.selector as Json, current.spec.selector as Json))
    wrong('spec.selector', spec.selector, 'field is immutable');
  const labels = spec.template.metadata.labels ?? {};
  if (Object.entries(spec.selector.matchLabels).some(([label, value]) => labels[label] !== value)) {
    wrong('spec.template.metadata.labels', labels, '`selector` does not match template `labels`');
  }
  const names = spec.template.spec.containers.map((container) => container.name);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    const field = `spec.template.spec.containers[${index}].name`;
    causes.push({
      reason: 'FieldValueDuplicate',
      message: `Duplicate value: ${JSON.stringify(name)}`,
      field,
    });
  }
  return causes;
}

const maxReplicas = 200;

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

function storeDeployment(options: {
  store: ObjectStore;
  request: Request;
  atMs: number;
  current: Deployment;
  deployment: Deployment;
}): Deployment {
  const { store, request, atMs, current, deployment } = options;
  const dryRun = request.query.getAll('dryRun');
  if (dryRun.some((value) => value !== 'All')) {
    throw badRequest(`Invalid value: ${JSON.stringify(dryRun)}: dryRun must be All`);
  }
  // Status belongs to the controllers, and what the server sets cannot be set from outside.
  const { uid, creationTimestamp, resourceVersion, generation } = current.metadata;
  const kept = {
    ...deployment.metadata,
    uid,
    creationTimestamp,
    resourceVersion,
    ...(generation === undefined ? {} : { generation }),
  };
  const updated: Deployment = { ...deployment, metadata: kept, status: current.status };
  const before = comparable(current);
  const after = comparable(updated);
  if (isEqual(before, after)) return current;

  const specChanged = !isEqual(current.spec as Json, updated.spec as Json);
  const metadata = {
    ...kept,
    ...(specChanged ? { generation: (generation ?? 1) + 1 } : {}),
    managedFields: recordManager({
      before,
      after,
      metadata: current.metadata,
      manager: request.query.get('fieldManager') ?? 'unknown',
      at: timestamp(atMs),
    }),
  };
  const result = { ...updated, metadata };
  return dryRun.length > 0 ? result : store.put<'Deployment'>(result, atMs);
}

/** What a manager can own: everything but the server's own bookkeeping. */
function comparable({ metadata, spec }: Deployment): Json {
  const { labels, annotations } = metadata;
  return { metadata: { labels: labels ?? {}, annotations: annotations ?? {} }, spec } as unknown as Json;
}
