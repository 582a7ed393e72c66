import type { Request } from '../http/loopback.ts';
import { unknownPath } from './status.ts';

/** What a path and a method ask for, read as the API server reads it before it knows what it serves. */
export type Asked = {
  group: string;
  version: string;
  plural: string;
  subresource: string;
  namespace: string | undefined;
  name: string | undefined;
};

/** `/api/v1[/namespaces/<ns>]/<plural>[/<name>[/<subresource>]]`, and the same under `/apis/<group>/<version>`. */
export function askedOf(path: string): Asked | null {
  const [, core, group = '', grouped, rest] =
    /^\/(?:api\/(v[^/]+)|apis\/([^/]+)\/([^/]+))\/(.+)$/.exec(path) ?? [];
  const version = core ?? grouped;
  if (rest === undefined || version === undefined) return null;
  const parts = rest.split('/').map(decoded);
  const isScoped = parts[0] === 'namespaces' && parts.length > 2;
  const [plural = '', name, subresource = '', ...beyond] = isScoped ? parts.slice(2) : parts;
  if (beyond.length > 0) return null;
  // A namespace is within itself.
  const namespace = isScoped || plural === 'namespaces' ? (isScoped ? parts[1] : name) : undefined;
  return { group, version, plural, subresource, namespace, name };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw unknownPath();
  }
}

/** The verb that rules name for a request, or undefined for a method the API does not have. */
export function verbOf({ method, query }: Request, name: string | undefined): string | undefined {
  switch (method) {
    case 'GET':
    case 'HEAD': {
      const isWatch = ['1', 'true'].includes(query.get('watch') ?? '');
      return isWatch ? 'watch' : name === undefined ? 'list' : 'get';
    }
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return undefined;
  }
}
