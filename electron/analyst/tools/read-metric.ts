import { z } from 'zod';
import { moveInWords } from '../../../shared/formats/measure.ts';
import { MetricKind } from '../../../shared/vocabulary/kinds.ts';
import type { MetricSeries } from '../../../shared/vocabulary/metric.ts';
import { readTool } from './read-tool.ts';

export const readMetric = readTool({
  name: 'read_metric',
  purpose:
    'Read the metrics of one service: the middle value before the onset, the latest ones, and up to 60 points.',
  source: 'metrics',
  outsider: ['series.*.version'],
  input: z.strictObject({ service: z.string() }),
  output: z.object({
    series: z.array(
      z.object({
        name: z.string(),
        kind: MetricKind,
        unit: z.string(),
        version: z.string().nullable(),
        before: z.number().nullable(),
        now: z.number().nullable(),
        points: z.array(z.tuple([z.iso.datetime(), z.number().nullable()])),
      }),
    ),
    omitted: z.number(),
  }),
  async run({ service }, { metricsOf, candidates }, signal) {
    const series = await metricsOf(service, signal);
    const onsetMs = candidates()?.onsetMs ?? null;
    return {
      series: series.slice(0, MOST_SERIES).map((one) => ({
        name: one.name,
        kind: one.kind,
        unit: one.unit,
        version: one.labels['version'] ?? null,
        before: median(valuesBefore(one, onsetMs)),
        now: median(one.values.slice(-LATEST)),
        points: latestPoints(one),
      })),
      omitted: Math.max(0, series.length - MOST_SERIES),
    };
  },
  found: ({ series }) =>
    series.length === 0
      ? 'no metrics for this service'
      : series
          .filter(({ version }) => version === null)
          .map(({ name, unit, before, now }) => `${name} ${moveInWords(before, now, unit, ' → ')}`)
          .join('; '),
});

const MOST_SERIES = 16;
const MOST_POINTS = 60;
const LATEST = 4;

const latestPoints = ({ fromMs, stepMs, values }: MetricSeries): [string, number | null][] => {
  const first = Math.max(0, values.length - MOST_POINTS);
  return values
    .slice(first)
    .map((value, index) => [new Date(fromMs + (first + index) * stepMs).toISOString(), value]);
};

const valuesBefore = ({ fromMs, stepMs, values }: MetricSeries, onsetMs: number | null) =>
  onsetMs === null ? values : values.slice(0, Math.max(0, Math.floor((onsetMs - fromMs) / stepMs)));

function median(values: readonly (number | null)[]): number | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
