import { ownMember } from '../../platform/own-member.ts';
import type { Constraint, FlagEnvironment, Strategy } from './flag.ts';
import { normalizedHash } from './murmur.ts';

/**
 * Whether a user gets the flag, as the SDKs decide it: off when its environment is, on for all when there is no strategy,
 * else on when any strategy says so. Whatever a rollout sticks to (a session, chance), the user's id stands for it: the
 * sandbox knows no more of a request.
 */
export function isOn(flag: string, { enabled, strategies }: FlagEnvironment, userId: string): boolean {
  if (!enabled) return false;
  const active = strategies.filter(({ disabled }) => !disabled);
  if (strategies.length === 0) return true;
  return active.some((strategy) => applies(strategy, userId) && reaches(flag, strategy, userId));
}

/**
 * The share of users who get it. Rollouts of one group reach the same users, those of different groups do not know of
 * each other. Users whom a strategy or constraint names one by one weigh nothing among all the others.
 */
export function shareOf(flag: string, { enabled, strategies }: FlagEnvironment): number {
  if (!enabled) return 0;
  if (strategies.length === 0) return 1;
  const groups = new Map<string, number>();
  for (const strategy of strategies) {
    if (strategy.disabled || !applies(strategy, null)) continue;
    const share = shareReached(strategy);
    const group = strategy.name === 'flexibleRollout' ? groupOf(flag, strategy) : '';
    // Where one strategy reaches all, no other matters.
    if (share === 1) return 1;
    if (share > 0) groups.set(group, Math.max(groups.get(group) ?? 0, share));
  }
  const missed = [...groups.values()].reduce((left, share) => left * (1 - share), 1);
  return groups.size === 1 ? Math.max(...groups.values()) : 1 - missed;
}

function reaches(flag: string, strategy: Strategy, userId: string): boolean {
  switch (strategy.name) {
    case 'default':
      return true;
    case 'userWithId':
      return (parameter(strategy, 'userIds') ?? '').split(',').some((id) => id.trim() === userId);
    case 'flexibleRollout':
      return normalizedHash(groupOf(flag, strategy), userId) <= wholePercent(strategy);
    default:
      // Addresses and host names, neither of which a simulated request has.
      return false;
  }
}

function shareReached(strategy: Strategy): number {
  if (strategy.name === 'default') return 1;
  return strategy.name === 'flexibleRollout' ? wholePercent(strategy) / 100 : 0;
}

/** The hash has a hundred values, so what is left over of a percent reaches nobody. */
function wholePercent(strategy: Strategy): number {
  const percent = Math.floor(Number(parameter(strategy, 'rollout')));
  return Number.isNaN(percent) ? 0 : Math.min(100, Math.max(0, percent));
}

const groupOf = (flag: string, strategy: Strategy): string => parameter(strategy, 'groupId') || flag;

const parameter = ({ parameters }: Strategy, name: string): string | undefined => ownMember(parameters, name);

const applies = ({ constraints }: Strategy, userId: string | null): boolean =>
  constraints.every((constraint) => holds(constraint, userId) !== (constraint.inverted ?? false));

/** Of a field that the request does not have, only "not in" is true. */
function holds({ contextName, operator, values, value, caseInsensitive }: Constraint, userId: string | null) {
  const known = contextName === 'userId' ? userId : contextName === 'environment' ? 'production' : null;
  if (operator === 'NOT_IN') return known === null || !values.includes(known);
  if (known === null) return false;
  const fold = (text: string) => (caseInsensitive ? text.toLowerCase() : text);
  const number = Number(known);
  switch (operator) {
    case 'IN':
      return values.includes(known);
    case 'STR_STARTS_WITH':
      return values.some((start) => fold(known).startsWith(fold(start)));
    case 'STR_ENDS_WITH':
      return values.some((end) => fold(known).endsWith(fold(end)));
    case 'STR_CONTAINS':
      return values.some((part) => fold(known).includes(fold(part)));
    case 'NUM_EQ':
      return number === Number(value);
    case 'NUM_GT':
      return number > Number(value);
    case 'NUM_GTE':
      return number >= Number(value);
    case 'NUM_LT':
      return number < Number(value);
    case 'NUM_LTE':
      return number <= Number(value);
    default:
      return false;
  }
}
