import { MessageSquareText } from 'lucide-react';
import { Inert } from '../ui/inert.tsx';

/** The turn that is being written. Not announced: it changes several times a second, and its whole text follows. */
export function Saying({ text }: { text: string }) {
  if (text === '') return null;
  return (
    <div className="saying" aria-live="off">
      <p className="step-line">
        <MessageSquareText size={13} aria-hidden />
        <span>
          <Inert text={text} lines />
        </span>
      </p>
    </div>
  );
}
