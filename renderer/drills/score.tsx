import type { Debrief } from '../../shared/vocabulary/drill.ts';
import { PART_NAMES } from './part-words.ts';

/** The score and the named parts it is the sum of, each with its reason. */
export function Score({ debrief: { score, parts } }: { debrief: Debrief }) {
  return (
    <section className="box debrief-score" aria-label="Score">
      <p className="debrief-sum">
        <strong>{score}</strong>
        <span className="muted">of 100</span>
      </p>
      <ul className="debrief-parts">
        {parts.map(({ name, points, of, sentence }) => (
          <li key={name} className="debrief-part">
            <span className="debrief-part-name">{PART_NAMES[name]}</span>
            <span className="debrief-part-points">
              {points} <span className="muted">of {of}</span>
            </span>
            <span className="debrief-meter" aria-hidden>
              <span style={{ width: `${(100 * points) / of}%` }} />
            </span>
            <span className="debrief-part-why">{sentence}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
