import { z } from 'zod';
import { measureInWords, moveInWords } from '../../../shared/formats/measure.ts';
import { pickConnection } from './pick-connection.ts';
import { demandSound, PromQl } from './promql.ts';
import { readTool } from './read-tool.ts';
import { summaryOf, thinned } from './series-summary.ts';
import { hourMs, iso, spanOf, timeSpan } from './time-span.ts';

const MOST_SERIES = 20;
const MOST_POINTS = 60;
const MOST_SPAN_MS = 24 * hourMs;
const LEAST_STEP_MS = 15_000;

export const queryMetrics = readTool({
  name: 'query_metrics',
  purpose:
    'Evaluate one PromQL expression over a time of at most 24 h (by default that of the incident): up to 20 series with a summary and 60 points each.',
  source: 'metrics',
  outsider: ['series.*.labels'],
  input: z.strictObject({ query: PromQl, connection: z.string().optional(), ...timeSpan }),
  output: z.object({
    connection: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    stepSeconds: z.number(),
    series: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        median: z.number(),
        p95: z.number(),
        min: z.number(),
        max: z.number(),
        last: z.number(),
        points: z.array(z.tuple([z.iso.datetime(), z.number()])),
      }),
    ),
    omitted: z.number(),
  }),
  async run({ query, connection, ...times }, { systems, window }, signal) {
    demandSound(query);
    const { id, reader } = pickConnection('metrics', systems.metrics(), connection);
    const span = spanOf(times, window, MOST_SPAN_MS);
    const stepMs = stepOf(span);
    const found = await reader.range(query, { ...span, stepMs }, signal);
    const series = found.flatMap(({ labels, points }) => {
      const summary = summaryOf(points.map(({ value }) => value));
      if (!summary) return [];
      const { samples: _samples, ...numbers } = summary;
      const shown = thinned(points, MOST_POINTS).map(({ atMs, value }): [string, number] => [
        iso(atMs),
        value,
      ]);
      return [{ labels, ...numbers, last: points.at(-1)?.value ?? summary.median, points: shown }];
    });
    return {
      connection: id,
      from: iso(span.fromMs),
      to: iso(span.toMs),
      stepSeconds: stepMs / 1000,
      series: series.slice(0, MOST_SERIES),
      omitted: Math.max(0, series.length - MOST_SERIES),
    };
  },
  found: ({ series, omitted }) => {
    const [first] = series;
    if (!first) return 'no series';
    const { min, max, last } = first;
    return `${series.length + omitted} series; the first ${moveInWords(min, max, '')}, now ${measureInWords(last, '')}`;
  },
});

/** Whole steps of 15 s, few enough to look at. */
export const stepOf = ({ fromMs, toMs }: { fromMs: number; toMs: number }): number =>
  Math.max(1, Math.ceil((toMs - fromMs) / 120 / LEAST_STEP_MS)) * LEAST_STEP_MS;
