import { z } from 'zod';
import { FlagError, flagTypes, type Metadata } from '../flags/flag.ts';
import type { StrategyChange, StrategyDraft } from '../flags/flag-book.ts';
import { BadData, type Detail, notAllowed } from './errors.ts';
import type { Json } from './json-patch.ts';

// Unleash takes a number where it wants a text, as Ajv's coercion has it; `null` is the empty text.
const Text = z.preprocess(
  (value) =>
    typeof value === 'number' || typeof value === 'boolean' ? String(value) : value === null ? '' : value,
  z.string(),
);
const Bool = z.preprocess(
  (value) =>
    value === 'true' || value === 1
      ? true
      : value === 'false' || value === 0 || value === null
        ? false
        : value,
  z.boolean(),
);
const MaybeText = z.union([z.null(), Text]);
const Amount = z.preprocess(
  (value) =>
    typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : value,
  z.number(),
);

const NewFlag = z.object({
  name: Text,
  type: z.enum(flagTypes).optional(),
  description: MaybeText.optional(),
  impressionData: Bool.optional(),
});

const ChangedFlag = z.object({
  name: Text.optional(),
  description: MaybeText.optional(),
  type: z.enum(flagTypes).default('release'),
  stale: Bool.default(false),
  archived: Bool.default(false),
  impressionData: Bool.default(false),
});

const operators = [
  'NOT_IN',
  'IN',
  'STR_ENDS_WITH',
  'STR_STARTS_WITH',
  'STR_CONTAINS',
  'NUM_EQ',
  'NUM_GT',
  'NUM_GTE',
  'NUM_LT',
  'NUM_LTE',
  'DATE_AFTER',
  'DATE_BEFORE',
  'SEMVER_EQ',
  'SEMVER_GT',
  'SEMVER_LT',
] as const;

const ConstraintGiven = z.strictObject({
  contextName: Text,
  operator: z.enum(operators),
  caseInsensitive: Bool.optional(),
  inverted: Bool.optional(),
  values: z.array(Text).default([]),
  value: Text.optional(),
});

const VariantGiven = z.looseObject({
  name: Text,
  weight: Amount.pipe(z.number().int().min(0).max(1000)),
  weightType: z.enum(['variable', 'fix']),
  stickiness: Text,
});

const ChangedStrategy = z.object({
  name: Text.optional(),
  title: MaybeText.optional(),
  disabled: z.union([z.null(), Bool]).optional(),
  sortOrder: Amount.optional(),
  constraints: z.array(ConstraintGiven).optional(),
  variants: z.array(VariantGiven).optional(),
  parameters: z.record(z.string(), Text).optional(),
  segments: z.array(Amount).optional(),
});
const NewStrategy = ChangedStrategy.extend({ name: Text });

// What a patch makes is not coerced, and may not be more than a strategy is.
const PatchedStrategy = z.strictObject({
  id: z.string().optional(),
  name: z.string(),
  title: z.string().nullable().optional(),
  disabled: z.boolean().nullable().optional(),
  featureName: z.string().optional(),
  sortOrder: z.number().optional(),
  segments: z.array(z.number()).optional(),
  constraints: z.array(ConstraintGiven).optional(),
  variants: z.array(VariantGiven).optional(),
  parameters: z.record(z.string(), z.string()).optional(),
});
const PatchedFlag = z.object({
  type: z.enum(flagTypes).default('release'),
  description: z.string().nullable().default(null),
  stale: z.boolean().default(false),
  archived: z.boolean().default(false),
  impressionData: z.boolean().default(false),
});

const Patch = z.array(
  z.object({
    path: Text,
    op: z.enum(['add', 'remove', 'replace', 'copy', 'move']),
    from: Text.optional(),
    value: z.unknown().optional(),
  }),
);
export type Operation = z.output<typeof Patch>[number];

export type NewFlagBody = z.output<typeof NewFlag>;

/** A flag to make. Its name must fit in a URL, or nobody could reach it. */
export function newFlagIn(body: Json): NewFlagBody {
  const flag = parsed(NewFlag, body);
  const { name } = flag;
  const wrong =
    name === ''
      ? '"name" is not allowed to be empty'
      : !isUrlFriendly(name)
        ? '"name" must be URL friendly'
        : name.length > 100
          ? '"name" length must be less than or equal to 100 characters long'
          : null;
  if (wrong === null) return flag;
  const provided = name === '' ? '.' : `. You provided ${JSON.stringify(name)}.`;
  throw new BadData([{ message: `${wrong}${provided}` }]);
}

const isUrlFriendly = (name: string) =>
  name !== '.' && name !== '..' && name.isWellFormed() && encodeURIComponent(name) === name;

/** What a flag shall be; all that is left out is what it is by default. */
export function changedFlagIn(body: Json, name: string): Metadata {
  const { name: given, description = null, ...rest } = parsed(ChangedFlag, body);
  if (given !== undefined && given !== '' && given !== name)
    throw new FlagError('BadDataError', 'Cannot change name of feature flag');
  return { description, ...rest };
}

export const newStrategyIn = (body: Json): StrategyDraft => parsed(NewStrategy, body);
export const changedStrategyIn = (body: Json): StrategyChange => parsed(ChangedStrategy, body);
export const patchIn = (body: Json): Operation[] => parsed(Patch, body);
export const patchedStrategy = (document: Json): StrategyDraft => parsed(PatchedStrategy, document, '');
export const patchedFlag = (document: Json): Metadata => parsed(PatchedFlag, document, '');

/** The application that registers or reports: nothing is kept of it, but rubbish is refused as the real server does. */
export const registrationIn = (body: Json) =>
  parsed(
    z.object({ appName: Text, interval: Amount, started: z.unknown(), strategies: z.array(Text) }),
    body,
  );
export const metricsIn = (body: Json) =>
  parsed(z.object({ appName: Text, bucket: z.object({ toggles: z.unknown() }) }), body);

function parsed<Data>(schema: z.ZodType<Data>, given: Json, root = '/body'): Data {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => detailOf(issue, given, root));
  // What is missing is seen first, and nothing is told but the first thing.
  const [first] = issues.toSorted((one, other) => Number(other.missing) - Number(one.missing));
  throw new BadData([first?.detail ?? { message: 'is invalid' }]);
}

function detailOf(issue: z.core.$ZodIssue, given: Json, root: string): { missing: boolean; detail: Detail } {
  // Of a field that may also be null, the text is what was meant.
  const inner = issue.code === 'invalid_union' ? issue.errors.at(-1)?.[0] : undefined;
  if (inner) return detailOf({ ...inner, path: [...issue.path, ...inner.path] }, given, root);
  const path = `${root}${issue.path.map((part) => `/${String(part)}`).join('')}`;
  const sent = valueAt(given, issue.path);
  if (sent === undefined) {
    const missing = path.replace(/^\/(?!body)/, '');
    const message = `The \`${missing}\` property is required. It was not present on the data you sent.`;
    return { missing: true, detail: { path: missing, message } };
  }
  if (issue.code === 'unrecognized_keys') {
    const extra = [path, issue.keys[0] ?? ''].filter((part) => part !== '').join('/');
    const object = path === '' ? 'root' : `\`${path}\``;
    const message = `The ${object} object of the request body does not allow additional properties. Your request included the \`${extra}\` property.`;
    return { missing: false, detail: { path: extra, message } };
  }
  if (issue.code === 'invalid_value') {
    const name = String(issue.path.at(-1) ?? '');
    const message = notAllowed(name, issue.values.map(String), shown(sent));
    return { missing: false, detail: { message, path: name } };
  }
  const message = `The \`${path}\` property ${whatIsWrong(issue)}. You sent ${JSON.stringify(sent)}.`;
  return { missing: false, detail: { message, path } };
}

function whatIsWrong(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small') return `must be >= ${issue.minimum}`;
  if (issue.code === 'too_big') return `must be <= ${issue.maximum}`;
  if (issue.code !== 'invalid_type') return 'is invalid';
  const kinds: Readonly<Record<string, string>> = { record: 'object', int: 'integer' };
  return `must be ${kinds[issue.expected] ?? issue.expected}`;
}

const shown = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<PropertyKey, unknown>)[part]
        : undefined,
    given,
  );
}
