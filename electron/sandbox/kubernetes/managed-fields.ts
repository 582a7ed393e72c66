import type { ManagedFields, ObjectMeta } from '../cluster/objects.ts';
import { isEqual, type Json } from './patch.ts';

type Owned = { [field: string]: Owned };

/** Records who changed which fields, as the API server does for an update (structured-merge-diff, "FieldsV1"). */
export function recordManager(options: {
  before: Json;
  after: Json;
  metadata: ObjectMeta;
  apiVersion: string;
  manager: string;
  at: string;
}): ManagedFields[] {
  const { before, after, metadata, apiVersion, manager, at } = options;
  const fields = changedFields(before, after);
  const others = (metadata.managedFields ?? []).filter((entry) => entry.manager !== manager);
  const own = (metadata.managedFields ?? []).find((entry) => entry.manager === manager);
  if (!fields) return metadata.managedFields ?? [];
  const owned = combine((own?.fieldsV1 ?? {}) as Owned, fields);
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

function changedFields(before: Json | undefined, after: Json | undefined): Owned | null {
  if (isEqual(before, after)) return null;
  if (!isMap(before) || !isMap(after)) return {};
  const changed: Owned = {};
  for (const name of Object.keys(after)) {
    const inner = changedFields(before[name], after[name]);
    if (inner) changed[`f:${name}`] = inner;
  }
  return changed;
}

const isMap = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function combine(one: Owned, other: Owned): Owned {
  const both: Owned = { ...one };
  for (const [name, inner] of Object.entries(other)) both[name] = combine(both[name] ?? {}, inner);
  return both;
}
