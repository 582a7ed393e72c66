import type { DebriefTimes, Judged } from '../../shared/vocabulary/drill.ts';
import type { DrillAnswer, DrillFacts, Statement } from './facts.ts';

type Claim = Statement['hypotheses'][number];

/** How near the stated hypotheses came to the true cause. */
export type CausesJudged = {
  /** When the true cause was first stated, and when it first stood first; null if never. */
  statedMs: number | null;
  firstMs: number | null;
  /** Whether the last word had it first. */
  isLastWord: boolean;
  /** Wrong causes that stood first, each once, with the time they first did. */
  chased: { cause: string; atMs: number; claim: string }[];
};

/**
 * Whether a claim is right: it names a change that did it or, when none of ours did, it says that the cause is not seen
 * in our data or names a service the trouble was in.
 */
export function isRight({ cause }: Pick<Claim, 'cause'>, answer: DrillAnswer): boolean {
  if (answer.changes.length > 0) return cause !== null && answer.changes.includes(cause);
  return cause === null || answer.services.includes(cause);
}

/** A claim chases something harmless when it names a cause that is none. To admit ignorance chases nothing. */
export const isChase = ({ cause }: Pick<Claim, 'cause'>, answer: DrillAnswer): boolean =>
  cause !== null && !answer.changes.includes(cause) && !answer.services.includes(cause);

/** Follows the hypotheses over time. */
export function judgeCauses(statements: readonly Statement[], answer: DrillAnswer): CausesJudged {
  const firstOf = ({ hypotheses }: Statement): Claim | undefined =>
    hypotheses.toSorted((a, b) => a.rank - b.rank)[0];
  const isRightFirst = (statement: Statement) => {
    const first = firstOf(statement);
    return first !== undefined && isRight(first, answer);
  };
  const stated = statements.find(({ hypotheses }) => hypotheses.some((one) => isRight(one, answer)));
  const chased = new Map<string, CausesJudged['chased'][number]>();
  for (const statement of statements) {
    const first = firstOf(statement);
    if (!first || first.cause === null || !isChase(first, answer) || chased.has(first.cause)) continue;
    chased.set(first.cause, { cause: first.cause, atMs: statement.atMs, claim: first.claim });
  }
  const last = statements.at(-1);
  return {
    statedMs: stated?.atMs ?? null,
    firstMs: statements.find(isRightFirst)?.atMs ?? null,
    isLastWord: last !== undefined && isRightFirst(last),
    chased: [...chased.values()],
  };
}

/** The wrong causes as the debrief tells them. */
export const chasedInWords = (
  { chased }: CausesJudged,
  { decoys }: DrillAnswer,
  since: (atMs: number) => number,
): Judged[] =>
  chased.map(({ cause, atMs, claim }) => ({
    at: since(atMs),
    title: claim,
    sentence: decoys.includes(cause)
      ? 'It stood first, and it was a decoy: laid out to tempt, without any effect.'
      : 'It stood first, and it was harmless.',
  }));

/** When the trouble was first noticed: by an alert that fired or by who opened the incident. */
export const detectedMs = ({ incident }: DrillFacts, { beganMs, alertedMs }: DrillAnswer): number =>
  Math.max(beganMs, Math.min(incident.openedMs, alertedMs));

/** The times a person asks for, from the moment the trouble began. */
export function timesOf(
  facts: DrillFacts,
  answer: DrillAnswer,
  causes: CausesJudged,
  mitigatedMs: number | null,
): DebriefTimes {
  const since = (atMs: number | null) => (atMs === null ? null : atMs - answer.beganMs);
  return {
    detect: since(detectedMs(facts, answer)),
    cause: since(causes.statedMs),
    causeFirst: since(causes.firstMs),
    mitigation: since(mitigatedMs),
  };
}
