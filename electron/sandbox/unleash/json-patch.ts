import { FlagError } from '../flags/flag.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

type Operation = { op: string; path: string; from?: string | undefined; value?: unknown };

/** JSON Patch (RFC 6902) without `test`, which Unleash does not take. The document itself stays as it was. */
export function patched(document: Json, operations: readonly Operation[]): Json {
  return operations.reduce<Json>(apply, structuredClone(document));
}

function apply(document: Json, { op, path, from = '', value }: Operation): Json {
  if (op === 'remove') return taken(document, path).document;
  if (op === 'move') {
    const { document: rest, value: moved } = taken(document, from);
    return placed(rest, path, moved, 'add');
  }
  if (op === 'copy')
    return placed(document, path, structuredClone(valueAt(document, tokensOf(from), from)), 'add');
  if (value === undefined) throw unresolvable(`${op} has no value`, path);
  return placed(document, path, value as Json, op);
}

function placed(document: Json, path: string, value: Json, op: string): Json {
  const tokens = tokensOf(path);
  const last = tokens.at(-1);
  if (last === undefined) return value;
  const parent = valueAt(document, tokens.slice(0, -1), path);
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : indexOf(last, parent.length - (op === 'add' ? 0 : 1), path);
    parent.splice(index, op === 'add' ? 0 : 1, value);
  } else if (isObject(parent)) parent[last] = value;
  else throw unresolvable('there is nothing to put it in', path);
  return document;
}

function taken(document: Json, path: string): { document: Json; value: Json } {
  const tokens = tokensOf(path);
  const last = tokens.at(-1);
  if (last === undefined) return { document: null, value: document };
  const value = valueAt(document, tokens, path);
  const parent = valueAt(document, tokens.slice(0, -1), path);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isObject(parent)) delete parent[last];
  return { document, value };
}

function valueAt(document: Json, tokens: readonly string[], path: string): Json {
  let value = document;
  for (const token of tokens) {
    const next: Json | undefined = Array.isArray(value)
      ? value[indexOf(token, value.length - 1, path)]
      : isObject(value) && Object.hasOwn(value, token)
        ? value[token]
        : undefined;
    if (next === undefined) throw unresolvable('there is no such value', path);
    value = next;
  }
  return value;
}

function tokensOf(path: string): string[] {
  if (path !== '' && !path.startsWith('/')) throw unresolvable('a path starts with a slash', path);
  const tokens = path
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (tokens.some((token) => token === '__proto__' || token === 'constructor' || token === 'prototype')) {
    throw unresolvable(
      'modifying `__proto__` or `constructor/prototype` prop is banned for security reasons',
      path,
    );
  }
  return tokens;
}

function indexOf(token: string, highest: number, path: string): number {
  if (!/^(0|[1-9]\d*)$/.test(token) || Number(token) > highest)
    throw unresolvable('there is no such place', path);
  return Number(token);
}

const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// The real server fails with a 500 here; a client can do something about it.
const unresolvable = (why: string, path: string) =>
  new FlagError('BadDataError', `JSON-Patch: ${why}: ${JSON.stringify(path)}`);
