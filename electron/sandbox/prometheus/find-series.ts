import { inOrder, keyOf, type Labels } from './labels.ts';
import { optionalTimeOf, readParameter } from './parameters.ts';
import { select } from './promql/evaluate.ts';
import { QueryError } from './promql/query-error.ts';
import { parseSelector } from './promql/syntax.ts';
import type { Series, SeriesStore } from './series-store.ts';

/** Answers `/api/v1/series`. */
export function seriesNamed(parameters: URLSearchParams, store: SeriesStore): Labels[] {
  const selectors = parameters.getAll('match[]');
  if (selectors.length === 0) throw new QueryError('bad_data', 'no match[] parameter provided');
  const isWanted = withSamples(parameters, store);
  const found = new Map<string, Labels>();
  for (const selector of selectors) {
    const { matchers } = readParameter('match[]', () => parseSelector(selector));
    for (const series of select(matchers, store)) {
      if (isWanted(series)) found.set(keyOf(series.labels), series.labels);
    }
  }
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, labels]) => inOrder(labels));
}

/** Answers `/api/v1/labels`. */
export function labelNames(parameters: URLSearchParams, store: SeriesStore): string[] {
  return [...new Set(matching(parameters, store).flatMap(Object.keys))].sort();
}

/** Answers `/api/v1/label/<name>/values`. */
export function labelValues(label: string, parameters: URLSearchParams, store: SeriesStore): string[] {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) {
    throw new QueryError('bad_data', `invalid label name: ${JSON.stringify(label)}`);
  }
  const values = matching(parameters, store).flatMap((labels) =>
    Object.hasOwn(labels, label) ? [labels[label] ?? ''] : [],
  );
  return [...new Set(values.filter((value) => value !== ''))].sort();
}

function matching(parameters: URLSearchParams, store: SeriesStore): Labels[] {
  const isWanted = withSamples(parameters, store);
  const selectors = parameters.getAll('match[]').map(parseSelector);
  const series =
    selectors.length === 0 ? store.all() : selectors.flatMap(({ matchers }) => select(matchers, store));
  return series.filter(isWanted).map(({ labels }) => labels);
}

/** Whether a series has a sample between `start` and `end`, as far as these are given. */
function withSamples(parameters: URLSearchParams, store: SeriesStore): (series: Series) => boolean {
  const startMs = optionalTimeOf(parameters, 'start', Number.NEGATIVE_INFINITY);
  const endMs = optionalTimeOf(parameters, 'end', Number.POSITIVE_INFINITY);
  if (startMs === Number.NEGATIVE_INFINITY && endMs === Number.POSITIVE_INFINITY) return () => true;
  const times = store.times().subarray(0, store.scrapes());
  const within = [...times.keys()].filter((index) => {
    const timeMs = times[index] ?? 0;
    return timeMs >= startMs && timeMs <= endMs;
  });
  return ({ values }) => within.some((index) => !Number.isNaN(values[index] ?? Number.NaN));
}
