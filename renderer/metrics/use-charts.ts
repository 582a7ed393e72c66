import { useEffect, useReducer, useState } from 'react';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import { call, messageOf } from '../state/call.ts';
import { type ChartReader, type ChartWish, chartReader } from './chart-reader.ts';

/** Reads the charts of an incident. */
export const readerOf = (incident: IncidentId): ChartReader =>
  chartReader((wanted) => call('metrics.charts', { incident, wanted }));

/** Charts of an incident, read as they come into view. */
export function useCharts(reader: ChartReader, wish: ChartWish | null) {
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    const leave = reader.listen((error) => {
      setProblem(error === null ? null : messageOf(error));
      drawAgain();
    });
    return () => {
      leave();
      reader.want(null);
    };
  }, [reader]);

  const key = wish === null ? null : JSON.stringify(wish);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a wish is new when its content is.
  useEffect(() => {
    if (wish !== null) reader.want(wish);
  }, [key, reader]);

  return {
    chartOf: (series: string) => (wish === null ? undefined : reader.chartOf(series)),
    problem: wish === null ? null : problem,
    again: () => reader.again(),
  };
}
