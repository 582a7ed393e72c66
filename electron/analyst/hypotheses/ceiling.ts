import { POSSIBLE } from '../../../shared/formats/confidence.ts';
import type { Ceiling, Evidence, Hypothesis } from '../../../shared/vocabulary/hypothesis.ts';

/** What code knows of a claim beside its own words. */
export type ClaimFacts = {
  /** Whether a read is about the cause itself, not a list in which it stands among others. */
  isDirect(read: string, cause: string | null): boolean;
  /** Whether the difference that a change made was read in this run. */
  diffWasRead(change: string): boolean;
  /** What the cause's service depends on and of which nothing is measured. */
  unseenBehind(change: string): readonly string[];
  /** 1 unless the analyst was too sure of itself before: then what is left of every ceiling. */
  ceilingFactor(): number;
};

/** Nobody who reads telemetry alone is surer than this. */
const HIGHEST = 0.95;
const UNREAD_DIFF = 0.5;
const CONTRADICTED = 0.8;
const MORE_AGAINST = 0.5;

/** How sure anyone may be of a claim, from what it cites and whatever it says of itself. */
export function ceilingOf(
  claim: Pick<Hypothesis, 'cause' | 'for' | 'against'>,
  { isDirect, diffWasRead, ceilingFactor }: ClaimFacts,
): Ceiling {
  const { cause } = claim;
  let at = HIGHEST;
  const because: string[] = [];
  const lower = (to: number, sentence: string) => {
    if (to >= at) return;
    at = to;
    because.push(sentence);
  };
  const isSeen = ({ quotes = [] }: Evidence) => quotes.some(({ read }) => isDirect(read, cause));

  if (claim.for.length === 0) lower(POSSIBLE, 'Nothing on record speaks for it: at most possible');
  else if (!claim.for.some(isSeen)) {
    lower(POSSIBLE, 'What speaks for it was not read of it directly: at most possible');
  }
  if (cause !== null && !diffWasRead(cause)) {
    lower(UNREAD_DIFF, 'What exactly it changed was not read: at most 50 %');
  }
  if (claim.against.length > claim.for.length) {
    lower(at * MORE_AGAINST, 'More speaks against it than for it: half of that');
  } else if (claim.against.some(isSeen)) {
    lower(at * CONTRADICTED, 'What was read of it contradicts it: lowered by a fifth');
  }
  const factor = Math.min(1, Math.max(0, ceilingFactor()));
  lower(
    at * factor,
    `Earlier confidence here was higher than what was confirmed: ${Math.round(factor * 100)} % of that`,
  );
  return { at, because };
}
