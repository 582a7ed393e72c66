import type { Kind, KubernetesObject } from '../cluster/objects.ts';
import { type Cell, columns } from './columns.ts';
import { badRequest, notAcceptable } from './status.ts';

/** How a client wants objects: as they are, as their metadata alone, or as a table that the server has made up. */
export type Representation =
  | { as: 'object' }
  | { as: 'metadata'; version: string }
  | { as: 'table'; version: string; include: 'None' | 'Metadata' | 'Object' };

const metaVersions = ['v1', 'v1beta1'];

/** The first form in an Accept header that this server can give (Kubernetes API concepts, "Resource representations"). */
export function representationOf(accept: string, query: URLSearchParams): Representation {
  const wanted = accept.trim() === '' ? ['*/*'] : accept.split(',');
  for (const media of wanted) {
    const [type = '', ...parameters] = media.split(';').map((part) => part.trim());
    if (!['application/json', 'application/*', '*/*'].includes(type)) continue;
    const values = new Map(parameters.map((parameter) => parameter.split('=', 2) as [string, string]));
    const as = values.get('as');
    if (as === undefined) return { as: 'object' };
    const version = values.get('v') ?? '';
    if (values.get('g') !== 'meta.k8s.io' || !metaVersions.includes(version)) continue;
    if (as === 'Table') return { as: 'table', version, include: includedIn(query) };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList')
      return { as: 'metadata', version };
  }
  throw notAcceptable(['application/json']);
}

function includedIn(query: URLSearchParams): 'None' | 'Metadata' | 'Object' {
  const include = query.get('includeObject') ?? '';
  if (include === '' || include === 'Metadata') return 'Metadata';
  if (include === 'None' || include === 'Object') return include;
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(include)}`);
}

export type ListMeta = { resourceVersion: string; continue?: string; remainingItemCount?: number };

/** A list, in the representation asked for. */
export function representList(
  form: Representation,
  kind: Kind,
  apiVersion: string,
  metadata: ListMeta,
  objects: readonly KubernetesObject[],
  nowMs: number,
): object {
  if (form.as === 'table') return tableOf(form, kind, metadata, objects, nowMs, true);
  if (form.as === 'metadata') {
    const items = objects.map((object) => partialOf(object, form.version));
    return { kind: 'PartialObjectMetadataList', apiVersion: metaGroup(form.version), metadata, items };
  }
  // Items of a typed list carry neither kind nor version of their own.
  const items = objects.map(({ kind: _kind, apiVersion: _version, ...item }) => item);
  return { kind: `${kind}List`, apiVersion, metadata, items };
}

/** One object; in a watch only the first table names its columns. */
export function represent(
  form: Representation,
  object: KubernetesObject,
  nowMs: number,
  withColumns = true,
): object {
  if (form.as === 'object') return object;
  if (form.as === 'metadata') return partialOf(object, form.version);
  const metadata = { resourceVersion: object.metadata.resourceVersion };
  return tableOf(form, object.kind, metadata, [object], nowMs, withColumns);
}

/** How far a watch has come, in the representation of its objects. */
export function bookmarkOf(
  form: Representation,
  kind: Kind,
  apiVersion: string,
  resourceVersion: string,
  annotations?: Record<string, string>,
): object {
  const metadata = { resourceVersion, creationTimestamp: null, ...(annotations ? { annotations } : {}) };
  if (form.as === 'object') return { kind, apiVersion, metadata };
  const partial = { kind: 'PartialObjectMetadata', apiVersion: metaGroup(form.version), metadata };
  if (form.as === 'metadata') return partial;
  const rows = [{ cells: [], object: partial }];
  return { kind: 'Table', apiVersion: metaGroup(form.version), metadata, columnDefinitions: [], rows };
}

const metaGroup = (version: string) => `meta.k8s.io/${version}`;

const partialOf = ({ metadata }: KubernetesObject, version: string) => ({
  kind: 'PartialObjectMetadata',
  apiVersion: metaGroup(version),
  metadata,
});

type Printed = {
  name: string;
  type: string;
  wide: boolean;
  cell: (object: KubernetesObject, nowMs: number) => Cell;
};

function tableOf(
  form: { version: string; include: 'None' | 'Metadata' | 'Object' },
  kind: Kind,
  metadata: ListMeta,
  objects: readonly KubernetesObject[],
  nowMs: number,
  withColumns: boolean,
): object {
  // A table holds objects of its kind only.
  const printed = columns[kind] as unknown as readonly Printed[];
  const columnDefinitions = withColumns
    ? printed.map(({ name, type, wide }) => ({
        name,
        type,
        format: name === 'Name' ? 'name' : '',
        description: '',
        priority: wide ? 1 : 0,
      }))
    : null;
  const rows = objects.map((object) => ({
    cells: printed.map(({ cell }) => cell(object, nowMs)),
    ...(form.include === 'None'
      ? {}
      : { object: form.include === 'Object' ? object : partialOf(object, form.version) }),
  }));
  return { kind: 'Table', apiVersion: metaGroup(form.version), metadata, columnDefinitions, rows };
}
