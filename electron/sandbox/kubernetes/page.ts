import { z } from 'zod';
import type { ObjectStore } from '../cluster/object-store.ts';
import type { Kind, KubernetesObject } from '../cluster/objects.ts';
import type { ListMeta } from './represent.ts';
import { badRequest, expiredContinue, tooLargeVersion } from './status.ts';

/** Where a list goes on: after an object, as things stood at a version (0: as they stand then). */
const Continue = z.strictObject({
  v: z.literal('meta.k8s.io/v1'),
  rv: z.number().int().nonnegative(),
  start: z.string(),
});

export type Page = { metadata: ListMeta; objects: KubernetesObject[] };

/**
 * One page of a list (https://kubernetes.io/docs/reference/using-api/api-concepts/, "Retrieving large results sets in
 * chunks"): later pages show the version that the first one showed, whatever has happened since.
 */
export function pageOf(options: {
  store: ObjectStore;
  kind: Kind;
  namespace: string | undefined;
  test: (object: KubernetesObject) => boolean;
  query: URLSearchParams;
}): Page {
  const { store, kind, namespace, test, query } = options;
  const limit = limitOf(query);
  const token = query.get('continue') ?? '';
  const asked = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  if (!/^\d*$/.test(asked)) throw badRequest(`invalid resource version ${JSON.stringify(asked)}`);
  if (token !== '' && asked !== '' && asked !== '0')
    throw badRequest('specifying resource version is not allowed when using continue');
  if (match !== '' && match !== 'Exact' && match !== 'NotOlderThan')
    throw badRequest(`resourceVersionMatch: Unsupported value: ${JSON.stringify(match)}`);
  if (Number(asked) > store.version()) throw tooLargeVersion(Number(asked), store.version());

  const from = token === '' ? null : continueOf(token);
  const exact = match === 'Exact' ? Number(asked) : 0;
  const version = (from?.rv ?? exact) || store.version();
  const then = listAt(store, kind, namespace, version);
  if (then === null) {
    const start = from?.start ?? '';
    throw expiredContinue(from === null ? null : tokenOf({ rv: 0, start }), version, store.version());
  }
  const wanted = then.filter(test).filter((object) => from === null || keyOf(object) > from.start);
  const objects = limit === null ? wanted : wanted.slice(0, limit);
  const last = objects.at(-1);
  const metadata: ListMeta = { resourceVersion: String(version) };
  if (objects.length < wanted.length && last) {
    metadata.continue = tokenOf({ rv: version, start: keyOf(last) });
    // How many follow is known to the server only where nothing is filtered out.
    const filtered = ['labelSelector', 'fieldSelector'].some((name) => (query.get(name) ?? '') !== '');
    if (!filtered) metadata.remainingItemCount = wanted.length - objects.length;
  }
  return { metadata, objects };
}

const keyOf = ({ metadata }: KubernetesObject) => `${metadata.namespace ?? ''}/${metadata.name}`;

/** Things as they stood at a version, or null when the log no longer reaches back that far. */
function listAt(
  store: ObjectStore,
  kind: Kind,
  namespace: string | undefined,
  version: number,
): KubernetesObject[] | null {
  if (version === store.version()) return store.list(kind, namespace);
  const since = store.changesSince(version, kind);
  if (since === null) return null;
  const objects = new Map<string, KubernetesObject>();
  for (const object of store.list(kind, namespace)) objects.set(keyOf(object), object);
  for (const { before, object } of since.toReversed()) {
    if (namespace !== undefined && object.metadata.namespace !== namespace) continue;
    if (before) objects.set(keyOf(object), before);
    else objects.delete(keyOf(object));
  }
  return [...objects].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, object]) => object);
}

function limitOf(query: URLSearchParams): number | null {
  const text = query.get('limit') ?? '';
  if (text === '') return null;
  if (!/^-?\d+$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text) > 0 ? Number(text) : null;
}

const tokenOf = (place: { rv: number; start: string }) =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', ...place })).toString('base64url');

function continueOf(token: string): z.infer<typeof Continue> {
  try {
    return Continue.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
  } catch {
    throw badRequest('continue key is not valid: it must be what the server has sent');
  }
}
