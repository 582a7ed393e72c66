import type { Evidence, Quote } from '../../shared/vocabulary/hypothesis.ts';
import { seekEvent } from '../state/view.ts';
import { EvidenceLinks } from '../ui/evidence-links.tsx';
import { Inert } from '../ui/inert.tsx';

/** Sentences with what they rest on: events to show, and the words of the record, one click away. */
export function EvidenceList({ evidence, none }: { evidence: readonly Evidence[]; none: string }) {
  if (evidence.length === 0) return <p className="muted">{none}</p>;
  return (
    <ul className="evidence">
      {evidence.map(({ sentence, events, quotes = [] }) => (
        <li key={sentence}>
          <Inert text={sentence} />
          <EvidenceLinks keys={events} onShow={seekEvent} />
          {quotes.length > 0 && <Quotes quotes={quotes} />}
        </li>
      ))}
    </ul>
  );
}

function Quotes({ quotes }: { quotes: readonly Quote[] }) {
  return (
    <details className="quotes">
      <summary>on record</summary>
      {quotes.map(({ read, text }) => (
        <blockquote key={`${read} ${text}`}>
          <code>
            <Inert text={text} />
          </code>
          <footer>
            from <Inert text={read} />
          </footer>
        </blockquote>
      ))}
    </details>
  );
}
