import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { bounded } from '../bounded.ts';
import type { Definition, FlagDefinition } from './definition.ts';

const MOST_CHARACTERS = 900;

/** What decides who gets a flag, field by field, the switch first, with the shared rules that it refers to. */
export function flagFields(flag: FlagDefinition, evaluators: Definition['evaluators']): Map<string, string> {
  const { state, defaultVariant, targeting, variants } = flag;
  const fields = new Map([
    ['state', state],
    ['default variant', defaultVariant ?? 'the default in the code of the caller'],
  ]);
  const put = (path: string, value: unknown) => {
    const text = typeof value === 'string' ? value : (canonicalize(value) ?? 'null');
    fields.set(path, text.length > MOST_CHARACTERS ? cut(text) : text);
  };
  if (targeting && Object.keys(targeting).length > 0) {
    put('targeting', targeting);
    for (const [name, rule] of sharedRules(flag, evaluators)) put(`shared rule ${name}`, rule);
  }
  for (const [name, value] of Object.entries(variants)) put(`variant ${name}`, value);
  return fields;
}

/** The shared rules that a flag refers to, by their names. */
export function sharedRules(
  { targeting }: FlagDefinition,
  evaluators: Definition['evaluators'],
): [string, unknown][] {
  const named = [...referencesIn(canonicalize(targeting ?? {}) ?? '')];
  return named.filter((name) => Object.hasOwn(evaluators, name)).map((name) => [name, evaluators[name]]);
}

/** The end of a long rule counts as well: its digest differs where only that does. */
const cut = (text: string): string =>
  `${bounded(text, MOST_CHARACTERS)} (${text.length} characters, sha256 ${createHash('sha256').update(text).digest('hex').slice(0, 12)})`;

const referencesIn = (targeting: string): Set<string> =>
  new Set(
    [...targeting.matchAll(/"\$ref":("(?:[^"\\]|\\.)*")/g)].map(([, name]) =>
      String(JSON.parse(name ?? '""')),
    ),
  );
