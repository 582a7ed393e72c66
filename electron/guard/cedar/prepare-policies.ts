import { createHash } from 'node:crypto';
import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import { demandBounded } from './bounded-text.ts';
import { askCedar } from './engine.ts';
import type { PolicyText } from './policy-text.ts';

/** Policies and schema that Cedar has parsed and keeps under a name. */
export type PreparedPolicies = {
  /** The names under which Cedar keeps them. */
  policySet: string;
  schema: string;
  /** By action, the name of those alone that can be about it: most policies are about a few actions, and asking takes time. */
  aboutAction: ReadonlyMap<string, string>;
  /** What a policy says when it decides, by its id: its `@reason`, or the id in words. */
  sentences: ReadonlyMap<string, string>;
  /** Every action of the schema, in order. */
  actions: readonly string[];
};

/**
 * Hands policies and schema to Cedar once, as a map by id so that its reasons carry our ids. It parses and names; what is
 * wrong in meaning `checkPolicies` finds.
 * @throws Failure `bad_input` naming the policy and what is wrong.
 */
export function preparePolicies(policies: readonly PolicyText[], schema: string): PreparedPolicies {
  const key = createHash('sha256')
    .update(JSON.stringify([policies.map(({ id, text }) => [id, text]), schema]))
    .digest('hex');
  demand(
    askCedar((cedar) => cedar.preparseSchema(key, schema)),
    'The schema of the envelope',
  );
  keep(key, policies);
  const actions = actionsOf(schema);
  return {
    policySet: key,
    schema: key,
    aboutAction: keepByAction(key, policies, actions),
    sentences: new Map(policies.map((policy) => [policy.id, sentenceOf(policy)])),
    actions,
  };
}

function keep(name: string, policies: readonly PolicyText[]): void {
  const staticPolicies = Object.fromEntries(policies.map(({ id, text }) => [id, text]));
  demand(
    askCedar((cedar) => cedar.preparsePolicySet(name, { staticPolicies })),
    'A policy of the envelope',
  );
}

/** Actions that the same policies are about share one name. */
function keepByAction(
  key: string,
  policies: readonly PolicyText[],
  actions: readonly string[],
): ReadonlyMap<string, string> {
  const isAction = new Set(actions);
  const scopes = policies.map((policy) => ({ policy, about: actionsIn(policy, isAction) }));
  const kept = new Map<string, string>();
  return new Map(
    actions.map((action) => {
      const about = scopes.filter((scope) => scope.about?.has(action) ?? true).map(({ policy }) => policy);
      const which = JSON.stringify(about.map(({ id }) => id));
      const name = kept.get(which) ?? `${key}/${action}`;
      if (!kept.has(which)) keep(name, about);
      kept.set(which, name);
      return [action, name];
    }),
  );
}

const ActionScope = z.union([
  z.object({ op: z.literal('=='), entity: z.object({ type: z.literal('Action'), id: z.string() }) }),
  z.object({
    op: z.literal('in'),
    entities: z.array(z.object({ type: z.literal('Action'), id: z.string() })),
  }),
]);

/**
 * The actions that a policy names in its scope, or null where it may be about any. INVARIANT: in doubt about any: only a
 * scope that spells out single actions of the schema, and no group of them, narrows.
 */
function actionsIn({ text, file }: PolicyText, isAction: ReadonlySet<string>): ReadonlySet<string> | null {
  const parsed = askCedar((cedar) => cedar.policyToJson(text));
  demand(parsed, file);
  const scope = ActionScope.safeParse(parsed.json.action);
  if (!scope.success) return null;
  const named = scope.data.op === '==' ? [scope.data.entity] : scope.data.entities;
  return named.every(({ id }) => isAction.has(id)) ? new Set(named.map(({ id }) => id)) : null;
}

/** One policy by itself under the schema of its envelope. */
export function prepareAlone({ id, text }: PolicyText, envelope: PreparedPolicies): PreparedPolicies {
  const policySet = `${envelope.policySet}:${id}`;
  const staticPolicies = { [id]: text };
  demand(
    askCedar((cedar) => cedar.preparsePolicySet(policySet, { staticPolicies })),
    'A policy of the envelope',
  );
  return { ...envelope, policySet, aboutAction: new Map() };
}

/**
 * The policies of one `.cedar` file, each with the id it bears.
 * @throws Failure `bad_input` naming the file, for what is too large or does not parse, for a template and for a policy without an id.
 */
export function policiesIn(file: string, text: string): PolicyText[] {
  demandBounded(file, text);
  const parts = askCedar((cedar) => cedar.policySetTextToParts(text));
  demand(parts, file);
  if (parts.policy_templates.length > 0) {
    throw new Failure('bad_input', `${file} holds a template: write each policy out`);
  }
  return parts.policies.map((policy) => ({ id: idOf(file, policy), text: policy, file }));
}

/** @throws Failure `bad_input` when two policies bear the same id. */
export function demandUniqueIds(policies: readonly PolicyText[]): void {
  const fileOf = new Map<string, string>();
  for (const { id, file } of policies) {
    const other = fileOf.get(id);
    if (other !== undefined) {
      throw new Failure('bad_input', `Two policies bear the id ${id}: one in ${other}, one in ${file}`);
    }
    fileOf.set(id, file);
  }
}

function idOf(file: string, text: string): string {
  const { id } = annotationsOf(file, text);
  if (id === undefined) {
    throw new Failure(
      'bad_input',
      `A policy in ${file} has no @id("…"): ${JSON.stringify(text.slice(0, 80))}`,
    );
  }
  if (!/^[a-z0-9][a-z0-9-]{0,79}$/.test(id)) {
    throw new Failure('bad_input', `${file}: the id ${JSON.stringify(id)} must be plain: a-z, 0-9 and -`);
  }
  return id;
}

/** Only a denial is given as a reason, so `@reason` says why not; without one the id must do. */
const sentenceOf = ({ id, text, file }: PolicyText): string =>
  annotationsOf(file, text)['reason'] ?? `the policy ${id} says so`;

function annotationsOf(file: string, text: string): Record<string, string> {
  const parsed = askCedar((cedar) => cedar.policyToJson(text));
  demand(parsed, file);
  return parsed.json.annotations ?? {};
}

function actionsOf(schema: string): string[] {
  const parsed = askCedar((cedar) => cedar.schemaToJson(schema));
  demand(parsed, 'The schema of the envelope');
  return Object.keys(parsed.json['']?.actions ?? {}).toSorted();
}

type Answer = { type: 'success' } | { type: 'failure'; errors: DetailedError[] };

function demand<A extends Answer>(
  answer: A,
  what: string,
): asserts answer is Extract<A, { type: 'success' }> {
  if (answer.type === 'success') return;
  const errors = answer.errors.map(({ message, help }) => (help === null ? message : `${message} (${help})`));
  throw new Failure('bad_input', `${what} does not hold: ${errors.join('; ')}`);
}
