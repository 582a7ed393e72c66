import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import type { Trial, TrialAnswer } from '../../shared/vocabulary/proposal.ts';
import { Inert } from '../ui/inert.tsx';

/**
 * What the target's own server says beforehand: of the rights, of the action and of its way back. Where it refuses none of it
 * that is one line, which opens: the room is for what is decided.
 */
export function TrialLines({ trial: { permissions, action, backOut } }: { trial: Trial }) {
  const lines = (
    <ul className="trial" aria-label="Tried beforehand">
      <TrialLine what="Permissions" answer={permissions} />
      <TrialLine what="Dry run" answer={action} />
      <TrialLine what="Dry run of the back-out" answer={backOut} />
    </ul>
  );
  const kinds = [permissions.kind, action.kind, backOut.kind];
  if (kinds.includes('refused')) return lines;
  const { icon: Icon, tone } = TRIED[kinds.includes('untried') ? 'untried' : 'accepted'];
  return (
    <details className="trial-folded">
      <summary className={`recheck ${tone}`}>
        <Icon size={14} aria-hidden />
        <span>{summaryOf(permissions, action, backOut)}</span>
      </summary>
      {lines}
    </details>
  );
}

const WORDS = { accepted: 'accepted', refused: 'refused', untried: 'not tried' };

/** What is alike is said together: most servers try both ways or neither. */
function summaryOf(permissions: TrialAnswer, action: TrialAnswer, backOut: TrialAnswer): string {
  const [may, there, back] = [WORDS[permissions.kind], WORDS[action.kind], WORDS[backOut.kind]];
  if (there !== back) return `Permissions: ${may}. Dry run: ${there}, of the back-out: ${back}`;
  return may === there ? `Permissions and both dry runs: ${may}` : `Permissions: ${may}. Dry runs: ${there}`;
}

function TrialLine({ what, answer }: { what: string; answer: TrialAnswer }) {
  const { icon: Icon, tone } = TRIED[answer.kind];
  return (
    <li className={`recheck ${tone}`}>
      <Icon size={14} aria-hidden />
      <span>
        {what}: <Inert text={answer.kind === 'accepted' ? answer.sentence : answer.because} />
      </span>
    </li>
  );
}

const TRIED = {
  accepted: { icon: CircleCheck, tone: 'recheck-unchanged' },
  refused: { icon: CircleX, tone: 'recheck-refused' },
  untried: { icon: CircleHelp, tone: '' },
} as const satisfies Record<TrialAnswer['kind'], object>;
