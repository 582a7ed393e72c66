import { type KeyboardEvent, memo, useEffect, useMemo, useRef } from 'react';
import type { Chart } from '../../shared/vocabulary/chart.ts';
import type { Realm } from '../../shared/vocabulary/ids.ts';
import { useClock } from '../state/now.ts';
import { pointAt, showSpan, useTimeView } from '../state/time-view.ts';
import { seekEvent } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { LineChart } from '../ui/line-chart.tsx';
import type { LivePlot } from '../ui/live-plot.ts';
import type { Stretch } from '../ui/plot-options.ts';
import type { PlotShelf } from '../ui/plot-shelf.ts';
import { measured, timeOfDay } from '../ui/words.ts';
import type { Axis } from './axis.ts';
import { EnlargeIcon } from './chart-icons.tsx';
import { chartKey, spanDragged } from './chart-keys.ts';
import { sampleAt } from './chart-line.ts';
import type { ChartMark } from './chart-marks.ts';
import { groupsIn, shownOf } from './chart-plot.ts';
import { ageWords, chartSentence, isOld, markWords, normalWords } from './chart-words.ts';
import { useChartsView } from './charts-view.ts';
import { sharedCursor } from './shared-cursor.ts';
import { cohortOf, type ShownSignal } from './signals-shown.ts';

type SignalChartProps = {
  signal: ShownSignal;
  chart: Chart | undefined;
  ghost: Chart | undefined;
  axis: Axis;
  marks: readonly ChartMark[];
  realm: Realm;
  height: number;
  isSmall: boolean;
  /** Reached with the Tab key; the others with the arrows. */
  isTabStop: boolean;
  /** How wide the plot is, in pixels. */
  pixels: number;
  /** How wide it is with its axis, where that is known beforehand. */
  width?: number;
  /** Where its plot may stand ready. */
  plots?: PlotShelf<LivePlot>;
  onMove?(from: string, by: 1 | -1): void;
};

/** One signal: what it is now, what is normal, its course with what was changed and done, and the shared cursor. */
export const SignalChart = memo(function SignalChart(props: SignalChartProps) {
  const { signal, chart, ghost, axis, marks, height, isSmall, isTabStop, pixels } = props;
  const { range, extent } = axis;
  const { width, plots } = props;
  const sentence = useMemo(() => inertLine(chartSentence(signal, chart)), [signal, chart]);
  const slider = useRef<HTMLDivElement>(null);
  const hasFocus = useChartsView(({ focused }) => focused === signal.key);
  const span = useTimeView((view) => view.span);
  const groups = useMemo(() => groupsIn(marks, axis, pixels), [marks, axis, pixels]);
  const { key, unit, stepMs, anomaly } = signal;

  // Moved here with the keys from another chart; this one may be drawn only now.
  const isDrawn = chart !== undefined;
  useEffect(() => {
    if (isDrawn && hasFocus && isSmall && slider.current !== document.activeElement)
      slider.current?.focus({ preventScroll: true });
  }, [isDrawn, hasFocus, isSmall]);

  // The cursor moves sixty times a second; the drawing follows it by itself.
  const drawing = useMemo(() => {
    if (!chart) return null;
    return (
      <LineChart
        {...shownOf({ signal: { unit, anomaly }, chart, ghost, axis, groups, height, isSmall })}
        {...(width === undefined ? {} : { width })}
        {...(plots ? { kept: { shelf: plots, key } } : {})}
        cursor={sharedCursor}
        onZoom={(stretch) => showSpan(spanDragged(stretch, extent))}
        onBadge={(at) => {
          const first = groups[at]?.[0];
          if (first) seekEvent(first.key);
        }}
      />
    );
  }, [chart, ghost, axis, extent, groups, height, width, plots, key, unit, anomaly, isSmall]);

  const onKeyDown = (press: KeyboardEvent) => {
    if (press.ctrlKey || press.metaKey || press.altKey) return;
    const done = chartKey({
      key: press.key,
      shift: press.shiftKey,
      pointedMs: useTimeView.getState().pointed?.atMs ?? null,
      span,
      extent,
      stepMs,
      marksMs: groups.flatMap(([first]) => first?.atMs ?? []),
    });
    if (done === null || (done.do === 'move' && !props.onMove) || (done.do === 'enlarge' && !isSmall)) return;
    press.preventDefault();
    press.stopPropagation();
    switch (done.do) {
      case 'point':
        return sharedCursor.move(done.atMs);
      case 'show':
        return showSpan(done.span);
      case 'move':
        return props.onMove?.(signal.key, done.by);
      case 'enlarge':
        return useChartsView.setState({ large: signal.key });
      case 'leave':
        return pointAt(null);
      default:
        return done satisfies never;
    }
  };

  return (
    <figure className="signal" data-off={anomaly !== null || undefined}>
      {isSmall && <Caption signal={signal} />}
      <Readout signal={signal} chart={chart} ghost={ghost} realm={props.realm} />
      {/* Drawn once, with its samples, rather than empty first. */}
      {chart && (
        <Slider
          signal={signal}
          sentence={sentence}
          chart={chart}
          range={range}
          marks={groups}
          isTabStop={isTabStop}
          own={slider}
          onKeyDown={onKeyDown}
        >
          {drawing}
        </Slider>
      )}
      {chart && (chart.points === null || chart.points.places.length === 0) && (
        <p className="signal-none">No sample in this window</p>
      )}
    </figure>
  );
});

function Caption({ signal }: { signal: ShownSignal }) {
  const { service, name, key } = signal;
  const cohort = cohortOf(signal);
  return (
    <figcaption className="signal-caption" title={inertLine(`${name} ${cohort}`.trim())}>
      <span className="signal-name">{inertLine(name)}</span>
      {cohort !== '' && <span className="signal-cohort">{inertLine(cohort)}</span>}
      <Button
        look="quiet"
        small
        className="signal-enlarge"
        tabIndex={-1}
        aria-label={inertLine(`Enlarge ${name} of ${service}`)}
        onClick={() => useChartsView.setState({ large: key })}
      >
        <EnlargeIcon />
      </Button>
    </figcaption>
  );
}

type ReadoutProps = Pick<SignalChartProps, 'signal' | 'chart' | 'ghost' | 'realm'>;

/** The newest value with its age, or the one under the cursor. */
function Readout({ signal, chart, ghost, realm }: ReadoutProps) {
  const pointedMs = useTimeView(({ pointed }) => pointed?.atMs ?? null);
  const { unit, anomaly } = signal;
  if (pointedMs !== null) {
    const then = ghost && sampleAt(ghost.points, pointedMs);
    return (
      <p className="signal-readout">
        <strong>{measured(sampleAt(chart?.points, pointedMs)?.value ?? null, unit)}</strong>
        {then && <span className="muted">then {measured(then.value, unit)}</span>}
        <span className="muted">at {timeOfDay(pointedMs)}</span>
      </p>
    );
  }
  const band = chart?.normal ?? null;
  const { value } = signal.latest ?? { value: null };
  const isBack = band !== null && value !== null && value >= band.low && value <= band.high;
  return (
    <p className="signal-readout">
      <strong>
        {anomaly && !isBack && (anomaly.direction === 'up' ? '↑ ' : '↓ ')}
        {measured(value, unit)}
      </strong>
      <Age signal={signal} realm={realm} />
      <span className="muted signal-normal">{normalWords(band, unit)}</span>
    </p>
  );
}

function Age({ signal: { latest, stepMs }, realm }: Pick<SignalChartProps, 'signal' | 'realm'>) {
  const nowMs = useClock(realm);
  if (!latest) return null;
  const old = isOld(latest, stepMs, nowMs);
  return (
    <span className={old ? 'signal-old' : 'muted'}>
      {old ? `no sample for ${ageWords(latest, nowMs).replace(/ ago$/, '')}` : ageWords(latest, nowMs)}
    </span>
  );
}

type SliderProps = {
  signal: ShownSignal;
  sentence: string;
  chart: Chart | undefined;
  range: Stretch;
  marks: readonly (readonly ChartMark[])[];
  isTabStop: boolean;
  own: React.RefObject<HTMLDivElement | null>;
  onKeyDown(press: KeyboardEvent): void;
  children: React.ReactNode;
};

/** The chart as something that has a place in time: its name says what it shows, its value what is under the cursor. */
function Slider({ signal, sentence, chart, range, marks, isTabStop, own, onKeyDown, children }: SliderProps) {
  const pointedMs = useTimeView(({ pointed }) => pointed?.atMs ?? null);
  const atMs = Math.min(range.toMs, Math.max(range.fromMs, pointedMs ?? range.toMs));
  const at = sampleAt(chart?.points, atMs);
  const under = marks.flat().filter((mark) => mark.atMs === pointedMs);
  const words = [`${timeOfDay(atMs)}: ${measured(at?.value ?? null, signal.unit)}`, ...under.map(markWords)];
  return (
    <div
      ref={own}
      className="signal-plot"
      role="slider"
      tabIndex={isTabStop ? 0 : -1}
      aria-label={sentence}
      aria-keyshortcuts="Enter + - 0 PageUp PageDown"
      aria-valuemin={range.fromMs}
      aria-valuemax={range.toMs}
      aria-valuenow={atMs}
      aria-valuetext={words.join('. ')}
      onFocus={() => useChartsView.setState({ focused: signal.key })}
      onBlur={({ relatedTarget }) => {
        if (useChartsView.getState().focused === signal.key) useChartsView.setState({ focused: null });
        // The next chart goes on where this one was.
        if (!relatedTarget?.closest('.signal-plot')) pointAt(null);
      }}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>
  );
}
