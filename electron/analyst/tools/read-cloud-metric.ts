import { z } from 'zod';
import { pickConnection } from './pick-connection.ts';
import { readTool } from './read-tool.ts';
import { summaryOf, thinned } from './series-summary.ts';
import { hourMs, iso, spanOf, timeSpan } from './time-span.ts';

const MOST_SERIES = 20;
const MOST_POINTS = 60;
const Name = z.string().min(1).max(255);

export const readCloudMetric = readTool({
  name: 'read_cloud_metric',
  purpose:
    'Read one CloudWatch metric by region, namespace, name, dimensions and statistic (Average, Sum, Maximum, p99…), over at most 24 h.',
  source: 'CloudWatch',
  outsider: ['series.*.labels'],
  input: z.strictObject({
    region: Name,
    namespace: Name,
    name: Name,
    dimensions: z
      .record(Name, Name)
      .refine((given) => Object.keys(given).length <= 30, 'at most 30 dimensions'),
    statistic: z.string().regex(/^(Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d{1,2})?)$/),
    connection: z.string().optional(),
    ...timeSpan,
  }),
  output: z.object({
    connection: z.string(),
    stepSeconds: z.number(),
    series: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        median: z.number(),
        p95: z.number(),
        min: z.number(),
        max: z.number(),
        points: z.array(z.tuple([z.iso.datetime(), z.number()])),
      }),
    ),
    omitted: z.number(),
  }),
  async run({ connection, from, to, ...metric }, { systems, window }, signal) {
    const { id, reader } = pickConnection('CloudWatch', systems.clouds(), connection);
    const span = spanOf({ from, to }, window, 24 * hourMs);
    // CloudWatch keeps whole minutes for two weeks.
    const stepMs = Math.max(1, Math.ceil((span.toMs - span.fromMs) / 120 / 60_000)) * 60_000;
    const found = await reader.series(metric, { ...span, stepMs }, signal);
    const series = found.flatMap(({ labels, points }) => {
      const summary = summaryOf(points.map(({ value }) => value));
      if (!summary) return [];
      const { samples: _samples, ...numbers } = summary;
      const shown = thinned(points, MOST_POINTS).map(({ atMs, value }): [string, number] => [
        iso(atMs),
        value,
      ]);
      return [{ labels, ...numbers, points: shown }];
    });
    return {
      connection: id,
      stepSeconds: stepMs / 1000,
      series: series.slice(0, MOST_SERIES),
      omitted: Math.max(0, series.length - MOST_SERIES),
    };
  },
  found: ({ series, omitted }) => (series.length === 0 ? 'no samples' : `${series.length + omitted} series`),
});
