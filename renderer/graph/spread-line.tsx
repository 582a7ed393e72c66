import type { Candidates, ChangeCandidate } from '../../shared/vocabulary/candidate.ts';
import type { Topology } from '../../shared/vocabulary/topology.ts';
import { CHANGE_ICONS } from '../ui/change-icons.ts';
import { Inert } from '../ui/inert.tsx';
import { impactPath, strengths } from './impact.ts';
import { onsets, spread } from './spread.ts';

/** Steps that are told; the graph and the table have the rest. */
const MOST = 5;

type SpreadProps = {
  topology: Topology;
  candidates: Candidates;
  service: string;
  change: ChangeCandidate | null;
};

/** The way from the change to the symptoms in one line: who left the normal, and how long after. */
export function SpreadLine({ topology, candidates, service, change }: SpreadProps) {
  const path = impactPath(topology, service, new Set(strengths(candidates).keys()));
  const steps = spread(path, onsets(candidates), change);
  const Icon = change ? CHANGE_ICONS[change.kind] : null;
  return (
    <p className="spread">
      <span className="spread-step">
        {Icon && <Icon size={12} aria-hidden />}
        <Inert text={change?.title ?? service} />
      </span>
      {steps.length === 0 && <span className="muted">Nothing that it could move is off.</span>}
      {steps.slice(0, MOST).map((step) => (
        <span key={step.service} className="spread-step">
          <span aria-hidden>→</span>
          <strong>{step.words}</strong> <Inert text={step.service} />
        </span>
      ))}
      {steps.length > MOST && <span className="muted">and {steps.length - MOST} more</span>}
    </p>
  );
}
