import { useEffect, useMemo, useState } from 'react';
import type { Chart } from '../../shared/vocabulary/chart.ts';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { call } from '../state/call.ts';
import { seekEvent } from '../state/view.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Copyable } from '../ui/copyable.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Group } from '../ui/group.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { countOf, measured } from '../ui/words.ts';
import type { Axis } from './axis.ts';
import { sampleAt, samplesOf } from './chart-line.ts';
import type { ChartMark } from './chart-marks.ts';
import type { ChartWish } from './chart-reader.ts';
import { chartSentence, markWords } from './chart-words.ts';
import { useChartsView } from './charts-view.ts';
import { SignalChart } from './signal-chart.tsx';
import { cohortOf, type ShownSignal } from './signals-shown.ts';
import { readerOf, useCharts } from './use-charts.ts';
import { useMarks } from './use-marks.ts';

const PIXELS = 700;
const HEIGHT = 260;
/** A table is read from its top; more lines than these are a matter for a shorter window. */
const MOST_ROWS = 200;

type SignalDialogProps = { incident: Incident; signal: ShownSignal; axis: Axis; version: number };

/** One chart large, with its values as a table, what is marked in it, and ways to take it elsewhere. */
export function SignalDialog({ incident, signal, axis, version }: SignalDialogProps) {
  const against = useChartsView((view) => view.against);
  const { source, service, name, labels, key } = signal;
  const wish: ChartWish = {
    charts: [{ source, service, name, labels }],
    fromMs: axis.range.fromMs,
    toMs: axis.range.toMs,
    pixels: PIXELS,
    against: null,
    version,
  };
  const [nows, thens] = useMemo(() => [readerOf(incident.id), readerOf(incident.id)], [incident.id]);
  const now = useCharts(nows, wish);
  const then = useCharts(thens, against === null ? null : { ...wish, against, version: 0 });
  const marks = useMarks()(service).filter(
    ({ atMs }) => atMs >= axis.range.fromMs && atMs <= axis.range.toMs,
  );
  const chart = now.chartOf(key);
  const close = () => useChartsView.setState({ large: null });
  const cohort = cohortOf(signal);
  return (
    <Dialog
      wide
      title={inertLine(`${name} of ${service}${cohort === '' ? '' : ` (${cohort})`}`)}
      about={inertLine(chartSentence(signal, chart))}
      onClose={close}
    >
      {now.problem && <Problem>The chart could not be read: {now.problem}</Problem>}
      <SignalChart
        signal={signal}
        chart={chart}
        ghost={then.chartOf(key)}
        axis={axis}
        marks={marks}
        realm={incident.realm}
        height={HEIGHT}
        isSmall={false}
        isTabStop
        pixels={PIXELS}
      />
      <div className="signal-ways">
        <CopyButton text={linkTo(incident.id, key)}>Copy link</CopyButton>
        <Expression incident={incident} signal={signal} />
      </div>
      <Marks marks={marks} onShow={close} />
      {chart?.points && <Values chart={chart} ghost={then.chartOf(key)} unit={signal.unit} />}
    </Dialog>
  );
}

const linkTo = (incident: string, key: string): string =>
  `${location.origin}${location.pathname}#/room/${encodeURIComponent(incident)}/signal/${encodeURIComponent(key)}`;

/** The series as its source writes it, for a console of one's own. */
function Expression({ incident, signal }: { incident: Incident; signal: ShownSignal }) {
  const [found, setFound] = useState<string | null>(null);
  const [said, setSaid] = useState('Reading how the source writes it');
  const { source, service, name, labels, key } = signal;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for all that names a series.
  useEffect(() => {
    let stale = false;
    call('metrics.expression', { incident: incident.id, series: { source, service, name, labels } }).then(
      ({ expression }) => {
        if (stale) return;
        setFound(expression);
        setSaid('This source has no PromQL for it.');
      },
      () => {
        if (!stale) setSaid('The source did not tell its PromQL.');
      },
    );
    return () => {
      stale = true;
    };
  }, [incident.id, key]);
  return found === null ? <p className="muted">{said}</p> : <Copyable text={found} label="Copy as PromQL" />;
}

function Marks({ marks, onShow }: { marks: readonly ChartMark[]; onShow(): void }) {
  if (marks.length === 0) return null;
  return (
    <section aria-label="Changes and actions in this window">
      <h3 className="signal-part">Changes and actions in this window</h3>
      <ul className="signal-marks">
        {marks.map((mark) => (
          <li key={mark.key}>
            <button
              type="button"
              className="link"
              onClick={() => {
                onShow();
                seekEvent(mark.key);
              }}
            >
              {markWords(mark)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Values({ chart, ghost, unit }: { chart: Chart; ghost: Chart | undefined; unit: string }) {
  const samples = chart.points ? samplesOf(chart.points).reverse() : [];
  const { normal } = chart;
  const isOff = (value: number) => normal !== null && (value < normal.low || value > normal.high);
  const least = samples.length > MOST_ROWS;
  return (
    <>
      <h3 className="signal-part">Values</h3>
      {least && (
        <p className="muted">
          The newest {MOST_ROWS} of {countOf(samples.length)}; a shorter window shows the others.
        </p>
      )}
      <Group className="signal-values" label="Values" tabIndex={0}>
        <table>
          <caption className="visually-hidden">Values, newest first</caption>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Value</th>
              {ghost && <th scope="col">Then</th>}
              <th scope="col">Normal</th>
            </tr>
          </thead>
          <tbody>
            {samples.slice(0, MOST_ROWS).map(({ atMs, value }) => (
              <tr key={atMs} data-off={isOff(value) || undefined}>
                <th scope="row">
                  <Time atMs={atMs} />
                </th>
                <td>{measured(value, unit)}</td>
                {ghost && <td>{measured(sampleAt(ghost.points, atMs)?.value ?? null, unit)}</td>}
                <td>{normal === null ? '' : isOff(value) ? 'outside' : 'within'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Group>
    </>
  );
}
