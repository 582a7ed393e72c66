import { Share2, Table2 } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useRoom } from '../state/room.ts';
import { selectCandidate, useView } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Empty, Loading } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { counted, countOf } from '../ui/words.ts';
import { CandidateList } from './candidate-list.tsx';
import { CorrelationGraph } from './correlation-graph.tsx';
import { CorrelationTable } from './correlation-table.tsx';
import './graph.css';

const selectService = (service: string | null) => selectCandidate(null, service);

/** Which of all the changes is worth reading, and where in the system the trouble is. */
export function CorrelationPanel() {
  const candidates = useRoom((room) => room.candidates) ?? null;
  const topology = useRoom((room) => room.topology);
  const candidate = useView((view) => view.selectedCandidate);
  const service = useView((view) => view.selectedService);
  const [asTable, setAsTable] = useState(false);
  const [all, setAll] = useState(false);
  const onSelect = useCallback(selectService, []);
  if (!topology) return <Loading what="Reading the room" />;
  const selected = topology.services.some(({ id }) => id === service) ? service : null;

  return (
    <section className="panel correlation" aria-label="Correlation">
      <div className="panel-head">
        <p className="correlation-counter">
          {candidates ? (
            <>
              {counted(candidates.changes.length, 'change')} in the window →{' '}
              <strong>{countOf(candidates.worthReading)} worth reading</strong>
            </>
          ) : (
            'Waiting for the first ranking'
          )}
        </p>
        <span className="panel-gap" />
        {candidates?.onsetMs != null && (
          <span className="muted">
            Onset <Time atMs={candidates.onsetMs} />
          </span>
        )}
        <Button
          small
          look="quiet"
          aria-label={asTable ? 'Graph' : 'Table'}
          title={asTable ? 'Show the graph' : 'Show the same as a table'}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? <Share2 size={13} aria-hidden /> : <Table2 size={13} aria-hidden />}
          <span className="correlation-toggle">{asTable ? 'Graph' : 'Table'}</span>
        </Button>
      </div>
      <div className="correlation-view">
        {topology.services.length === 0 ? (
          <Empty title="No service is known yet.">
            <p>
              The graph is drawn from what the sources report; a source that is up fills it within a minute.
            </p>
          </Empty>
        ) : asTable ? (
          <CorrelationTable {...{ topology, candidates, selected, onSelect }} />
        ) : (
          <CorrelationGraph {...{ topology, candidates, selected, onSelect }} />
        )}
      </div>
      <div className="correlation-list">
        {!candidates ? (
          <Empty title="No candidates yet.">
            <p>They are ranked as soon as a metric leaves its normal and changes are in the window.</p>
          </Empty>
        ) : candidates.changes.length === 0 ? (
          <Empty title="No change was recorded in the window.">
            <p>
              The cause may be traffic, a dependency or something that no source reports. Look at the services
              that are off first.
            </p>
          </Empty>
        ) : (
          <CandidateList
            candidates={candidates}
            selected={candidate}
            all={all}
            onSelect={(one) => selectCandidate(one?.id ?? null, one?.service ?? null)}
            onShowAll={setAll}
          />
        )}
      </div>
    </section>
  );
}
