import type { ScorePart } from '../../shared/vocabulary/drill.ts';
import { inMinutes } from './in-words.ts';

/** What a score is made of. Times are from the moment the trouble was noticed, in milliseconds; null for never. */
export type Scored = {
  cause: { stated: boolean; causeFirst: number | null; isLastWord: boolean };
  mitigation: {
    /** `none` when the answer says that nothing would have helped. */
    whatHelps: 'something' | 'none';
    after: number | null;
    /** Something right was executed, whether or not its effect was seen to come. */
    rightExecuted: boolean;
    executed: number;
  };
  harms: number;
  /** Wrong causes that stood first, and approvals that rested on one. */
  decoys: { believed: number; approved: number };
};

/** Full points for what is done within the first, none from the second on, and evenly less in between. */
const QUICK_MS = 5 * 60_000;
const SLOW_MS = 30 * 60_000;

/** The parts of a score. Documented in docs/drills.md: whoever changes a number changes it there, too. */
export function scoreParts(scored: Scored): ScorePart[] {
  return [causePart(scored), speedPart(scored), mitigationPart(scored), harmPart(scored), decoyPart(scored)];
}

/** 0 to 100. */
export const scoreOf = (parts: readonly ScorePart[]): number =>
  parts.reduce((sum, { points }) => sum + points, 0);

function causePart({ cause }: Scored): ScorePart {
  const of = (points: number, sentence: string): ScorePart => ({ name: 'cause', points, of: 20, sentence });
  if (cause.isLastWord) return of(20, 'The true cause stood first at the end.');
  if (cause.causeFirst !== null) return of(12, 'The true cause stood first for a while, but not at the end.');
  if (cause.stated) return of(6, 'The true cause was among the hypotheses, but never stood first.');
  return of(0, 'The true cause was never stated.');
}

function speedPart(scored: Scored): ScorePart {
  const { after } = scored.mitigation;
  const found = promptness(10, scored.cause.causeFirst);
  const over = leftAlone(scored) ? 10 : promptness(10, after);
  const cause =
    scored.cause.causeFirst === null
      ? 'the cause never stood first'
      : `the cause stood first ${inMinutes(scored.cause.causeFirst)} after the trouble was noticed`;
  const mitigation = leftAlone(scored)
    ? 'nothing was to be done'
    : after === null
      ? 'it was not mitigated'
      : `it was over after ${inMinutes(after)}`;
  return { name: 'speed', points: found + over, of: 20, sentence: sentence(`${cause}; ${mitigation}.`) };
}

function mitigationPart(scored: Scored): ScorePart {
  const of = (points: number, said: string): ScorePart => ({
    name: 'mitigation',
    points,
    of: 35,
    sentence: said,
  });
  const { whatHelps, after, rightExecuted, executed } = scored.mitigation;
  if (whatHelps === 'none') {
    return executed === 0
      ? of(35, 'Nothing was to be done, and nothing was done: that is a decision, too.')
      : of(0, 'Nothing would have helped, and something was done all the same.');
  }
  if (after !== null) return of(35, 'Something that helps was done, and its effect came.');
  if (rightExecuted) return of(15, 'Something that helps was done, but its effect was not seen to come.');
  return of(0, executed === 0 ? 'Nothing was done.' : 'What was done does not help.');
}

function harmPart({ harms }: Scored): ScorePart {
  const said =
    harms === 0
      ? 'Nothing that was done made it worse.'
      : harms === 1
        ? 'One action made it worse.'
        : `${harms} actions made it worse.`;
  return { name: 'harm', points: Math.max(0, harms === 0 ? 15 : 10 - 5 * harms), of: 15, sentence: said };
}

function decoyPart({ decoys: { believed, approved } }: Scored): ScorePart {
  const points = Math.max(0, 10 - 3 * believed - 6 * approved);
  const said = [
    believed > 0 && `${believed} wrong ${believed === 1 ? 'cause' : 'causes'} stood first`,
    approved > 0 && `${approved} ${approved === 1 ? 'approval' : 'approvals'} rested on one`,
  ].filter((part) => part !== false);
  return {
    name: 'decoys',
    points,
    of: 10,
    sentence: said.length === 0 ? 'No wrong cause was followed.' : sentence(`${said.join('; ')}.`),
  };
}

/** Where nothing helps, leaving it alone is as quick as anyone can be. */
const leftAlone = ({ mitigation }: Scored) => mitigation.whatHelps === 'none' && mitigation.executed === 0;

function promptness(most: number, afterMs: number | null): number {
  if (afterMs === null) return 0;
  const share = (SLOW_MS - afterMs) / (SLOW_MS - QUICK_MS);
  return Math.floor(most * Math.min(1, Math.max(0, share)));
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
