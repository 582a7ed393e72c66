import { TriangleAlert } from 'lucide-react';
import type { Proposal } from '../../shared/vocabulary/proposal.ts';
import { Inert } from '../ui/inert.tsx';

/** Says on the card that outsiders could have written what it rests on, or that what it cites looks like instructions. */
export function OutsiderLine({ proposal: { verdict } }: { proposal: Proposal }) {
  const told = verdict.rules.find(({ rule }) => rule === 'evidence-observed');
  if (!told) return null;
  return (
    <p className="card-outsider">
      <TriangleAlert size={13} aria-hidden />
      <span>
        Mind what it rests on: <Inert text={told.sentence} />.
      </span>
    </p>
  );
}
