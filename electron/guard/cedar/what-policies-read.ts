import { Failure } from '../../platform/failure.ts';
import { askCedar } from './engine.ts';
import type { PolicyText } from './policy-text.ts';

/** What the answer of some policies can depend on, and the values that they compare with. */
export type WhatPoliciesRead = {
  /** As `resource.kind` or `context.confidencePercent`; `resource.*` where the thing itself is compared. */
  members: ReadonlySet<string>;
  /** The texts that stand in a policy which reads a member, patterns among them with `*`. */
  texts: ReadonlyMap<string, readonly string[]>;
  numbers: ReadonlyMap<string, readonly number[]>;
};

type Found = { members: Set<string>; texts: Map<string, Set<string>>; numbers: Map<string, Set<number>> };

/**
 * Walks the conditions of policies. It finds too much rather than too little: each literal in a comparison counts for every
 * member in it.
 */
export function whatPoliciesRead(policies: readonly PolicyText[]): WhatPoliciesRead {
  const found: Found = { members: new Set(), texts: new Map(), numbers: new Map() };
  for (const { text, file } of policies) {
    const parsed = askCedar((cedar) => cedar.policyToJson(text));
    if (parsed.type === 'failure')
      throw new Failure('bad_input', `${file} holds a policy that does not parse`);
    const { principal, resource, conditions } = parsed.json;
    if (principal.op !== 'All') found.members.add('principal.*');
    if (resource.op !== 'All') compared({ Var: 'resource', with: resource }, found);
    for (const { body } of conditions) walk(body, found);
  }
  return {
    members: found.members,
    texts: new Map([...found.texts].map(([member, set]) => [member, [...set].toSorted()])),
    numbers: new Map([...found.numbers].map(([member, set]) => [member, [...set].toSorted((a, b) => a - b)])),
  };
}

/** The policies that can be about each action, as Cedar itself finds it from the schema. */
export function policiesByAction(
  policies: readonly PolicyText[],
  schema: string,
  actions: readonly string[],
): ReadonlyMap<string, readonly PolicyText[]> {
  const about = new Map(
    policies.map(({ id, text, file }) => {
      const found = askCedar((cedar) => cedar.getValidRequestEnvsPolicy(text, schema));
      if (found.type === 'failure') throw new Failure('bad_input', `${file}: ${id}: ${found.error}`);
      return [id, new Set(found.actions)];
    }),
  );
  return new Map(
    actions.map((action) => {
      const name = `Action::${JSON.stringify(action)}`;
      return [action, policies.filter(({ id }) => about.get(id)?.has(name))];
    }),
  );
}

const COMPARISONS = new Set([
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'like',
  'in',
  'contains',
  'containsAll',
  'containsAny',
]);

/** Down to the comparisons, and every variable on the way. */
function walk(node: unknown, found: Found): void {
  if (Array.isArray(node)) for (const one of node) walk(one, found);
  if (!isRecord(node)) return;
  const read = memberIn(node);
  if (read !== null) {
    found.members.add(read);
    return;
  }
  for (const [key, value] of Object.entries(node)) {
    if (COMPARISONS.has(key)) compared(value, found);
    else walk(value, found);
  }
}

function compared(node: unknown, found: Found): void {
  const members = new Set<string>();
  const texts = new Set<string>();
  const numbers = new Set<number>();
  gather(node);
  for (const member of members) {
    found.members.add(member);
    found.texts.set(member, (found.texts.get(member) ?? new Set()).union(texts));
    found.numbers.set(member, (found.numbers.get(member) ?? new Set()).union(numbers));
  }

  function gather(part: unknown): void {
    if (typeof part === 'string') texts.add(part);
    if (typeof part === 'number') numbers.add(part);
    if (Array.isArray(part)) for (const one of part) gather(one);
    if (!isRecord(part)) return;
    const read = memberIn(part);
    if (read !== null) {
      members.add(read);
      return;
    }
    for (const [key, value] of Object.entries(part)) {
      if (key === 'pattern') texts.add(patternText(value));
      else gather(value);
    }
  }
}

/** `{ ".": { left: { Var: "resource" }, attr: "kind" } }` reads one member; a variable by itself is read whole. */
function memberIn(node: Record<string, unknown>): string | null {
  if (typeof node['Var'] === 'string') return `${node['Var']}.*`;
  const access = node['.'] ?? node['has'];
  if (!isRecord(access) || !isRecord(access['left'])) return null;
  const { Var: variable } = access['left'];
  return typeof variable === 'string' && typeof access['attr'] === 'string'
    ? `${variable}.${access['attr']}`
    : null;
}

const patternText = (pattern: unknown): string =>
  Array.isArray(pattern)
    ? pattern.map((part) => (isRecord(part) ? String(part['Literal'] ?? '') : '*')).join('')
    : '';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
