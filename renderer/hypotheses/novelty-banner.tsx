import { TriangleAlert } from 'lucide-react';
import { Inert } from '../ui/inert.tsx';
import { percent } from '../ui/words.ts';

/** Said before any hypothesis: what follows is a guess about something that is not known. */
export function NoveltyBanner({ outside, sentences }: { outside: number; sentences: readonly string[] }) {
  return (
    <div className="novelty" role="note">
      <TriangleAlert size={16} aria-hidden />
      <div>
        <p>
          <strong>This resembles nothing known.</strong> The probability that the cause is not among the
          candidates is {percent(outside)}. Have a senior engineer read the evidence before anything is
          approved.
        </p>
        {sentences.length > 0 && (
          <ul className="novelty-why">
            {sentences.map((sentence) => (
              <li key={sentence}>
                <Inert text={sentence} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
