import type { CaseFile } from '../../shared/formats/case.ts';
import { type CaseSeries, caseSeries } from './case-series.ts';
import { caseSigns } from './case-signs.ts';
import { type Explanation, explainSigns } from './rank-explained.ts';
import type { Series } from './series.ts';
import { seriesMemory } from './series-memory.ts';

/** What was not asked about in so many rankings is forgotten: some cases may take turns. */
const KEPT = 4;

/**
 * `explain` for cases that are ranked again and again as they go on. INVARIANT: the answer is that of `explain`; only what
 * is still true of the metrics is not worked out anew: series to which samples were added are gone on with, and where
 * nothing new was measured at all, only what was not asked of them before is.
 */
export function liveExplain(): (input: CaseFile) => Explanation {
  const seriesIn = seriesMemory(KEPT);
  const cases = new Map<string, { known: CaseSeries; turn: number }>();
  let turn = 0;

  function caseOf({ calls }: CaseFile, all: readonly Series[]): CaseSeries {
    const key = JSON.stringify(calls ?? []);
    const before = cases.get(key)?.known;
    const known = before && isSame(before.all, all) ? before : caseSeries(all, calls, before);
    cases.set(key, { known, turn });
    return known;
  }

  return (input) => {
    turn += 1;
    const read = seriesIn();
    const signs = caseSigns(input, { seriesIn: read, caseOf });
    for (const [key, one] of cases) if (one.turn <= turn - KEPT) cases.delete(key);
    return explainSigns(input, signs);
  };
}

const isSame = (some: readonly Series[], others: readonly Series[]): boolean =>
  some.length === others.length && some.every((one, at) => one === others[at]);
