import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { Inert } from '../ui/inert.tsx';

/** What the guard says of a proposal that it did not offer, rule by rule. */
export function VerdictLines({ proposal: { title, verdict } }: { proposal: Proposal }) {
  return (
    <div className="verdict" role="alert">
      <p>
        <strong>
          The guard {verdict.kind === 'deny' ? 'denied' : 'handed over'} “<Inert text={title} />
          ”.
        </strong>{' '}
        It is on record.
      </p>
      <ul>
        {verdict.rules.map(({ rule, sentence }) => (
          <li key={rule}>
            <code>{rule}</code>: <Inert text={sentence} />
          </li>
        ))}
      </ul>
    </div>
  );
}
