import { type SeriesRef, type SilentSource, seriesKey } from '../../../shared/vocabulary/chart.ts';
import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';

/** What one source gave when it was last asked, or why it gave nothing. */
export type SourceAnswer = { id: string; name: string } & (
  | { ok: true; series: readonly MetricSeries[] }
  | { ok: false; sentence: string }
);

/** What one source gave last, when that was, and since when it is silent. */
export type HeldSource = {
  id: string;
  name: string;
  series: readonly MetricSeries[];
  readMs: number | null;
  silent: Omit<SilentSource, 'name'> | null;
};

/** What is held of an incident after its sources were asked again: one that failed keeps what it gave before. */
export function heldAfter(
  before: readonly HeldSource[],
  answers: readonly SourceAnswer[],
  nowMs: number,
): HeldSource[] {
  return answers.map((answer) => {
    const { id, name } = answer;
    if (answer.ok) return { id, name, series: answer.series, readMs: nowMs, silent: null };
    const known = before.find((one) => one.id === id);
    return {
      id,
      name,
      series: known?.series ?? [],
      readMs: known?.readMs ?? null,
      silent: { sentence: answer.sentence, sinceMs: known?.silent?.sinceMs ?? nowMs },
    };
  });
}

const known = new WeakMap<readonly HeldSource[], ReadonlyMap<string, MetricSeries>>();

/** The series of all sources by their key; worked out once for what is held. */
export function seriesByKey(held: readonly HeldSource[]): ReadonlyMap<string, MetricSeries> {
  const found =
    known.get(held) ??
    new Map(held.flatMap(({ id, series }) => series.map((one) => [seriesKey(refOf(id, one)), one])));
  known.set(held, found);
  return found;
}

export const refOf = (source: string, { service, name, labels }: MetricSeries): SeriesRef => ({
  source,
  service,
  name,
  labels,
});
