import type { Tier } from '../../../shared/vocabulary/proposal.ts';
import type { Stage } from '../../../shared/vocabulary/status.ts';
import { higherOf } from '../guard.ts';
import type { RuleAnswer } from '../rule.ts';

/** A verdict in a table, from what allows least to what allows most; `judge` is an offer that is never executed. */
export const fromNarrowToWide = [
  'deny',
  'escalate',
  'judge two-person',
  'judge confirm',
  'judge ack',
  'offer two-person',
  'offer confirm',
  'offer ack',
] as const;
export type VerdictWord = (typeof fromNarrowToWide)[number];

/** What a rule, or several together, leave of an offer. */
export type RuleWord = 'deny' | 'escalate' | `at least ${Tier}`;

export const wordOfRule = (answer: RuleAnswer): RuleWord => {
  switch (answer.kind) {
    case 'pass':
      return 'at least ack';
    case 'raise':
      return `at least ${answer.to}`;
    case 'escalate':
    case 'deny':
      return answer.kind;
  }
};

/** Any deny denies, else any escalation escalates, else the highest tier holds: as `judge` has it. */
export function stricterOf(one: RuleWord, other: RuleWord): RuleWord {
  return STRICTNESS.indexOf(one) >= STRICTNESS.indexOf(other) ? one : other;
}
const STRICTNESS: readonly RuleWord[] = [
  'at least ack',
  'at least confirm',
  'at least two-person',
  'escalate',
  'deny',
];

/** The tier that the envelope's table gives, or what it gives instead. */
export type TierWord = Tier | 'escalate' | 'no line';

export function verdictOf(rules: RuleWord, line: TierWord): Exclude<VerdictWord, `judge ${Tier}`> {
  if (rules === 'deny' || rules === 'escalate') return rules;
  if (line === 'no line') return 'deny';
  if (line === 'escalate') return 'escalate';
  return `offer ${higherOf(line, LEAST[rules])}`;
}
const LEAST: Record<Exclude<RuleWord, 'deny' | 'escalate'>, Tier> = {
  'at least ack': 'ack',
  'at least confirm': 'confirm',
  'at least two-person': 'two-person',
};

/** In shadow an offer is for judgement alone. */
export function inStage(verdict: ReturnType<typeof verdictOf>, stage: Stage): VerdictWord {
  if (stage !== 'shadow' || verdict === 'deny' || verdict === 'escalate') return verdict;
  return JUDGED[verdict];
}
const JUDGED = {
  'offer ack': 'judge ack',
  'offer confirm': 'judge confirm',
  'offer two-person': 'judge two-person',
} as const;
