import { FlaskConical, Plus } from 'lucide-react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { useHost } from '../state/host.ts';
import { useClock } from '../state/now.ts';
import { openDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Empty, Failed, Loading } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { counted, duration, sentenceCase } from '../ui/words.ts';
import './incidents.css';

/** Home: what is being worked, what was, and the way to start. */
export function IncidentsPage({ onOpen }: { onOpen(id: string): void }) {
  const incidents = useHost((host) => host.incidents);
  const problem = useHost((host) => host.problem);
  return (
    <div className="page">
      <div className="page-inner">
        <div className="page-head">
          <h1 className="page-title">Incidents</h1>
          <span className="panel-gap" />
          <Button onClick={() => openDialog('incident')}>
            <Plus size={15} aria-hidden />
            New incident
          </Button>
          <Button look="primary" onClick={() => openDialog('drill')}>
            <FlaskConical size={15} aria-hidden />
            Run a drill
          </Button>
        </div>
        {incidents ? (
          <Lists incidents={incidents} onOpen={onOpen} />
        ) : problem ? (
          <Failed title="The incidents could not be read" message={problem} />
        ) : (
          <Loading what="Reading the incidents" />
        )}
      </div>
    </div>
  );
}

function Lists({ incidents, onOpen }: { incidents: Incident[]; onOpen(id: string): void }) {
  const open = incidents.filter(({ status }) => status !== 'closed');
  const past = incidents.filter(({ status }) => status === 'closed');
  if (incidents.length === 0) return <FirstStart />;
  return (
    <>
      <IncidentList
        title="Open"
        incidents={open}
        onOpen={onOpen}
        none="Nothing is open. Calm is a result too."
      />
      <IncidentList title="Past" incidents={past} onOpen={onOpen} none="No incident was closed yet." />
    </>
  );
}

function FirstStart() {
  return (
    <div className="box first-start">
      <Empty title="No incident yet.">
        <p>
          A drill is the quickest way to see how this works: a simulated shop breaks, evidence comes in, the
          analyst suggests what did it, and you countersign the way back. It takes about five minutes and
          touches nothing real.
        </p>
        <p>
          For the real thing, connect a Prometheus or Alertmanager in Settings; an alert that fires opens an
          incident, or you open one yourself.
        </p>
      </Empty>
    </div>
  );
}

type ListProps = { title: string; incidents: Incident[]; none: string; onOpen(id: string): void };

function IncidentList({ title, incidents, none, onOpen }: ListProps) {
  return (
    <section aria-label={`${title} incidents`}>
      <h2 className="section-title">
        {title} <span className="panel-count">{incidents.length > 0 ? incidents.length : ''}</span>
      </h2>
      {incidents.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <ul className="box incident-list">
          {incidents.map((incident) => (
            <IncidentRow key={incident.id} incident={incident} onOpen={onOpen} />
          ))}
        </ul>
      )}
    </section>
  );
}

function IncidentRow({ incident, onOpen }: { incident: Incident; onOpen(id: string): void }) {
  const nowMs = useClock(incident.realm);
  const severe = incident.severity === 'sev1' || incident.severity === 'sev2';
  return (
    <li>
      <button type="button" className="incident-row" onClick={() => onOpen(incident.id)}>
        <span className="incident-row-chips">
          <Chip tone={severe ? 'warn' : 'plain'}>{incident.severity.toUpperCase()}</Chip>
        </span>
        <span className="incident-row-title">
          {inertLine(incident.title)}
          {incident.realm === 'drill' && <Chip>Drill</Chip>}
        </span>
        <span className="muted">
          {sentenceCase(incident.status)}
          {incident.services.length > 0 && ` · ${counted(incident.services.length, 'service')}`}
        </span>
        <span className="muted">
          <Time atMs={incident.openedMs} day />
        </span>
        <span className="incident-row-age">
          {incident.closedMs === null
            ? duration(nowMs - incident.openedMs)
            : `took ${duration(incident.closedMs - incident.openedMs)}`}
        </span>
      </button>
    </li>
  );
}
