import { useState } from 'react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { useClock } from '../state/now.ts';
import { usePastDrills } from '../state/past-drills.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Time } from '../ui/time.tsx';
import { counted, duration, sentenceCase } from '../ui/words.ts';

/** More rows are a page of their own: a list of years must not be drawn at once. */
const PAGE = 50;

export type ListProps = {
  title: string;
  incidents: Incident[];
  none: string;
  causes: ReadonlyMap<string, string>;
  onOpen(id: string): void;
  /** Where the debrief of a drill is read. */
  debriefAddress(id: string): string;
};

/** Incidents, newest first, a page at a time. */
export function IncidentList({ title, incidents, none, causes, onOpen, debriefAddress }: ListProps) {
  const [shown, setShown] = useState(PAGE);
  const scores = new Map<string, number>(usePastDrills().map(({ incident, score }) => [incident, score]));
  return (
    <section aria-label={`${title} incidents`}>
      <h2 className="section-title">
        {title} <span className="panel-count">{incidents.length > 0 ? incidents.length : ''}</span>
      </h2>
      {incidents.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <ul className="box incident-list">
          {incidents.slice(0, shown).map((incident) => (
            <li key={incident.id} className="incident-item">
              <IncidentRow incident={incident} cause={causes.get(incident.id)} onOpen={onOpen} />
              <Debriefed score={scores.get(incident.id)} address={debriefAddress(incident.id)} />
            </li>
          ))}
        </ul>
      )}
      {incidents.length > shown && (
        <p className="incident-more">
          <Button small onClick={() => setShown(shown + PAGE)}>
            Show older incidents
          </Button>
        </p>
      )}
    </section>
  );
}

function IncidentRow({
  incident,
  cause,
  onOpen,
}: {
  incident: Incident;
  cause: string | undefined;
  onOpen(id: string): void;
}) {
  const nowMs = useClock(incident.realm);
  const severe = incident.severity === 'sev1' || incident.severity === 'sev2';
  return (
    <button type="button" className="incident-row" onClick={() => onOpen(incident.id)}>
      <span className="incident-row-chips">
        <Chip tone={severe ? 'warn' : 'plain'}>{incident.severity.toUpperCase()}</Chip>
      </span>
      <span className="incident-row-about">
        <span className="incident-row-title">
          <span className="incident-row-words">{inertLine(incident.title)}</span>
          {incident.realm === 'drill' && <Chip>Drill</Chip>}
        </span>
        {incident.status === 'closed' && (
          <span className="incident-row-cause">
            {cause === undefined ? 'Cause not confirmed' : `Cause: ${inertLine(cause)}`}
          </span>
        )}
      </span>
      <span className="muted">
        {sentenceCase(incident.status)}
        {incident.services.length > 0 && ` · ${counted(incident.services.length, 'service')}`}
      </span>
      <span className="muted">
        <Time atMs={incident.openedMs} as="day" />
      </span>
      <span className="incident-row-age">
        {incident.closedMs === null
          ? duration(nowMs - incident.openedMs)
          : `took ${duration(incident.closedMs - incident.openedMs)}`}
      </span>
    </button>
  );
}

/** The way to the debrief of a drill that has one; its place stays free otherwise, so that the columns stand. */
function Debriefed({ score, address }: { score: number | undefined; address: string }) {
  if (score === undefined) return <span className="incident-debrief" />;
  return (
    <a className="incident-debrief" href={address}>
      Debrief: {score}
    </a>
  );
}
