/**
 * What a form has to ask for the arguments of an action, read from their JSON Schema, and the arguments made of what was
 * filled in. It only helps to fill in: whether they are right is for the action's own schema to say, in the host.
 */
import { z } from 'zod';

export type ArgumentField = {
  name: string;
  kind: 'text' | 'number' | 'yes-no' | 'choice' | 'json';
  /** What can be chosen; of a constant, the one value. */
  options: string[];
  required: boolean;
  /** Left empty it is sent as null. */
  nullable: boolean;
};
export type ArgumentForm = { label: string; fields: ArgumentField[] };
type Schema = z.infer<typeof Schema>;
type Arguments = Record<string, z.infer<ReturnType<typeof z.json>>>;

const Schema = z.looseObject({
  type: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});

/** One form, or one for each way in which the arguments may be given. */
export function argumentForms(schema: unknown): ArgumentForm[] {
  const { properties, required = [], anyOf, oneOf } = Schema.parse(schema);
  const ways = anyOf ?? oneOf;
  if (ways) return ways.flatMap(argumentForms);
  const fields = Object.entries(properties ?? {}).map(([name, one]) =>
    fieldOf(name, Schema.parse(one), required.includes(name)),
  );
  const kind = fields.find(({ name, options }) => name === 'kind' && options.length === 1);
  return [{ label: kind?.options[0] ?? fields.map(({ name }) => name).join(', '), fields }];
}

function fieldOf(name: string, schema: Schema, required: boolean): ArgumentField {
  const ways = (schema.anyOf ?? schema.oneOf)?.map((way) => Schema.parse(way)) ?? [schema];
  const nullable = ways.some(({ type }) => type === 'null');
  const others = ways.filter(({ type }) => type !== 'null');
  const [only] = others;
  if (!only || others.length > 1) return { name, kind: 'json', options: [], required, nullable };
  return { name, ...kindOf(only), required, nullable };
}

function kindOf(schema: Schema): Pick<ArgumentField, 'kind' | 'options'> {
  if (schema.const !== undefined) return { kind: 'choice', options: [String(schema.const)] };
  if (schema.enum) return { kind: 'choice', options: schema.enum.map(String) };
  switch (schema.type) {
    case 'string':
      return { kind: 'text', options: [] };
    case 'integer':
    case 'number':
      return { kind: 'number', options: [] };
    case 'boolean':
      return { kind: 'yes-no', options: ['true', 'false'] };
    default:
      return { kind: 'json', options: [] };
  }
}

/** What stands in the fields before anything is filled in; `known` are arguments to begin with. */
export const filledIn = (
  fields: readonly ArgumentField[],
  known: Readonly<Record<string, unknown>> = {},
): Record<string, string> =>
  Object.fromEntries(fields.map((field) => [field.name, textOf(field, known[field.name])]));

function textOf({ kind, options, required }: ArgumentField, value: unknown): string {
  if (value !== undefined && value !== null) {
    return typeof value === 'string' && kind !== 'json' ? value : JSON.stringify(value);
  }
  return required ? (options[0] ?? '') : '';
}

/** The arguments as filled in, or the sentence that says which field cannot be read. */
export function argumentsOf(
  fields: readonly ArgumentField[],
  filled: Readonly<Record<string, string>>,
): { input: Arguments } | { problem: string } {
  const input: Arguments = {};
  for (const field of fields) {
    const text = filled[field.name] ?? '';
    if (text === '') {
      if (field.required && field.nullable) input[field.name] = null;
      else if (field.required) return { problem: `${field.name} is missing` };
      continue;
    }
    const value = readValue(field, text);
    if (value === undefined) return { problem: `${field.name} is no ${WORDS[field.kind]}` };
    input[field.name] = value;
  }
  return { input };
}

const WORDS: Record<ArgumentField['kind'], string> = {
  text: 'text',
  number: 'number',
  'yes-no': 'yes or no',
  choice: 'choice',
  json: 'JSON',
};

function readValue({ kind }: ArgumentField, text: string): Arguments[string] | undefined {
  switch (kind) {
    case 'text':
    case 'choice':
      return text;
    case 'number': {
      const value = Number(text.trim());
      return text.trim() !== '' && Number.isFinite(value) ? value : undefined;
    }
    case 'yes-no':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'json':
      return parsed(text);
    default:
      return kind satisfies never;
  }
}

function parsed(text: string): Arguments[string] | undefined {
  try {
    return z.json().parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
