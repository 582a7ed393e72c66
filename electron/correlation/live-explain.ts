import type { CaseFile, CaseMetric } from '../../shared/formats/case.ts';
import { type CaseSigns, caseSigns } from './case-signs.ts';
import { type Explanation, explainSigns } from './rank-explained.ts';
import { changedIn, type Reading, readingOf } from './reading.ts';
import { type Series, seriesOf } from './series.ts';

/** What was not asked about in so many rankings is forgotten: some cases may take turns. */
const KEPT = 4;

/**
 * `explain` for cases that are ranked again and again as they go on. INVARIANT: the answer is that of `explain`; only what
 * is still true of the metrics is not worked out anew: series to which samples were added are gone on with, and where
 * nothing new was measured at all, only what is known of the changes is weighed again.
 */
export function liveExplain(): (input: CaseFile) => Explanation {
  const series = new Map<string, { one: Series; turn: number }>();
  const readings = new Map<string, { all: readonly Series[]; reading: Reading | null; turn: number }>();
  let turn = 0;

  function recalled(metric: CaseMetric): Series {
    const key = keyOf(metric);
    const one = seriesOf(metric, series.get(key)?.one);
    series.set(key, { one, turn });
    return one;
  }

  function read(input: CaseFile, all: readonly Series[]): Reading | null {
    const key = JSON.stringify([input.calls, [...changedIn(input)].sort()]);
    const known = readings.get(key);
    const reading = known && isSame(known.all, all) ? known.reading : readingOf(input, all);
    readings.set(key, { all, reading, turn });
    return reading;
  }

  return (input) => {
    turn += 1;
    const signs: CaseSigns | null = caseSigns(input, { seriesOf: recalled, readingOf: read });
    for (const [key, one] of series) if (one.turn <= turn - KEPT) series.delete(key);
    for (const [key, one] of readings) if (one.turn <= turn - KEPT) readings.delete(key);
    return explainSigns(input, signs);
  };
}

const keyOf = ({ service, name, kind, unit, from, stepSeconds, labels }: CaseMetric): string =>
  JSON.stringify([service, name, kind, unit, from, stepSeconds, Object.entries(labels ?? {}).sort()]);

const isSame = (some: readonly Series[], others: readonly Series[]): boolean =>
  some.length === others.length && some.every((one, at) => one === others[at]);
