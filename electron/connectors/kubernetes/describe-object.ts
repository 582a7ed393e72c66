import { z } from 'zod';
import type { DescribedKind } from '../../../shared/vocabulary/described-kind.ts';
import type { DescribedObject } from '../inspection.ts';
import type { ObjectRef } from '../source.ts';
import type { ClusterApi } from './cluster-api.ts';
import { ownedBy } from './ownership.ts';
import { nodePath, objectPath, workloadsPath } from './paths.ts';
import { Meta } from './resources.ts';
import { shownField } from './shown-value.ts';

const MOST_FIELDS = 160;

/** Every field is of interest here, so the object stays as it came. */
const Whole = z.looseObject({ metadata: z.looseObject(Meta.shape) });

/** An object as its API server has it, field by field: what is the case first, then what is wanted. */
export async function describeObject(
  api: ClusterApi,
  kind: DescribedKind,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<DescribedObject> {
  const whole = await api.get(Whole, pathOf(kind, ref), signal);
  const { metadata } = whole;
  const fields = fieldsOf(whole);
  return {
    createdMs: Date.parse(metadata.creationTimestamp),
    managedBy: ownedBy(metadata).ownership?.sentence ?? null,
    fields: fields.slice(0, MOST_FIELDS),
    omitted: Math.max(0, fields.length - MOST_FIELDS),
  };
}

function pathOf(kind: DescribedKind, ref: ObjectRef): string {
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
      return `${workloadsPath(kind, ref.namespace)}/${encodeURIComponent(ref.name)}`;
    case 'Node':
      return nodePath(ref.name);
    default:
      return objectPath(kind, ref);
  }
}

const ORDER = ['status', 'spec', 'data', 'binaryData', 'metadata'];
/** Marks of the server that tell nothing, and a copy of the whole object in which secrets may stand in plain text. */
const NOISE = new Set([
  'managedFields',
  'uid',
  'resourceVersion',
  'selfLink',
  'kubectl.kubernetes.io/last-applied-configuration',
]);

function fieldsOf(whole: Record<string, unknown>): DescribedObject['fields'] {
  const fields: DescribedObject['fields'] = [];
  for (const part of ORDER) flatten(whole[part], [part], undefined, fields);
  return fields;
}

function flatten(
  value: unknown,
  path: readonly string[],
  before: unknown,
  into: DescribedObject['fields'],
): void {
  if (value === null || value === undefined) return;
  if (typeof value !== 'object') {
    const text = String(value);
    into.push({
      path: path.join('.'),
      value: shownField(path, text, typeof before === 'string' ? before : undefined),
    });
    return;
  }
  if (Array.isArray(value)) {
    value.forEach((item: unknown, at) => {
      flatten(item, [...path, nameOf(item) ?? String(at)], value[at - 1], into);
    });
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (!NOISE.has(key) && !(key === 'name' && path.length > 2))
      flatten(item, [...path, key], undefined, into);
  }
}

/** Containers and variables are known by their name, conditions by their type. */
function nameOf(item: unknown): string | null {
  const named = z.object({ name: z.string() }).or(z.object({ type: z.string(), status: z.string() }));
  const parsed = named.safeParse(item).data;
  if (!parsed) return null;
  return 'name' in parsed ? parsed.name : parsed.type;
}
