import type { Outcome, Progress } from '../../shared/vocabulary/proposal.ts';
import type { Tone } from '../ui/chip.tsx';

type Look = { word: string; tone: Tone };

const OUTCOMES: Record<Outcome, Look> = {
  improved: { word: 'Improved', tone: 'good' },
  unchanged: { word: 'Unchanged', tone: 'warn' },
  worse: { word: 'Worse', tone: 'bad' },
  inconclusive: { word: 'Inconclusive', tone: 'warn' },
};

/** Where a proposal is, in a word. */
export function stateLook(progress: Progress): Look {
  switch (progress.state) {
    case 'denied':
      return { word: 'Guard denied', tone: 'plain' };
    case 'escalated':
      return { word: 'Escalated', tone: 'warn' };
    case 'offered':
      return { word: 'Open', tone: 'accent' };
    case 'expired':
      return { word: 'Expired', tone: 'plain' };
    case 'withdrawn':
      return { word: 'Withdrawn', tone: 'plain' };
    case 'voided':
      return { word: 'Void', tone: 'plain' };
    case 'refused':
      return { word: 'Denied', tone: 'plain' };
    case 'judged':
      return { word: progress.decision.answer === 'approve' ? 'Agreed' : 'Disagreed', tone: 'plain' };
    case 'approved':
      return { word: 'Approved', tone: 'accent' };
    case 'executing':
      return { word: 'Executing', tone: 'accent' };
    case 'failed':
      return { word: 'Failed', tone: 'bad' };
    case 'unknown':
      return { word: 'Outcome unknown', tone: 'bad' };
    case 'watching':
      return { word: 'Watching', tone: 'accent' };
    case 'done':
      return OUTCOMES[progress.outcome];
    default:
      return progress satisfies never;
  }
}
