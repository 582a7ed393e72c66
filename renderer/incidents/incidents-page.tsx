import { FlaskConical, Plus } from 'lucide-react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { useHost } from '../state/host.ts';
import { useClock } from '../state/now.ts';
import { usePastDrills } from '../state/past-drills.ts';
import { openDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Empty, Failed, Loading } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { counted, duration, sentenceCase } from '../ui/words.ts';
import './incidents.css';

/** Home: what is being worked, what was, and the way to start. */
export function IncidentsPage({ onOpen, debriefAddress }: Pick<ListProps, 'onOpen' | 'debriefAddress'>) {
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
          <Lists incidents={incidents} onOpen={onOpen} debriefAddress={debriefAddress} />
        ) : problem ? (
          <Failed title="The incidents could not be read" message={problem} />
        ) : (
          <Loading what="Reading the incidents" />
        )}
      </div>
    </div>
  );
}

function Lists({ incidents, ...ways }: Omit<ListProps, 'title' | 'none'>) {
  const open = incidents.filter(({ status }) => status !== 'closed');
  const past = incidents.filter(({ status }) => status === 'closed');
  if (incidents.length === 0) return <FirstStart />;
  return (
    <>
      <IncidentList title="Open" incidents={open} none="Nothing is open. Calm is a result too." {...ways} />
      <IncidentList title="Past" incidents={past} none="No incident was closed yet." {...ways} />
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

type ListProps = {
  title: string;
  incidents: Incident[];
  none: string;
  onOpen(id: string): void;
  /** Where the debrief of a drill is read. */
  debriefAddress(id: string): string;
};

function IncidentList({ title, incidents, none, onOpen, debriefAddress }: ListProps) {
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
          {incidents.map((incident) => (
            <li key={incident.id} className="incident-item">
              <IncidentRow incident={incident} onOpen={onOpen} />
              <Debriefed score={scores.get(incident.id)} address={debriefAddress(incident.id)} />
            </li>
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
