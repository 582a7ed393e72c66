import { MessageSquareQuote } from 'lucide-react';
import type { AnswerLine } from '../../shared/vocabulary/analyst.ts';
import { seekEvent } from '../state/view.ts';
import { EvidenceLinks } from '../ui/evidence-links.tsx';
import { Inert } from '../ui/inert.tsx';
import { counted } from '../ui/words.ts';

/** The answer to a question, sentence by sentence, each with the way to what it rests on. */
export function Answer({ answer, dropped }: { answer: readonly AnswerLine[]; dropped: number }) {
  const lines = answer.map((line, place) => ({ ...line, place }));
  return (
    <div className="answer">
      <MessageSquareQuote size={13} aria-hidden />
      <ul aria-label="Answer">
        {lines.map(({ place, sentence, events, reads }) => (
          <li key={place}>
            <Inert text={sentence} lines />
            <EvidenceLinks keys={events} onShow={seekEvent} />
            {events.length + reads.length === 0 && <span className="muted"> (cites nothing)</span>}
          </li>
        ))}
        {dropped > 0 && (
          <li className="muted">
            {counted(dropped, 'sentence was', 'sentences were')} dropped: what they cite is not on record.
          </li>
        )}
      </ul>
    </div>
  );
}
