import { useMemo } from 'react';
import type { Anomaly } from '../../shared/vocabulary/candidate.ts';
import type { MetricsOverview } from '../../shared/vocabulary/chart.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { useRoom } from '../state/room.ts';
import { useView } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Empty, Failed, Loading } from '../ui/panel-states.tsx';
import { ChartList } from './chart-list.tsx';
import { useChartsView } from './charts-view.ts';
import { MetricsHead } from './metrics-head.tsx';
import { Notices } from './notices.tsx';
import { SignalDialog } from './signal-dialog.tsx';
import { signalsShown } from './signals-shown.ts';
import { useAxis } from './use-axis.ts';
import { useOverview } from './use-overview.ts';
import './metrics.css';

const NONE: Anomaly[] = [];

/** Small charts of every signal, those that left their normal first, on the time axis of the timeline. */
export function MetricsPanel({ incident }: { incident: Incident }) {
  const { read, problem, again } = useOverview(incident);
  return (
    <section className="panel metrics" aria-label="Metrics">
      {read ? (
        <Shown
          incident={incident}
          overview={read.overview}
          version={read.version}
          problem={problem}
          onAgain={again}
        />
      ) : problem ? (
        <Failed title="The metrics could not be read" message={problem} onRetry={again} />
      ) : (
        <Loading what="Reading the metrics" />
      )}
    </section>
  );
}

type ShownProps = {
  incident: Incident;
  overview: MetricsOverview;
  version: number;
  problem: string | null;
  onAgain(): void;
};

function Shown({ incident, overview, version, problem, onAgain }: ShownProps) {
  const anomalies = useRoom((room) => room.candidates?.anomalies ?? NONE) ?? NONE;
  const selected = useView((view) => view.selectedService);
  const { text, onlyOff, expanded, large } = useChartsView();
  const shown = useMemo(() => {
    const open = selected === null ? expanded : new Set([...expanded, selected]);
    return signalsShown(overview.signals, anomalies, { text, onlyOff, expanded: open });
  }, [overview, anomalies, text, onlyOff, expanded, selected]);
  const axis = useAxis(incident, overview.window);
  const enlarged = useMemo(() => {
    if (large === null) return undefined;
    const everything = { text: '', onlyOff: false, expanded };
    return signalsShown(overview.signals, anomalies, everything)
      .rows.flatMap(({ signals }) => signals)
      .find(({ key }) => key === large);
  }, [overview, anomalies, large, expanded]);

  if (overview.signals.length === 0) {
    return (
      <>
        <Notices incident={incident} overview={overview} problem={problem} onAgain={onAgain} />
        <Empty title="No source reports a metric of this incident.">
          <p>
            Charts appear as soon as a connected Prometheus or CloudWatch tells of a service; Settings has the
            connections. Of a drill that has ended nothing is kept.
          </p>
        </Empty>
      </>
    );
  }
  return (
    <>
      <MetricsHead shown={shown} axis={axis} />
      <Notices incident={incident} overview={overview} problem={problem} onAgain={onAgain} />
      {shown.rows.length === 0 ? (
        <Empty
          title={onlyOff ? 'No signal that left its normal fits the filter.' : 'No signal fits the filter.'}
        >
          <Button small onClick={() => useChartsView.setState({ text: '', onlyOff: false })}>
            Show all
          </Button>
        </Empty>
      ) : (
        <ChartList incident={incident} rows={shown.rows} axis={axis} version={version} />
      )}
      {enlarged && <SignalDialog incident={incident} signal={enlarged} axis={axis} version={version} />}
    </>
  );
}
