import type { CSSProperties } from 'react';
import type { ChangeCandidate } from '../../shared/vocabulary/candidate.ts';
import { inertLine } from '../ui/inert-text.ts';
import { percent, sentenceCase } from '../ui/words.ts';
import { segmentsOf } from './factors.ts';

/** The score as a bar, split by the reasons that speak for it, the loudest at the left and in the strongest colour. */
export function ScoreBar({ candidate }: { candidate: ChangeCandidate }) {
  const segments = segmentsOf(candidate);
  return (
    <>
      <meter
        className="visually-hidden"
        min={0}
        max={1}
        value={candidate.score}
        aria-label={`Score ${percent(candidate.score)}`}
      />
      <span className="score-bar" aria-hidden>
        {segments.map(({ name, sentence, share }, index) => (
          <span
            key={name}
            className="score-part"
            title={inertLine(`${sentenceCase(name)}: ${sentence}`)}
            style={{ width: `${share * 100}%`, '--rest': index / segments.length } as CSSProperties}
          />
        ))}
      </span>
    </>
  );
}
