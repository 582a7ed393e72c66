import type { ManagedFields, ObjectMeta } from '../cluster/objects.ts';
import { isEqual, type Json } from './patch.ts';

type Owned = { [field: string]: Owned };

/**
 * Records who changed which fields, as the API server does for an update (structured-merge-diff, "FieldsV1"): whoever writes
 * a field takes it from all others, nobody owns what was taken away, and who owns nothing any more is not named. So a write
 * that only takes away leaves no name of its own.
 */
export function recordManager(options: {
  before: Json;
  after: Json;
  metadata: ObjectMeta;
  apiVersion: string;
  manager: string;
  at: string;
}): ManagedFields[] {
  const { before, after, metadata, apiVersion, manager, at } = options;
  const known = metadata.managedFields ?? [];
  const written = changedFields(before, after);
  const gone = changedFields(after, before);
  if (!written && !gone) return known;
  const touched = combine(written ?? {}, gone ?? {});
  const others = known.filter((entry) => entry.manager !== manager).flatMap((entry) => left(entry, touched));
  const own = known.find((entry) => entry.manager === manager);
  const kept = without((own?.fieldsV1 ?? {}) as Owned, touched) ?? {};
  const owned = combine(kept, written ?? {});
  if (Object.keys(owned).length === 0) return others;
  const entry: ManagedFields = {
    manager,
    operation: 'Update',
    apiVersion,
    time: at,
    fieldsType: 'FieldsV1',
    fieldsV1: owned,
  };
  return [...others, entry];
}

/** What of `after` differs from `before`, null where nothing does; what only `before` has is no part of it. */
function changedFields(before: Json | undefined, after: Json | undefined): Owned | null {
  if (isEqual(before, after)) return null;
  if (!isMap(before) || !isMap(after)) return {};
  const changed: Owned = {};
  for (const name of Object.keys(after)) {
    const inner = changedFields(before[name], after[name]);
    if (inner) changed[`f:${name}`] = inner;
  }
  return Object.keys(changed).length === 0 ? null : changed;
}

const isMap = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function combine(one: Owned, other: Owned): Owned {
  const both: Owned = { ...one };
  for (const [name, inner] of Object.entries(other)) both[name] = combine(both[name] ?? {}, inner);
  return both;
}

/** What an entry still owns beside these fields; none where that is nothing. */
function left(entry: ManagedFields, touched: Owned): ManagedFields[] {
  const fieldsV1 = without((entry.fieldsV1 ?? {}) as Owned, touched);
  return fieldsV1 === null ? [] : [{ ...entry, fieldsV1 }];
}

/** Null where nothing is left. A field that is owned or taken as a whole is one without fields of its own. */
function without(owned: Owned, taken: Owned): Owned | null {
  const rest = Object.entries(owned).flatMap(([name, inner]): [string, Owned][] => {
    const part = taken[name];
    if (part === undefined) return [[name, inner]];
    const kept = Object.keys(part).length === 0 ? null : without(inner, part);
    return kept === null ? [] : [[name, kept]];
  });
  return rest.length === 0 ? null : Object.fromEntries(rest);
}
