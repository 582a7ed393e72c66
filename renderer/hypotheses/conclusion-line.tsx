import type { Conclusion } from '../../shared/vocabulary/hypothesis.ts';
import { useRoom } from '../state/room.ts';
import { Inert } from '../ui/inert.tsx';
import { counted } from '../ui/words.ts';

const WORDS: Record<Conclusion['kind'], string> = {
  'cause-named': 'A cause is named',
  inconclusive: 'Inconclusive',
  'nothing-to-do': 'Nothing to do',
};

/** What the last reading came to, and how much of what it cited could not be found on record. */
export function ConclusionLine() {
  const stated = useRoom(
    (room) => room.analyst.steps.findLast(({ step }) => step.kind === 'stated')?.step ?? null,
  );
  if (stated?.kind !== 'stated') return null;
  const { conclusion, dropped } = stated;
  if (!conclusion && dropped === 0) return null;
  return (
    <div className="conclusion" data-kind={conclusion?.kind}>
      {conclusion && (
        <p>
          <strong>{WORDS[conclusion.kind]}.</strong>{' '}
          <Inert text={withoutLabel(conclusion.sentence, WORDS[conclusion.kind])} />
        </p>
      )}
      {dropped > 0 && (
        <p className="muted">
          {counted(dropped, 'piece')} of evidence cited what is not on record, and{' '}
          {dropped === 1 ? 'was' : 'were'} dropped.
        </p>
      )}
    </div>
  );
}

/** An analyst may begin its sentence with the word that stands before it already. */
const withoutLabel = (sentence: string, label: string): string =>
  sentence.startsWith(`${label}: `) ? sentence.slice(label.length + 2) : sentence;
