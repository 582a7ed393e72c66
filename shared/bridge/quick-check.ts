import { z } from 'zod';

/** True only for what its schema would answer unchanged. */
export type QuickCheck = (value: unknown) => boolean;

type Schema = z.core.$ZodTypes;
type Check = z.core.$ZodChecks;

/**
 * A schema as plain functions. Zod compiles its schemas with `new Function`, which the screen's content policy refuses, and
 * without that it takes a second for a hundred thousand events.
 * INVARIANT: true means that the schema accepts the value and answers the same; false means nothing: ask the schema.
 */
export function quickCheck(type: z.core.$ZodType): QuickCheck {
  const schema = type as Schema;
  const ofType = typeCheck(schema);
  const limits = (schema._zod.def.checks ?? []).map((check) => limitCheck((check as Check)._zod.def));
  if (!ofType || !limits.every((limit) => limit !== null)) return asked(schema);
  return limits.reduce<QuickCheck>((so, limit) => (value) => so(value) && limit(value), ofType);
}

/** The schema's own answer, without asking it where the value is as it should be. */
export function quickParse<S extends z.ZodType>(
  schema: S,
): (value: unknown) => z.ZodSafeParseResult<z.output<S>> {
  const fits = quickCheck(schema);
  return (value) => (fits(value) ? { success: true, data: value as z.output<S> } : schema.safeParse(value));
}

/** What is not known here the schema says itself. An object it answers is never the same one: that is never quick. */
function asked(schema: Schema): QuickCheck {
  return (value) => {
    const { success, data } = z.safeParse(schema, value);
    return success && Object.is(data, value);
  };
}

/** Without its limits; null for a type that is not known here. */
function typeCheck(schema: Schema): QuickCheck | null {
  const { def } = schema._zod;
  switch (def.type) {
    case 'string':
      return (value) => typeof value === 'string';
    case 'number':
      return (value) => Number.isFinite(value);
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'literal':
    case 'enum': {
      const known: ReadonlySet<unknown> = schema._zod.values ?? new Set();
      return (value) => known.has(value);
    }
    case 'nullable': {
      const inner = quickCheck(def.innerType);
      return (value) => value === null || inner(value);
    }
    case 'optional':
      return quickCheck(def.innerType);
    case 'array': {
      const element = quickCheck(def.element);
      return (value) => Array.isArray(value) && value.every((one) => element(one));
    }
    case 'tuple':
      return def.rest ? null : tupleCheck(def.items.map(quickCheck));
    case 'record':
      return recordCheck(def);
    case 'object':
      return objectCheck(def);
    case 'union':
      return unionCheck(def);
    default:
      return null;
  }
}

/** Called for values that are known to be of the type that is limited. */
function limitCheck(def: Check['_zod']['def']): QuickCheck | null {
  switch (def.check) {
    case 'max_length':
      return (value) => (value as string | unknown[]).length <= def.maximum;
    case 'min_length':
      return (value) => (value as string | unknown[]).length >= def.minimum;
    case 'number_format':
      return def.format === 'safeint' ? Number.isSafeInteger : null;
    case 'greater_than':
      return (value) => Number(value) > Number(def.value) || (def.inclusive && value === def.value);
    case 'less_than':
      return (value) => Number(value) < Number(def.value) || (def.inclusive && value === def.value);
    default:
      return null;
  }
}

const tupleCheck =
  (items: readonly QuickCheck[]): QuickCheck =>
  (value) =>
    Array.isArray(value) && value.length === items.length && items.every((item, at) => item(value[at]));

/** Only of names that may be any text: a schema of certain names wants all of them. */
function recordCheck({ keyType, valueType }: z.core.$ZodRecordDef): QuickCheck | null {
  if ((keyType as Schema)._zod.def.type !== 'string') return null;
  const [ofName, ofValue] = [quickCheck(keyType), quickCheck(valueType)];
  return (value) =>
    isRecord(value) &&
    Object.keys(value).every((name) => name !== '__proto__' && ofName(name) && ofValue(value[name]));
}

/** Only one that refuses what it does not name: others leave such fields out of their answer. */
function objectCheck({ shape, catchall }: z.core.$ZodObjectDef): QuickCheck | null {
  if ((catchall as Schema | undefined)?._zod.def.type !== 'never') return null;
  const schemas = Object.entries(shape);
  const fields = new Map(schemas.map(([name, schema]) => [name, quickCheck(schema)]));
  const needed = schemas.flatMap(([name, schema]) =>
    (schema as Schema)._zod.def.type === 'optional' ? [] : name,
  );
  // Of a hundred thousand events each name is looked at: no list of them is made.
  return (value) => {
    if (!isRecord(value)) return false;
    for (const name of needed) if (value[name] === undefined) return false;
    for (const name in value) if (fields.get(name)?.(value[name]) !== true) return false;
    return true;
  };
}

/** Only one whose options are told apart by a word: of others the first that fits answers, and might leave something out. */
function unionCheck(def: z.core.$ZodUnionDef): QuickCheck | null {
  if (!('discriminator' in def)) return null;
  const name = String(def.discriminator);
  const byWord = new Map<unknown, QuickCheck>();
  for (const option of def.options as readonly Schema[]) {
    const check = quickCheck(option);
    for (const word of option._zod.propValues?.[name] ?? []) byWord.set(word, check);
  }
  return (value) => isRecord(value) && byWord.get(value[name])?.(value) === true;
}

const isRecord = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};
