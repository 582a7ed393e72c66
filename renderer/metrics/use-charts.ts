import { useEffect, useReducer, useRef, useState } from 'react';
import type { IncidentId } from '../../shared/vocabulary/ids.ts';
import { call, messageOf } from '../state/call.ts';
import { type ChartReader, type ChartWish, chartReader } from './chart-reader.ts';

/** Charts of an incident, read as they come into view. */
export function useCharts(incident: IncidentId, wish: ChartWish | null) {
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  const [problem, setProblem] = useState<string | null>(null);
  const reader = useRef<ChartReader | null>(null);

  useEffect(() => {
    const own = chartReader(
      (wanted) => call('metrics.charts', { incident, wanted }),
      (error) => {
        setProblem(error === null ? null : messageOf(error));
        drawAgain();
      },
    );
    reader.current = own;
    return () => own.end();
  }, [incident]);

  const key = wish === null ? null : JSON.stringify(wish);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a wish is new when its content is.
  useEffect(() => {
    if (wish !== null) reader.current?.want(wish);
  }, [key, incident]);

  return {
    chartOf: (series: string) => (wish === null ? undefined : reader.current?.chartOf(series)),
    problem: wish === null ? null : problem,
    again: () => reader.current?.again(),
  };
}
