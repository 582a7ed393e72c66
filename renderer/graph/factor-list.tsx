import type { CSSProperties } from 'react';
import type { ChangeCandidate, Factor } from '../../shared/vocabulary/candidate.ts';
import { Inert } from '../ui/inert.tsx';
import { sentenceCase } from '../ui/words.ts';
import { byWeight, isSilent, leanOf } from './factors.ts';

/** Each reason in words with how much it speaks for the change or against it; what says nothing is only named. */
export function FactorList({ candidate: { factors, reasons } }: { candidate: ChangeCandidate }) {
  const speaking = byWeight(factors).filter((factor) => !isSilent(factor));
  const silent = factors.filter(isSilent);
  if (speaking.length === 0) {
    return reasons.length === 0 ? (
      <p>No reason speaks for it beyond its place in time.</p>
    ) : (
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>
            <Inert text={reason} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <>
      <ul className="factors">
        {speaking.map((factor) => (
          <li key={factor.name} className="factor">
            <Lean factor={factor} />
            <span>
              <strong>{sentenceCase(factor.name)}</strong> <Inert text={factor.sentence} />
            </span>
          </li>
        ))}
      </ul>
      {silent.length > 0 && (
        <p className="muted">Says nothing either way: {silent.map(({ name }) => name).join(', ')}.</p>
      )}
    </>
  );
}

/** A bar from the middle: to the right for, to the left against. */
export function Lean({ factor }: { factor: Factor }) {
  const lean = leanOf(factor);
  return (
    <span
      className={`lean ${lean < 0 ? 'lean-against' : ''}`}
      style={{ '--lean': Math.abs(lean) } as CSSProperties}
    >
      <span className="visually-hidden">{lean < 0 ? 'Against: ' : 'For: '}</span>
    </span>
  );
}
