import { judgedBy } from '../../../electron/drills/judge-actions.ts';
import { isRight } from '../../../electron/drills/judge-causes.ts';
import { BlastClass } from '../../../shared/vocabulary/proposal.ts';
import type { Played } from './play.ts';

/** One drill as the answer judges it. What cannot be judged in it is null. */
export type Judged = {
  scenario: string;
  seed: number;
  /** Where a change of ours did it: the place of the first true one among the hypotheses, 0 when it is none of them. */
  place: number | null;
  /** Where none did: whether that was the word, and no cause was named. */
  admitted: boolean | null;
  conclusion: string;
  /** The confidence of what stood first, and whether it was right. */
  first: { confidence: number; isRight: boolean } | null;
  offered: { action: string; target: string; is: 'helps' | 'harms' | 'neither' }[];
  denied: number;
  backOut: { restored: boolean; classHolds: boolean } | null;
  notOnRecord: number;
  dropped: number;
  refusals: number;
  turns: number;
  tokens: number;
  tookMs: number;
};

export function judge(played: Played): Judged {
  const { scenario, seed, answer, hypotheses, conclusion, proposals, backOut } = played;
  const ranked = hypotheses.toSorted((a, b) => a.rank - b.rank);
  const [first] = ranked;
  const hasCause = answer.changes.length > 0;
  const { notOnRecord, dropped, refusals, turns, tokens, tookMs } = played;
  return {
    scenario,
    seed,
    place: hasCause
      ? ranked.findIndex(({ cause }) => cause !== null && answer.changes.includes(cause)) + 1
      : null,
    admitted: hasCause ? null : conclusion !== null && conclusion.kind !== 'cause-named',
    conclusion: conclusion?.kind ?? 'none',
    first: first ? { confidence: first.confidence, isRight: isRight(first, answer) } : null,
    offered: proposals
      .filter(({ verdict }) => verdict.kind === 'offer')
      .map((proposal) => ({
        action: proposal.action,
        target: proposal.target.name,
        is: judgedBy(proposal, answer).kind,
      })),
    denied: proposals.filter(({ verdict }) => verdict.kind === 'deny').length,
    backOut: backOut && {
      restored: backOut.changed && backOut.restored,
      classHolds: BlastClass.options.indexOf(backOut.reached) <= BlastClass.options.indexOf(backOut.declared),
    },
    notOnRecord,
    dropped,
    refusals,
    turns,
    tokens,
    tookMs: Math.round(tookMs),
  };
}
