import type { BreakerName } from '../../../shared/vocabulary/status.ts';

/** The limits of the envelope at which a breaker opens; `worse` has none, one is enough. */
export type BreakerLimits = {
  executions: { most: number; withinMinutes: number };
  failuresInARow: number;
  denials: { most: number; withinMinutes: number };
  analyst: { turns: number; tokens: number };
};

/** Where there is no envelope nothing is offered, whatever is counted. */
export const noLimits: BreakerLimits = {
  executions: { most: 1, withinMinutes: 60 },
  failuresInARow: 1,
  denials: { most: 1, withinMinutes: 60 },
  analyst: { turns: 1, tokens: 1 },
};

/** What is held against the limits, of one incident, since a person last closed its breakers. */
export type BreakerCounts = {
  executionsInWindow: number;
  denialsInWindow: number;
  failuresInARow: number;
  lastWasWorse: boolean;
  analyst: AnalystSpent;
};
export type AnalystSpent = { turns: number; tokens: number };

export type TrippedBreaker = {
  name: BreakerName;
  count: number;
  limit: number;
  sentence: string;
  closes: string;
};

const BY_HAND = 'a named person closes it with a reason';

/** Which breakers are open on these counts. Pure: rule, ledger and screen all say what this says. */
export function trippedBreakers(limits: BreakerLimits, counts: BreakerCounts): TrippedBreaker[] {
  const { executions, failuresInARow, denials } = limits;
  const tripped: TrippedBreaker[] = [];
  if (counts.lastWasWorse)
    tripped.push({
      name: 'worse',
      count: 1,
      limit: 1,
      sentence: 'The last action made it worse: back it out first',
      closes: `it is backed out, or ${BY_HAND}`,
    });
  if (counts.failuresInARow >= failuresInARow)
    tripped.push({
      name: 'failures',
      count: counts.failuresInARow,
      limit: failuresInARow,
      sentence: `${counts.failuresInARow} executions failed in a row, the limit is ${failuresInARow}`,
      closes: BY_HAND,
    });
  if (counts.executionsInWindow >= executions.most)
    tripped.push({
      name: 'executions',
      count: counts.executionsInWindow,
      limit: executions.most,
      sentence: `${counts.executionsInWindow} executions within ${executions.withinMinutes} min, the limit is ${executions.most}`,
      closes: `fewer fall within ${executions.withinMinutes} min, or ${BY_HAND}`,
    });
  if (counts.denialsInWindow >= denials.most)
    tripped.push({
      name: 'denials',
      count: counts.denialsInWindow,
      limit: denials.most,
      sentence: `The guard denied ${counts.denialsInWindow} proposals within ${denials.withinMinutes} min, the limit is ${denials.most}: the model is reasoning from stale telemetry`,
      closes: `fewer fall within ${denials.withinMinutes} min, or ${BY_HAND}`,
    });
  const budget = overBudget(limits, counts.analyst);
  if (budget) tripped.push({ name: 'analyst', ...budget, closes: BY_HAND });
  return tripped;
}

/** Which part of its budget for the incident the analyst has used up. */
export function overBudget(
  { analyst: limit }: Pick<BreakerLimits, 'analyst'>,
  spent: AnalystSpent,
): Pick<TrippedBreaker, 'count' | 'limit' | 'sentence'> | null {
  const used = (['turns', 'tokens'] as const).find((unit) => spent[unit] >= limit[unit]);
  if (used === undefined) return null;
  const sentence = `The analyst used ${spent[used]} ${used} in this incident, the limit is ${limit[used]}`;
  return { count: spent[used], limit: limit[used], sentence };
}
