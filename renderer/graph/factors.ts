import type { ChangeCandidate, Factor } from '../../shared/vocabulary/candidate.ts';

/** Beyond this one reason says all that a bar can show. */
const MOST = 5;
/** Closer to neutral than this a factor says nothing either way. */
const SAYS_NOTHING = 0.1;

/** How much a factor speaks for its change (above 0) or against it: the log-odds, which add up to the score. */
export function weightOf({ value }: Factor): number {
  const clamped = Math.min(1 - 1e-6, Math.max(1e-6, value));
  return Math.max(-MOST, Math.min(MOST, Math.log(clamped / (1 - clamped))));
}

/** -1 to 1, for drawing. */
export const leanOf = (factor: Factor): number => weightOf(factor) / MOST;

export const isSilent = (factor: Factor): boolean => Math.abs(weightOf(factor)) < SAYS_NOTHING;

/** What speaks loudest first, for or against. */
export const byWeight = (factors: readonly Factor[]): Factor[] =>
  factors.toSorted((a, b) => Math.abs(weightOf(b)) - Math.abs(weightOf(a)));

export type Segment = { name: string; sentence: string; share: number };

/** The score split by what speaks for it: the shares, of a whole bar, add up to the score. */
export function segmentsOf({ score, factors }: ChangeCandidate): Segment[] {
  const speaking = byWeight(factors).filter((factor) => weightOf(factor) >= SAYS_NOTHING);
  const whole = speaking.reduce((sum, factor) => sum + weightOf(factor), 0);
  if (whole === 0) return [{ name: 'score', sentence: '', share: score }];
  return speaking.map((factor) => ({
    name: factor.name,
    sentence: factor.sentence,
    share: (score * weightOf(factor)) / whole,
  }));
}
