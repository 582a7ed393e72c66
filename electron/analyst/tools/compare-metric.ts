import { z } from 'zod';
import type { SampledSeries } from '../../connectors/source.ts';
import { pickConnection } from './pick-connection.ts';
import { demandSound, PromQl } from './promql.ts';
import { stepOf } from './query-metrics.ts';
import { readTool } from './read-tool.ts';
import { differenceOf, summaryOf } from './series-summary.ts';
import { hourMs, iso, spanOf, timeSpan } from './time-span.ts';

const EARLIER_MS = { yesterday: 24 * hourMs, 'last-week': 7 * 24 * hourMs } as const;
const MOST_SERIES = 20;

const Summary = z
  .object({ samples: z.number(), median: z.number(), p95: z.number(), min: z.number(), max: z.number() })
  .nullable();

export const compareMetric = readTool({
  name: 'compare_metric',
  purpose:
    'Compare a PromQL expression over a time of at most 6 h with the same hours yesterday or a week ago, to tell trouble from the usual course of a day.',
  source: 'metrics',
  outsider: ['series.*.labels'],
  input: z.strictObject({
    query: PromQl,
    against: z.enum(['yesterday', 'last-week']),
    connection: z.string().optional(),
    ...timeSpan,
  }),
  output: z.object({
    connection: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    against: z.enum(['yesterday', 'last-week']),
    series: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        now: Summary,
        earlier: Summary,
        difference: z.enum(['higher', 'lower', 'alike', 'no samples now', 'no samples earlier']),
      }),
    ),
    omitted: z.number(),
  }),
  async run({ query, against, connection, ...times }, { systems, window }, signal) {
    demandSound(query);
    const { id, reader } = pickConnection('metrics', systems.metrics(), connection);
    const span = spanOf(times, window, 6 * hourMs);
    const stepMs = stepOf(span);
    const earlierMs = EARLIER_MS[against];
    const [now, then] = await Promise.all([
      reader.range(query, { ...span, stepMs }, signal),
      reader.range(query, { fromMs: span.fromMs - earlierMs, toMs: span.toMs - earlierMs, stepMs }, signal),
    ]);
    const series = pairs(now, then);
    return {
      connection: id,
      from: iso(span.fromMs),
      to: iso(span.toMs),
      against,
      series: series.slice(0, MOST_SERIES),
      omitted: Math.max(0, series.length - MOST_SERIES),
    };
  },
  found: ({ series, against }) => {
    if (series.length === 0) return 'no series, now or then';
    const counted = Map.groupBy(series, ({ difference }) => difference);
    return `against ${against === 'yesterday' ? 'yesterday' : 'last week'}: ${[...counted].map(([difference, some]) => `${some.length} ${difference}`).join(', ')}`;
  },
});

/** What differs stands first: it is what was looked for. */
function pairs(now: readonly SampledSeries[], then: readonly SampledSeries[]) {
  const byLabels = (series: readonly SampledSeries[]) =>
    new Map(series.map((one) => [keyOf(one.labels), one]));
  const [is, was] = [byLabels(now), byLabels(then)];
  return [...new Set([...is.keys(), ...was.keys()])]
    .map((key) => {
      const [a, b] = [is.get(key), was.get(key)];
      const [after, before] = [valuesOf(a), valuesOf(b)];
      return {
        labels: a?.labels ?? b?.labels ?? {},
        now: after,
        earlier: before,
        difference: differenceOf(after, before),
      };
    })
    .sort((a, b) => Number(a.difference === 'alike') - Number(b.difference === 'alike'));
}

const keyOf = (labels: Record<string, string>) => JSON.stringify(Object.entries(labels).sort());
const valuesOf = (series: SampledSeries | undefined) =>
  summaryOf((series?.points ?? []).map(({ value }) => value));
