import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import type { Trial, TrialAnswer } from '../../shared/vocabulary/proposal.ts';
import { Inert } from '../ui/inert.tsx';

/**
 * What the target's own server says beforehand: of the rights, of the action and of its way back. Where it takes all of it
 * that is one line: the room is for what is decided.
 */
export function TrialLines({ trial }: { trial: Trial }) {
  const lines = (
    <ul className="trial" aria-label="Tried beforehand">
      <TrialLine what="Permissions" answer={trial.permissions} />
      <TrialLine what="Dry run" answer={trial.action} />
      <TrialLine what="Dry run of the back-out" answer={trial.backOut} />
    </ul>
  );
  const isTaken = [trial.permissions, trial.action, trial.backOut].every(({ kind }) => kind === 'accepted');
  if (!isTaken) return lines;
  return (
    <details className="trial-taken">
      <summary className="recheck recheck-unchanged">
        <CircleCheck size={14} aria-hidden />
        <span>Permissions and both dry runs: accepted</span>
      </summary>
      {lines}
    </details>
  );
}

function TrialLine({ what, answer }: { what: string; answer: TrialAnswer }) {
  const { icon: Icon, tone, text } = lookOf(answer);
  return (
    <li className={`recheck ${tone}`}>
      <Icon size={14} aria-hidden />
      <span>
        {what}: <Inert text={text} />
      </span>
    </li>
  );
}

function lookOf(answer: TrialAnswer) {
  switch (answer.kind) {
    case 'accepted':
      return { icon: CircleCheck, tone: 'recheck-unchanged', text: answer.sentence };
    case 'refused':
      return { icon: CircleX, tone: 'recheck-refused', text: answer.because };
    case 'untried':
      return { icon: CircleHelp, tone: '', text: answer.because };
    default:
      return answer satisfies never;
  }
}
