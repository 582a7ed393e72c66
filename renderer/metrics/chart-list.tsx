import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { pointAt } from '../state/time-view.ts';
import { useView } from '../state/view.ts';
import { Group } from '../ui/group.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { Problem } from '../ui/panel-states.tsx';
import type { Axis } from './axis.ts';
import { heightOf, LIST_PADDING, type ListLine, linesOf, PLOT_HEIGHT, spaceIn } from './chart-lines.ts';
import type { ChartMark } from './chart-marks.ts';
import type { ChartWish } from './chart-reader.ts';
import { EARLIER_WORDS, markWords } from './chart-words.ts';
import { toggleService, useChartsView } from './charts-view.ts';
import { keptOf } from './metrics-kept.ts';
import { SignalChart } from './signal-chart.tsx';
import type { ServiceRow } from './signals-shown.ts';
import { readerOf, useCharts } from './use-charts.ts';
import { useMarks } from './use-marks.ts';

type ChartListProps = { incident: Incident; rows: readonly ServiceRow[]; axis: Axis; version: number };

/** The services with their charts; only what is in view is read and drawn. */
export function ChartList({ incident, rows, axis, version }: ChartListProps) {
  const box = useRef<HTMLFieldSetElement>(null);
  const width = useWidth(box);
  const { columns, chartWidth, lineWidth, plotWidth, pixels } = spaceIn(width, rows);
  const lines = useMemo(() => linesOf(rows, columns), [rows, columns]);
  const virtual = useVirtualizer({
    count: width === 0 ? 0 : lines.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => heightOf(lines[index] ?? { kind: 'charts' }),
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 1,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights follow the lines.
  useEffect(() => virtual.measure(), [lines]);

  const items = virtual.getVirtualItems();
  const inView = items.flatMap(({ index }) => {
    const line = lines[index];
    return line?.kind === 'charts' ? line.signals : [];
  });
  const { against, focused } = useChartsView();
  const wish: ChartWish = {
    charts: inView.map(({ source, service, name, labels }) => ({ source, service, name, labels })),
    fromMs: axis.range.fromMs,
    toMs: axis.range.toMs,
    pixels,
    against: null,
    version,
  };
  const kept = useMemo(() => keptOf(incident.id), [incident.id]);
  const now = useCharts(kept.charts, wish);
  // Another day does not change while one looks at it.
  const earlier = useMemo(() => readerOf(incident.id), [incident.id]);
  const then = useCharts(earlier, against === null ? null : { ...wish, against, version: 0 });

  const marksOfService = useMarks();
  const order = useMemo(() => rows.flatMap(({ signals }) => signals.map(({ key }) => key)), [rows]);
  const tabStop = focused !== null && order.includes(focused) ? focused : order[0];
  const move = (from: string, by: 1 | -1) => {
    const next = order[order.indexOf(from) + by];
    if (next === undefined) return;
    const line = lines.findIndex(
      (one) => one.kind === 'charts' && one.signals.some(({ key }) => key === next),
    );
    virtual.scrollToIndex(line, { align: 'auto' });
    useChartsView.setState({ focused: next });
  };
  // The same function at each drawing, so that a chart is drawn anew only for what it shows.
  const newestMove = useRef(move);
  newestMove.current = move;
  const onMove = useCallback<typeof move>((from, by) => newestMove.current(from, by), []);
  // A chart that goes away under the pointer does not tell that the pointer left it.
  useEffect(() => () => pointAt(null), []);
  useSelectedInView(lines, (index) => virtual.scrollToIndex(index, { align: 'start' }));

  return (
    <>
      {now.problem && <Problem>The charts could not be read: {now.problem}</Problem>}
      {against !== null && then.problem && (
        <Problem>
          {EARLIER_WORDS[against]} could not be read: {then.problem}
        </Problem>
      )}
      <Group ref={box} className="chart-list" label="Charts">
        <div className="chart-list-space" style={{ height: virtual.getTotalSize() + LIST_PADDING }}>
          {items.map(({ index, key, start }) => {
            const line = lines[index];
            if (!line) return null;
            const marks = marksOfService(line.row.service);
            return (
              <div
                key={key}
                className="chart-list-line"
                style={
                  {
                    transform: `translateY(${start}px)`,
                    '--columns': columns,
                    '--chart-width': `${chartWidth}px`,
                  } as CSSProperties
                }
              >
                {line.kind === 'service' ? (
                  <ServiceHead row={line.row} marks={marks} />
                ) : (
                  <div className="chart-grid">
                    {line.signals.map((signal) => (
                      <SignalChart
                        key={signal.key}
                        signal={signal}
                        chart={now.chartOf(signal.key)}
                        ghost={then.chartOf(signal.key)}
                        axis={axis}
                        marks={marks}
                        realm={incident.realm}
                        height={PLOT_HEIGHT}
                        isSmall
                        isTabStop={signal.key === tabStop}
                        pixels={plotWidth}
                        width={lineWidth}
                        plots={kept.plots}
                        onMove={onMove}
                      />
                    ))}
                  </div>
                )}
              </div>
            );
          })}
        </div>
      </Group>
    </>
  );
}

function ServiceHead({ row, marks }: { row: ServiceRow; marks: readonly ChartMark[] }) {
  const { service, off, hidden } = row;
  const isExpanded = useChartsView(({ expanded }) => expanded.has(service));
  const name = inertLine(service);
  return (
    <div className="service-head">
      <h2 title={name}>{name}</h2>
      {off > 0 && <span className="service-off">{off} off</span>}
      {(hidden > 0 || isExpanded) && (
        <button
          type="button"
          className="link"
          aria-expanded={isExpanded}
          onClick={() => toggleService(service)}
        >
          {isExpanded ? 'Fewer' : `${hidden} more`}
          <span className="visually-hidden"> of {name}</span>
        </button>
      )}
      {marks.length > 0 && (
        <ul className="visually-hidden" aria-label={`Changes and actions on the charts of ${name}`}>
          {marks.slice(0, MOST_TOLD).map((mark) => (
            <li key={mark.key}>{markWords(mark)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** A list that is read out must end; the timeline has them all. */
const MOST_TOLD = 20;

/** A service that was chosen in the graph comes into view. */
function useSelectedInView(lines: readonly ListLine[], scrollTo: (index: number) => void): void {
  const selected = useView((view) => view.selectedService);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another choice scrolls, not new samples.
  useEffect(() => {
    const index = lines.findIndex((line) => line.kind === 'service' && line.row.service === selected);
    if (selected !== null && index >= 0) scrollTo(index);
  }, [selected, lines.length > 0]);
}

function useWidth(box: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  // Before anything is painted: what is held already is seen in the first picture.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
