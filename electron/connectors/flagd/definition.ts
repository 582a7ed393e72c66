import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { Failure, messageOf } from '../../platform/failure.ts';

/** A flag of https://flagd.dev/schema/v0/flags.json, as far as it decides who gets what. */
const Variant = z.union([
  z.boolean(),
  z.string(),
  z.number(),
  z.record(z.string(), z.unknown()),
  z.array(z.unknown()),
]);
const Metadata = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
/** As it was written, since it is kept as evidence. */
const Flag = z
  .looseObject({
    state: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    variants: z.record(z.string().min(1), Variant).default({}),
    defaultVariant: z.string().nullish(),
    targeting: z.record(z.string(), z.unknown()).nullish(),
    metadata: Metadata.optional(),
  })
  .superRefine(({ variants, defaultVariant }, context) => {
    if (!defaultVariant || Object.hasOwn(variants, defaultVariant)) return;
    context.addIssue({
      code: 'custom',
      path: ['defaultVariant'],
      message: `there is no variant ${JSON.stringify(defaultVariant)}`,
    });
  });
export type FlagDefinition = z.infer<typeof Flag>;

const FlagSet = z.object({
  flags: z.union(
    [z.record(z.string().min(1), z.unknown()), z.array(z.looseObject({ key: z.string().min(1) }))],
    { error: 'flags by their names, or a list of flags with keys' },
  ),
  $evaluators: z.record(z.string(), z.unknown()).default({}),
  metadata: Metadata.optional(),
});

/** All flags of a file, by name, and the rules that they share. */
export type Definition = {
  flags: ReadonlyMap<string, FlagDefinition>;
  evaluators: Record<string, unknown>;
  setId: string | null;
};

/**
 * Reads a definition in JSON or YAML.
 * @throws Failure `bad_input` naming the line that does not hold.
 */
export function parseDefinition(text: string, file: string): Definition {
  const counter = new LineCounter();
  const bad = (offset: number | undefined, what: string): Failure => {
    const where = offset === undefined ? '' : `, line ${counter.linePos(offset).line}`;
    return new Failure('bad_input', `${file}${where}: ${what}.`);
  };
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const [error] = document.errors;
  const line = /\.json$/i.test(file) ? lineThatIsNoJson(text) : null;
  if (line !== null && line !== undefined)
    throw new Failure('bad_input', `${file}, line ${line}: it is not JSON.`);
  if (error) throw bad(error.pos[0], error.message);
  if (line === undefined) throw bad(undefined, 'it is not JSON');

  /** Where a member stands, or what holds it. */
  const offsetOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true);
      if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range))
        return Number(node.range[0]);
    }
    return 0;
  };
  const parse = <T>(schema: z.ZodType<T>, value: unknown, at: readonly PropertyKey[]): T => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const path = [...at, ...(issue?.path ?? [])];
    throw bad(
      offsetOf(path),
      `${path.map(String).join('.') || 'the file'}: ${issue?.message ?? 'does not hold'}`,
    );
  };

  try {
    const { flags, $evaluators, metadata } = parse(FlagSet, document.toJS({ maxAliasCount: 50 }), []);
    const all = Array.isArray(flags)
      ? flags.map((flag, index): [string, unknown, PropertyKey] => [flag.key, flag, index])
      : Object.entries(flags).map(([name, flag]): [string, unknown, PropertyKey] => [name, flag, name]);
    const set = metadata?.['flagSetId'];
    return {
      flags: new Map(all.map(([name, flag, at]) => [name, parse(Flag, flag, ['flags', at])])),
      evaluators: $evaluators,
      setId: set === undefined ? null : String(set),
    };
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    // Nested too deep, or aliases that unfold without end.
    throw bad(undefined, `cannot be understood: ${messageOf(thrown)}`);
  }
}

/**
 * YAML lets pass what JSON does not, such as a comma too many; flagd reads a file that calls itself JSON as such. Null where
 * it is JSON, undefined where the parser does not say in which line it is not.
 */
function lineThatIsNoJson(text: string): number | null | undefined {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const line = /\(line (\d+) /.exec(messageOf(error))?.[1];
    return line === undefined ? undefined : Number(line);
  }
}
