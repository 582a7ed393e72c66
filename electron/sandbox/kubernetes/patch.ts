import { ownMember } from '../../platform/own-member.ts';
import { badRequest, rejectedPatch, unsupportedMediaType } from './status.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type JsonObject = { [name: string]: Json };

const patches: Readonly<Record<string, (target: Json, patch: Json) => Json>> = {
  'application/json-patch+json': jsonPatch,
  'application/merge-patch+json': mergePatch,
  'application/strategic-merge-patch+json': (target, patch) => strategicMerge(target, patch, ''),
};

/** The object as the patch makes it; the object itself stays as it was. */
export function applyPatch(contentType: string, target: Json, body: string): Json {
  const [mediaType = ''] = contentType.split(';');
  const apply = ownMember(patches, mediaType.trim());
  if (!apply) throw unsupportedMediaType(Object.keys(patches));
  return apply(structuredClone(target), parse(body));
}

/** The body of a request that is no patch. */
export function parseJson(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    throw badRequest("couldn't get version/kind; json parse error");
  }
}

function parse(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch (error) {
    throw badRequest(`error decoding patch: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A name that would reach the prototype is an ordinary member here. */
function assign(target: JsonObject, name: string, value: Json): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}

/** JSON Merge Patch (RFC 7386 §2). */
export function mergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result = isObject(target) ? target : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete result[name];
    else assign(result, name, mergePatch(ownMember(result, name) ?? null, value));
  }
  return result;
}

/** Lists of a Deployment that have a merge key (Kubernetes API types, `patchMergeKey`); all others are replaced whole. */
const mergeKeys: readonly (readonly [RegExp, string])[] = [
  [/\.(containers|initContainers|ephemeralContainers|env|volumes|imagePullSecrets)$/, 'name'],
  [/\.containers\.ports$/, 'containerPort'],
  [/\.volumeMounts$/, 'mountPath'],
  [/\.hostAliases$/, 'ip'],
  [/\.ownerReferences$/, 'uid'],
  [/\.conditions$/, 'type'],
];

const mergeKeyOf = (path: string): string | undefined => mergeKeys.find(([place]) => place.test(path))?.[1];

/** Strategic merge patch, with the directives `$patch: replace|delete|merge`, `$deleteFromPrimitiveList` left aside. */
function strategicMerge(target: Json, patch: Json, path: string): Json {
  if (Array.isArray(patch)) return mergeList(Array.isArray(target) ? target : [], patch, path);
  if (!isObject(patch)) return patch;
  const directive = ownMember(patch, '$patch');
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge')
    throw badRequest(`unable to use patch directive ${JSON.stringify(directive)}`);
  const result = isObject(target) ? target : {};
  for (const [name, value] of Object.entries(patch)) {
    if (name === '$patch' || name.startsWith('$setElementOrder/') || name === '$retainKeys') continue;
    if (name.startsWith('$')) throw badRequest(`patch directive ${name} is not supported`);
    if (value === null) delete result[name];
    else assign(result, name, strategicMerge(ownMember(result, name) ?? null, value, `${path}.${name}`));
  }
  return result;
}

function mergeList(target: readonly Json[], patch: readonly Json[], path: string): Json {
  const key = mergeKeyOf(path);
  if (patch.some((item) => isObject(item) && ownMember(item, '$patch') === 'replace')) {
    return patch
      .filter((item) => !(isObject(item) && ownMember(item, '$patch') === 'replace'))
      .map(withoutDirectives);
  }
  if (key === undefined) return patch.map(withoutDirectives);
  const result = [...target];
  for (const item of patch) {
    const identity = isObject(item) ? ownMember(item, key) : undefined;
    if (!isObject(item) || identity === undefined) {
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    }
    const at = result.findIndex((candidate) => isObject(candidate) && ownMember(candidate, key) === identity);
    if (ownMember(item, '$patch') === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (at >= 0) result[at] = strategicMerge(result[at] ?? null, item, path);
    // Something new is merged with nothing, so that nulls and directives inside it have their effect.
    else result.push(strategicMerge({}, item, path));
  }
  return result;
}

function withoutDirectives(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutDirectives);
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  for (const [name, inner] of Object.entries(value)) {
    if (!name.startsWith('$')) assign(kept, name, withoutDirectives(inner));
  }
  return kept;
}

/** JSON Patch (RFC 6902): `add`, `replace`, `remove` and `test`. */
function jsonPatch(target: Json, patch: Json): Json {
  if (!Array.isArray(patch))
    throw badRequest('error decoding patch: json: cannot unmarshal into Go value of type jsonpatch.Patch');
  let document = target;
  for (const operation of patch) {
    if (!isObject(operation)) throw badRequest('error decoding patch: an operation must be an object');
    const op = ownMember(operation, 'op');
    const path = ownMember(operation, 'path');
    if (typeof path !== 'string' || (path !== '' && !path.startsWith('/')))
      throw badRequest(`invalid path ${JSON.stringify(path)} in JSON patch`);
    const tokens = path
      .split('/')
      .slice(1)
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    const value = ownMember(operation, 'value');
    if ((op === 'add' || op === 'replace' || op === 'test') && value === undefined)
      throw badRequest(`JSON patch ${op} without value`);
    document = operate(document, op, tokens, value ?? null);
  }
  return document;
}

function operate(document: Json, op: Json | undefined, tokens: readonly string[], value: Json): Json {
  const missing = () => rejectedPatch(`path /${tokens.join('/')} does not exist`);
  const last = tokens.at(-1);
  if (last === undefined) {
    if (op === 'test') return check(document, value, '');
    if (op === 'add' || op === 'replace') return value;
    throw rejectedPatch('the whole object cannot be removed');
  }
  let parent: Json = document;
  for (const token of tokens.slice(0, -1)) {
    const next: Json | undefined = Array.isArray(parent)
      ? parent[indexOf(token, parent.length - 1, missing)]
      : isObject(parent)
        ? ownMember(parent, token)
        : undefined;
    if (next === undefined) throw missing();
    parent = next;
  }

  if (Array.isArray(parent)) {
    if (op === 'add')
      parent.splice(last === '-' ? parent.length : indexOf(last, parent.length, missing), 0, value);
    else {
      const index = indexOf(last, parent.length - 1, missing);
      if (op === 'replace') parent[index] = value;
      else if (op === 'remove') parent.splice(index, 1);
      else if (op === 'test') check(parent[index] ?? null, value, tokens.join('/'));
      else throw rejectedPatch(`unexpected kind of operation: ${JSON.stringify(op)}`);
    }
    return document;
  }
  if (!isObject(parent)) throw missing();
  if (op !== 'add' && ownMember(parent, last) === undefined) throw missing();
  if (op === 'add' || op === 'replace') assign(parent, last, value);
  else if (op === 'remove') delete parent[last];
  else if (op === 'test') check(ownMember(parent, last) ?? null, value, tokens.join('/'));
  else throw rejectedPatch(`unexpected kind of operation: ${JSON.stringify(op)}`);
  return document;
}

function indexOf(token: string, highest: number, missing: () => Error): number {
  if (!/^(0|[1-9]\d*)$/.test(token) || Number(token) > highest) throw missing();
  return Number(token);
}

function check(actual: Json, expected: Json, path: string): Json {
  if (!isEqual(actual, expected)) throw rejectedPatch(`testing value /${path} failed: test failed`);
  return actual;
}

export function isEqual(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isEqual(item, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isEqual(one[name], other[name]))
  );
}
