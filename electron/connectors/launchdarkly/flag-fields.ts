import { bounded } from '../bounded.ts';
import type { Flag, FlagConfig } from './api.ts';

const MOST_VALUES = 5;
const MOST_CHARACTERS = 500;
/** A weight of 100000 is everybody. */
const WHOLE = 100_000;

type Serves = { variation?: number | null | undefined; rollout?: Rule['rollout'] };
type Rule = FlagConfig['rules'][number];

/**
 * What decides who gets a flag in one environment, field by field, the switch first. Who is targeted one by one is counted
 * and not named: keys of users are often mail addresses.
 */
export function flagFields(flag: Flag, config: FlagConfig): Map<string, string> {
  const fields = new Map<string, string>([['on', String(config.on)]]);
  const put = (path: string, text: string | null) => {
    if (text !== null) fields.set(path, bounded(text, MOST_CHARACTERS));
  };
  if (config.fallthrough) put('default rule', servedBy(flag, config.fallthrough));
  config.rules.forEach((rule, index) => {
    put(ruleName(rule, index), ruleWords(flag, rule));
  });
  for (const [variation, count] of countedTargets(config))
    put(`individuals who get ${variationName(flag, variation)}`, String(count));
  put('when off', config.offVariation == null ? null : variationName(flag, config.offVariation));
  for (const { key, variation } of config.prerequisites)
    put(`prerequisite ${key}`, `must serve its variation ${variation}`);
  flag.variations.forEach(({ value }, index) => {
    put(`variation ${variationName(flag, index)}`, JSON.stringify(value) ?? null);
  });
  if (flag.archived === true || config.archived === true) put('archived', 'true');
  return fields;
}

/** A rule is known by its id, so that one that was moved is the same. */
const ruleName = ({ _id, description }: Rule, index: number): string =>
  `rule ${description || (_id ? _id.slice(0, 8) : index + 1)}`;

const ruleWords = (flag: Flag, rule: Rule): string =>
  `${rule.disabled === true ? 'disabled: ' : ''}if ${rule.clauses.map(clauseWords).join(' and ')}: ${servedBy(flag, rule)}`;

function clauseWords({ attribute, op, values, negate, contextKind }: Rule['clauses'][number]): string {
  const shown = values.slice(0, MOST_VALUES).map((value) => JSON.stringify(value) ?? 'nothing');
  const more = values.length - shown.length;
  const subject = contextKind && contextKind !== 'user' ? `${contextKind} ${attribute}` : attribute;
  return `${subject} ${negate === true ? 'not ' : ''}${op} ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function servedBy(flag: Flag, { variation, rollout }: Serves): string {
  if (rollout) {
    const shares = rollout.variations.map(
      (one) => `${percent(one.weight)} % ${variationName(flag, one.variation)}`,
    );
    return shares.join(', ') || 'nothing';
  }
  return variation == null ? 'nothing' : variationName(flag, variation);
}

const percent = (weight: number): number => Math.round((weight / WHOLE) * 100_000) / 1_000;

function countedTargets({ targets, contextTargets }: FlagConfig): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { variation, values } of [...targets, ...contextTargets])
    if (values.length > 0) counts.set(variation, (counts.get(variation) ?? 0) + values.length);
  return counts;
}

/** Its name, else its value. */
function variationName({ variations }: Flag, index: number): string {
  const variation = variations[index];
  if (!variation) return `variation ${index}`;
  return variation.name || bounded(JSON.stringify(variation.value) ?? `variation ${index}`, 60);
}
