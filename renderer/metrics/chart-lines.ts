import { AXIS_WIDTH, RIGHT_GAP } from '../ui/plot-options.ts';
import type { ServiceRow, ShownSignal } from './signals-shown.ts';

/** One line of the list: the head of a service, or as many of its charts as stand beside each other. */
export type ListLine =
  | { kind: 'service'; key: string; row: ServiceRow }
  | { kind: 'charts'; key: string; row: ServiceRow; signals: ShownSignal[] };

export const linesOf = (rows: readonly ServiceRow[], columns: number): ListLine[] =>
  rows.flatMap((row): ListLine[] => [
    { kind: 'service', key: `service ${row.service}`, row },
    ...Array.from({ length: Math.ceil(row.signals.length / columns) }, (_, line): ListLine => {
      const signals = row.signals.slice(line * columns, (line + 1) * columns);
      return { kind: 'charts', key: `charts ${signals[0]?.key}`, row, signals };
    }),
  ]);

/** Below the one the names of signals are cut short, above the other a chart says no more. */
const LEAST_WIDTH = 190;
const MOST_WIDTH = 380;
export const CHART_GAP = 8;
const MOST_COLUMNS = 6;

/** How many charts of a service stand beside each other in so many pixels, and how wide each is. */
export function columnsIn(
  width: number,
  rows: readonly Pick<ServiceRow, 'signals'>[],
): { columns: number; chartWidth: number } {
  const fitting = Math.max(1, Math.floor((width + CHART_GAP) / (LEAST_WIDTH + CHART_GAP)));
  const most = rows.reduce((so, { signals }) => Math.max(so, signals.length), 1);
  const columns = Math.min(MOST_COLUMNS, fitting, most);
  return { columns, chartWidth: Math.min(MOST_WIDTH, (width - (columns - 1) * CHART_GAP) / columns) };
}

export const LIST_PADDING = 12;
export const HEAD_HEIGHT = 34;
export const CHART_HEIGHT = 162;
/** Of a small plot, without the strip above it. */
export const PLOT_HEIGHT = 88;
/** What the frame of a chart takes of its width. */
const CHART_FRAME = 12;
/** Charts are asked for in steps of so many pixels, so that a window that is being widened is not read at every one. */
const PIXEL_STEP = 25;

export const heightOf = ({ kind }: Pick<ListLine, 'kind'>): number =>
  kind === 'service' ? HEAD_HEIGHT : CHART_HEIGHT + CHART_GAP;

/** Of the list, with the room below its last line. */
export const heightOfAll = (lines: readonly ListLine[]): number =>
  lines.reduce((sum, line) => sum + heightOf(line), LIST_PADDING);

/**
 * How the charts stand in a list so wide, how wide the plot of each is with its axis and without, and for how many pixels it
 * is asked for.
 */
export function spaceIn(listWidth: number, rows: readonly Pick<ServiceRow, 'signals'>[]) {
  const { columns, chartWidth } = columnsIn(Math.max(0, listWidth - 2 * LIST_PADDING), rows);
  const plotWidth = chartWidth - CHART_FRAME - AXIS_WIDTH.small - RIGHT_GAP;
  const pixels = Math.max(2 * PIXEL_STEP, Math.round(plotWidth / PIXEL_STEP) * PIXEL_STEP);
  return { columns, chartWidth, lineWidth: Math.round(chartWidth - CHART_FRAME), plotWidth, pixels };
}

/** The signals of the lines that the first so many pixels of a list hold. */
export function signalsWithin(lines: readonly ListLine[], height: number): ShownSignal[] {
  const signals: ShownSignal[] = [];
  let top = 0;
  for (const line of lines) {
    if (top >= height) break;
    if (line.kind === 'charts') signals.push(...line.signals);
    top += heightOf(line);
  }
  return signals;
}
