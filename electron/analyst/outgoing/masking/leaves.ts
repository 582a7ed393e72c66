import { isSecretField, isSecretVariable } from './structural.ts';

/** One string of a JSON value, and whether where it stands says that all of it is a secret. */
export type Leaf = { text: string; isSecret: boolean };

/**
 * The value with every string put through `change`, names of members among them, and numbers long enough to be somebody's.
 * What stands where secrets stand is told so: environment variables and their like, the data of a Secret, fields with a
 * telling name.
 */
export function changeLeaves(value: unknown, change: (leaf: Leaf) => string): unknown {
  return walk(value, change, false);
}

function walk(value: unknown, change: (leaf: Leaf) => string, isSecret: boolean): unknown {
  if (typeof value === 'string') return change({ text: value, isSecret });
  if (typeof value === 'number') return walkNumber(value, change);
  if (Array.isArray(value)) return value.map((inner) => walk(inner, change, isSecret));
  if (typeof value !== 'object' || value === null) return value;
  const given = new Map<string, unknown>(Object.entries(value));
  const named = variableName(given);
  const isManifest = given.get('kind') === 'Secret';
  return Object.fromEntries(
    [...given].map(([name, inner]) => {
      const holdsOne =
        isSecret ||
        (isManifest && (name === 'data' || name === 'stringData')) ||
        (typeof inner === 'string' &&
          (isSecretField(name, inner) ||
            (named !== null && VALUES.has(name) && isSecretVariable(named, inner))));
      return [change({ text: name, isSecret: false }), walk(inner, change, holdsOne)];
    }),
  );
}

/** What stands beside the name of a variable, a key or a changed field. */
const VALUES: ReadonlySet<string> = new Set(['value', 'before', 'after', 'was', 'is', 'now']);

function variableName(given: ReadonlyMap<string, unknown>): string | null {
  for (const name of ['name', 'path', 'key', 'field']) {
    const found = given.get(name);
    if (typeof found === 'string') return found;
  }
  return null;
}

/** Shorter ones are counts and times; a card number has thirteen digits at least. */
const SHORTEST_NUMBER = 1e12;

function walkNumber(value: number, change: (leaf: Leaf) => string): unknown {
  if (!Number.isSafeInteger(value) || value < SHORTEST_NUMBER) return value;
  const text = String(value);
  const changed = change({ text, isSecret: false });
  return changed === text ? value : changed;
}
