import type { ActionEvidence } from '../../shared/vocabulary/envelope.ts';
import { Inert } from '../ui/inert.tsx';

/** What speaks for trusting each action further, or against it. */
export function Evidence({ evidence }: { evidence: readonly ActionEvidence[] }) {
  return (
    <section className="box envelope-section">
      <h2>How it went so far</h2>
      {evidence.length === 0 ? (
        <p className="muted">
          Nothing was executed in a real incident yet, and nothing judged in stage shadow.
        </p>
      ) : (
        <ul>
          {evidence.map(({ action, sentence }) => (
            <li key={action}>
              <Inert text={sentence} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
