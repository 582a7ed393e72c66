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

const LEAST_WIDTH = 160;
export const CHART_GAP = 8;
const MOST_COLUMNS = 6;

/** How many charts stand beside each other, and how wide each is. */
export function columnsIn(width: number): { columns: number; chartWidth: number } {
  const fitting = Math.floor((width + CHART_GAP) / (LEAST_WIDTH + CHART_GAP));
  const columns = Math.min(MOST_COLUMNS, Math.max(1, fitting));
  return { columns, chartWidth: (width - (columns - 1) * CHART_GAP) / columns };
}
