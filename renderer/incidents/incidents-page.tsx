import { FileSearch, FlaskConical, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { useCauses } from '../state/causes.ts';
import { useHost } from '../state/host.ts';
import { readEverything } from '../state/read-everything.ts';
import { openDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Failed, Loading } from '../ui/panel-states.tsx';
import { Backlog } from './backlog.tsx';
import { FirstStart } from './first-start.tsx';
import { ANY, isLike } from './incident-filter.ts';
import { IncidentFilters } from './incident-filters.tsx';
import { IncidentList, type ListProps } from './incident-list.tsx';
import './incidents.css';

type Ways = Pick<ListProps, 'onOpen' | 'debriefAddress'> & { onConnect(): void };

/** Home: what is being worked, what waits for a human, what was, and the ways to start. */
export function IncidentsPage({ onConnect, ...ways }: Ways) {
  const incidents = useHost((host) => host.incidents);
  const problem = useHost((host) => host.problem);
  const isFirst = incidents?.length === 0;
  return (
    <div className="page">
      <div className="page-inner">
        <div className="page-head">
          <h1 className="page-title">Incidents</h1>
          <span className="panel-gap" />
          {!isFirst && (
            <Button onClick={() => openDialog('case')}>
              <FileSearch size={15} aria-hidden />
              Open a case file
            </Button>
          )}
          <Button onClick={() => openDialog('incident')}>
            <Plus size={15} aria-hidden />
            New incident
          </Button>
          {!isFirst && (
            <Button look="primary" onClick={() => openDialog('drill')}>
              <FlaskConical size={15} aria-hidden />
              Run a drill
            </Button>
          )}
        </div>
        {isFirst ? (
          <FirstStart onConnect={onConnect} />
        ) : incidents ? (
          <Lists incidents={incidents} {...ways} />
        ) : problem ? (
          <Failed
            title="The incidents could not be read"
            message={problem}
            onRetry={() => void readEverything()}
          />
        ) : (
          <Loading what="Reading the incidents" />
        )}
      </div>
    </div>
  );
}

function Lists({ incidents, ...ways }: { incidents: Incident[] } & Omit<Ways, 'onConnect'>) {
  const [filter, setFilter] = useState(ANY);
  const causes = useCauses();
  const found = incidents.filter((incident) => isLike(filter, incident, causes.get(incident.id)));
  const open = found.filter(({ status }) => status !== 'closed');
  const past = found.filter(({ status }) => status === 'closed');
  const isFiltered = filter !== ANY;
  return (
    <>
      <Backlog onOpen={ways.onOpen} />
      <IncidentFilters
        filter={filter}
        onChange={setFilter}
        found={found.length}
        of={incidents.length}
        isFiltered={isFiltered}
      />
      <IncidentList
        title="Open"
        incidents={open}
        causes={causes}
        none={isFiltered ? 'None that is open is like that.' : 'Nothing is open. Calm is a result too.'}
        {...ways}
      />
      <IncidentList
        title="Past"
        incidents={past}
        causes={causes}
        none={isFiltered ? 'None that is closed is like that.' : 'No incident was closed yet.'}
        {...ways}
      />
    </>
  );
}
