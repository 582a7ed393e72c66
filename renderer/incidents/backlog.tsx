import type { OpenEscalation } from '../../shared/vocabulary/escalation.ts';
import { rereadBacklog, useBacklog } from '../state/backlog.ts';
import { ageOf } from '../state/escalation-age.ts';
import { useClock } from '../state/now.ts';
import { Chip } from '../ui/chip.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Failed, Stale } from '../ui/panel-states.tsx';
import { WaitingWords } from '../ui/waiting-words.tsx';

/** What waits for a human in any incident, oldest first; nothing while nothing does. */
export function Backlog({ onOpen }: { onOpen(id: string): void }) {
  const { open, problem, readMs } = useBacklog();
  const again = () => void rereadBacklog();
  if (problem !== null && readMs === 0)
    return <Failed title="The escalations could not be read" message={problem} onRetry={again} />;
  if (problem === null && open.length === 0) return null;
  return (
    <section aria-label="Escalation backlog">
      {problem !== null && <Stale problem={problem} asOfMs={readMs} onRetry={again} />}
      <h2 className="section-title">
        Escalated to humans <span className="panel-count">{open.length}</span>
      </h2>
      <ul className="box incident-list">
        {open.map((one) => (
          <li key={one.escalation.id}>
            <BacklogRow {...one} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function BacklogRow({
  realm,
  incidentTitle,
  escalation,
  onOpen,
}: OpenEscalation & { onOpen(id: string): void }) {
  const age = ageOf(escalation, useClock(realm));
  return (
    <button type="button" className="backlog-row" onClick={() => onOpen(escalation.incident)}>
      <span className="incident-row-about">
        <span className="incident-row-title">
          {inertLine(escalation.title)}
          {realm === 'drill' && <Chip>Drill</Chip>}
        </span>
        <span className="incident-row-cause">in {inertLine(incidentTitle)}</span>
      </span>
      <span className="muted">{age.holder === null ? 'Nobody has it' : `With ${inertLine(age.holder)}`}</span>
      <WaitingWords {...age} />
    </button>
  );
}
