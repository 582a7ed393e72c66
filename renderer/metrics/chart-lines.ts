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
