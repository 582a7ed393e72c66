import { useEffect, useRef } from 'react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { AnalystPanel } from '../analyst/analyst-panel.tsx';
import { EscalationsPanel } from '../escalations/escalations-panel.tsx';
import { CorrelationPanel } from '../graph/correlation-panel.tsx';
import { HypothesesPanel } from '../hypotheses/hypotheses-panel.tsx';
import { MemoryPanel } from '../memory/memory-panel.tsx';
import { ChartIcons } from '../metrics/chart-icons.tsx';
import { MetricsPanel } from '../metrics/metrics-panel.tsx';
import { useMetricsAhead } from '../metrics/use-metrics-ahead.ts';
import { usePlotsAhead } from '../metrics/use-plots-ahead.ts';
import { ProposalsPanel } from '../proposals/proposals-panel.tsx';
import { enterRoom, useRoomState } from '../state/room.ts';
import { type Column, type EvidenceTab, showColumn, showTab, useView } from '../state/view.ts';
import { TimelinePanel } from '../timeline/timeline-panel.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { Failed, Loading } from '../ui/panel-states.tsx';
import { Tabs } from '../ui/tabs.tsx';

const TABS: readonly { value: EvidenceTab; label: string }[] = [
  { value: 'correlation', label: 'Correlation' },
  { value: 'metrics', label: 'Metrics' },
  { value: 'analyst', label: 'Analyst' },
  { value: 'memory', label: 'Memory' },
];

const COLUMNS: readonly { column: Column; label: string }[] = [
  { column: 'timeline', label: 'Timeline' },
  { column: 'evidence', label: 'Evidence' },
  { column: 'command', label: 'Command' },
];

/** Each place has one heading, also while it has nothing else. */
const HEADING = <h1 className="visually-hidden">Room</h1>;

/** One incident on one screen: what happened, what it means, what may be done. */
export function RoomPage({ incident }: { incident: Incident }) {
  const state = useRoomState((store) => store.state);
  const column = useView((view) => view.column);
  const tab = useView((view) => view.evidenceTab);
  const evidence = useRef<HTMLDivElement>(null);
  const isReady = state.phase === 'ready' && state.id === incident.id;
  useMetricsAhead({
    incident,
    version: isReady ? state.room.metricsVersion : 0,
    isShown: !isReady || tab === 'metrics',
    column: evidence,
  });
  usePlotsAhead({ incident: incident.id, isShown: !isReady || tab === 'metrics', column: evidence });
  useEffect(() => void enterRoom(incident.id), [incident.id]);

  if (state.phase === 'failed' && state.id === incident.id) {
    return (
      <>
        {HEADING}
        <Failed
          title="The room could not be read"
          message={`Nothing on record is lost. ${state.message}`}
          onRetry={() => void enterRoom(incident.id)}
        />
      </>
    );
  }
  if (!isReady) {
    return (
      <>
        {HEADING}
        <Loading what="Reading the room" />
      </>
    );
  }
  return (
    <div className="room" data-column={column}>
      {HEADING}
      <ChartIcons />
      <nav className="room-columns" aria-label="Columns">
        {COLUMNS.map((one) => (
          <button
            key={one.column}
            type="button"
            className="tab"
            data-state={one.column === column ? 'active' : undefined}
            aria-pressed={one.column === column}
            onClick={() => showColumn(one.column)}
          >
            {one.label}
          </button>
        ))}
      </nav>
      <div className="room-column room-timeline">
        <ErrorBoundary what="The timeline">
          <TimelinePanel incident={incident} />
        </ErrorBoundary>
      </div>
      <div className="room-column room-evidence" ref={evidence}>
        <Tabs
          label="Evidence"
          value={tab}
          tabs={TABS}
          onChange={showTab}
          content={{
            correlation: (
              <ErrorBoundary what="The correlation">
                <CorrelationPanel />
              </ErrorBoundary>
            ),
            metrics: (
              <ErrorBoundary what="The metrics">
                <MetricsPanel incident={incident} />
              </ErrorBoundary>
            ),
            analyst: (
              <ErrorBoundary what="The analyst">
                <AnalystPanel incident={incident} />
              </ErrorBoundary>
            ),
            memory: (
              <ErrorBoundary what="The memory">
                <MemoryPanel incident={incident} />
              </ErrorBoundary>
            ),
          }}
        />
      </div>
      <div className="room-column room-command">
        <ErrorBoundary what="The hypotheses">
          <HypothesesPanel incident={incident} />
        </ErrorBoundary>
        <ErrorBoundary what="The proposals">
          <ProposalsPanel />
        </ErrorBoundary>
        <ErrorBoundary what="The escalations">
          <EscalationsPanel />
        </ErrorBoundary>
      </div>
    </div>
  );
}
