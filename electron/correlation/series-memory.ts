import type { CaseMetric } from '../../shared/formats/case.ts';
import { byContent, isToldAs } from './content-order.ts';
import { type Series, seriesOf } from './series.ts';

/** A series as it was last read, and in which turn. */
type Known = { one: Series | undefined; turn: number };

/** Metrics as they stood in a list, the place there of each in the order of their content, and what is known of each. */
type List = {
  metrics: readonly CaseMetric[];
  places: readonly number[];
  known: readonly Known[];
  turn: number;
};

/**
 * Reads lists of metrics into series in the order of their content, and goes on with those that were read before: in each
 * turn one list or more. What was not read in the last `kept` turns is forgotten. INVARIANT: what comes out is what
 * reading them anew gives.
 */
export function seriesMemory(kept: number): () => (metrics: readonly CaseMetric[]) => Series[] {
  const series = new Map<string, Known>();
  let lists: List[] = [];
  let turn = 0;

  function listOf(metrics: readonly CaseMetric[]): List {
    const ordered = byContent(metrics);
    const known = ordered.map(({ identity }) => {
      const one = series.get(identity) ?? { one: undefined, turn };
      series.set(identity, one);
      return one;
    });
    const list = { metrics, places: ordered.map(({ place }) => place), known, turn };
    // Where several are told as the same, their samples order them: the next time they may stand otherwise.
    if (ordered.every(({ identity }, at) => identity !== ordered[at - 1]?.identity)) lists.push(list);
    return list;
  }

  function read(metrics: readonly CaseMetric[]): Series[] {
    // Told in the same order, as by whoever reads again, they need neither be named nor sorted.
    const list = lists.find((one) => areToldAlike(one.metrics, metrics)) ?? listOf(metrics);
    list.metrics = metrics;
    list.turn = turn;
    return list.known.map((known, at) => {
      const metric = metrics[list.places[at] ?? 0];
      if (!metric) throw new RangeError('a remembered list of metrics has more places than the list');
      known.one = seriesOf(metric, known.one);
      known.turn = turn;
      return known.one;
    });
  }

  return () => {
    turn += 1;
    for (const [key, one] of series) if (one.turn < turn - kept) series.delete(key);
    lists = lists.filter((one) => one.turn >= turn - kept);
    return read;
  };
}

const areToldAlike = (some: readonly CaseMetric[], others: readonly CaseMetric[]): boolean =>
  some.length === others.length &&
  some.every((one, at) => {
    const other = others[at];
    return other !== undefined && isToldAs(one, other);
  });
