import { Share2, Table2 } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import type { ChangeCandidate } from '../../shared/vocabulary/candidate.ts';
import { useHost } from '../state/host.ts';
import { useRoom } from '../state/room.ts';
import { selectCandidate, useView } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Empty, Loading } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { counted, countOf } from '../ui/words.ts';
import { CandidateList } from './candidate-list.tsx';
import { type Compared, Comparison } from './comparison.tsx';
import { CorrelationGraph } from './correlation-graph.tsx';
import { CorrelationTable } from './correlation-table.tsx';
import { shownPart } from './shown-part.ts';
import { SpreadLine } from './spread-line.tsx';
import './graph.css';

const selectService = (service: string | null) => selectCandidate(null, service);

/** Which of all the changes is worth reading, and where in the system the trouble is. */
export function CorrelationPanel() {
  const incident = useRoom((room) => room.incident.id);
  const candidates = useRoom((room) => room.candidates) ?? null;
  const topology = useRoom((room) => room.topology);
  const hasSources = useHost(({ status }) => status !== null && status.sources.length > 0);
  const candidate = useView((view) => view.selectedCandidate);
  const service = useView((view) => view.selectedService);
  const [asTable, setAsTable] = useState(false);
  const [wholeGraph, setWholeGraph] = useState(false);
  const [all, setAll] = useState(false);
  const [compared, setCompared] = useState<Compared | null>(null);
  const onSelect = useCallback(selectService, []);
  const selected = topology?.services.some(({ id }) => id === service) ? service : null;
  const part = useMemo(
    () => (topology ? shownPart(topology, candidates, selected) : null),
    [topology, candidates, selected],
  );
  if (!topology || !part) return <Loading what="Reading the room" />;
  const shown = wholeGraph ? topology : part;
  const count = topology.services.length;
  const chosen = candidates?.changes.find(({ id }) => id === candidate) ?? null;

  return (
    <section className="panel correlation" aria-label="Correlation">
      <div className="panel-head">
        <p className="correlation-counter">
          {candidates ? (
            <>
              {counted(candidates.changes.length, 'change')}
              <span className="correlation-window"> in the window</span> →{' '}
              <strong>
                {candidates.unmeasured
                  ? `not measured: ${candidates.unmeasured.join(', ')} did not answer`
                  : `${countOf(candidates.worthReading)} worth reading`}
              </strong>
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
        {count === 0 ? (
          <Empty title="No service is known yet.">
            {hasSources ? (
              <p>
                The graph is drawn from what the sources report; a source that is up fills it within a minute.
              </p>
            ) : (
              <p>
                The graph is drawn from what the sources report, and none is connected.{' '}
                <a href="#/settings">Connect a system</a>
              </p>
            )}
          </Empty>
        ) : asTable ? (
          <CorrelationTable {...{ topology, candidates, selected, onSelect }} />
        ) : (
          <div className="graph-frame">
            <CorrelationGraph
              key={wholeGraph ? 'all' : 'part'}
              picture={`${incident}/${wholeGraph ? 'all' : 'part'}`}
              {...{ topology: shown, candidates, selected, onSelect }}
            />
            {part.services.length < count && (
              <div className="graph-part">
                <span>
                  {wholeGraph ? `All ${countOf(count)}` : `${part.services.length} of ${countOf(count)}`}{' '}
                  services
                </span>
                <Button small look="quiet" onClick={() => setWholeGraph(!wholeGraph)}>
                  {wholeGraph ? 'Only the trouble' : `Show all ${countOf(count)} services`}
                </Button>
              </div>
            )}
          </div>
        )}
        {candidates && selected !== null && (
          <SpreadLine topology={topology} candidates={candidates} service={selected} change={chosen} />
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
        ) : compared ? (
          <Comparison
            candidates={candidates}
            compared={compared}
            onCompare={setCompared}
            onClose={() => setCompared(null)}
          />
        ) : (
          <CandidateList
            candidates={candidates}
            selected={candidate}
            all={all}
            onSelect={(one) => selectCandidate(one?.id ?? null, one?.service ?? null)}
            onShowAll={setAll}
            onCompare={(one) => setCompared([one.id, rivalOf(one, candidates.changes)])}
          />
        )}
      </div>
    </section>
  );
}

/** The best of the others. */
const rivalOf = ({ id }: ChangeCandidate, changes: readonly ChangeCandidate[]): string =>
  changes.find((one) => one.id !== id)?.id ?? id;
