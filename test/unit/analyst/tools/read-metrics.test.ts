import { describe, expect, it } from 'vitest';
import { compareMetric } from '../../../../electron/analyst/tools/compare-metric.ts';
import { queryMetrics } from '../../../../electron/analyst/tools/query-metrics.ts';
import type { MetricSource, SampledSeries, Window } from '../../../../electron/connectors/source.ts';
import { readContextOf, systemsOf } from '../../../fixtures/read-context-of.ts';

const calm = () => new AbortController().signal;
const now = readContextOf().window.toMs;

function measured(range: (window: Window & { stepMs: number }) => SampledSeries[]) {
  const asked: (Window & { stepMs: number })[] = [];
  const metrics: MetricSource = {
    instant: async () => [],
    async range(_query, window) {
      asked.push(window);
      return range(window);
    },
    serviceMetrics: async () => [],
    topology: async () => ({ services: [], calls: [] }),
  };
  return { asked, context: readContextOf({ systems: systemsOf([{ metrics }]) }) };
}

const flat = (name: string, value: number, { fromMs, toMs, stepMs }: Window & { stepMs: number }) => ({
  labels: { name },
  points: Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, (_, at) => ({
    atMs: fromMs + at * stepMs,
    value,
  })),
});

describe('query_metrics', () => {
  it('gives at most 20 series and 60 points of each, the latest among them, and counts the rest', async () => {
    const { context, asked } = measured((window) =>
      Array.from({ length: 50 }, (_, at) => flat(`s${at}`, at, window)),
    );
    const answer = await queryMetrics.run({ query: 'x' }, context, calm());
    expect(answer.series).toHaveLength(20);
    expect(answer.omitted).toBe(30);
    for (const { points, last } of answer.series) {
      expect(points).toHaveLength(60);
      expect(points.at(-1)).toEqual([new Date(now).toISOString(), last]);
    }
    expect((now - (asked[0]?.fromMs ?? 0)) / (asked[0]?.stepMs ?? 1)).toBeLessThanOrEqual(120);
  });

  it('asks for a day at most, and for nothing that lies ahead', async () => {
    const { context, asked } = measured(() => []);
    const far = { from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' };
    const answer = await queryMetrics.run({ query: 'x', ...far }, context, calm());
    expect(asked).toMatchObject([{ fromMs: now - 86_400_000, toMs: now }]);
    expect(queryMetrics.found(queryMetrics.output.parse(answer))).toBe('no series');
  });

  it.each([
    [{ query: 'up{' }, /no PromQL/],
    [{ query: 'up', from: '2026-03-01T13:00:00Z' }, /must lie before/],
    [{ query: 'up', connection: 'nobody' }, /Say as connection which.*"Connection 1" \(con-1\)/],
  ])('refuses %j', async (input, sentence) => {
    const { context, asked } = measured(() => []);
    await expect(queryMetrics.run(input, context, calm())).rejects.toThrow(sentence);
    expect(asked).toEqual([]);
  });

  it('wants to know which of two it is to ask', async () => {
    const { context } = measured(() => []);
    const [one] = context.systems.metrics();
    const both = systemsOf([{ metrics: one?.reader }, { metrics: one?.reader }] as Parameters<
      typeof systemsOf
    >[0]);
    const run = (connection?: string) =>
      queryMetrics.run({ query: 'x', connection }, { ...context, systems: both }, calm());
    await expect(run()).rejects.toThrow(/Say as connection which/);
    expect(await run('Connection 2')).toMatchObject({ connection: 'con-2' });
  });
});

describe('compare_metric', () => {
  it.each([
    ['yesterday', 24],
    ['last-week', 168],
  ] as const)('asks for the same hours of %s, and puts what differs first', async (against, hours) => {
    const { context, asked } = measured((window) => {
      const isNow = window.toMs === now;
      return [
        flat('steady', 10, window),
        flat('grown', isNow ? 30 : 10, window),
        flat('shrunk', isNow ? 1 : 10, window),
        ...(isNow ? [flat('fresh', 1, window)] : [flat('gone', 1, window)]),
      ];
    });
    const answer = await compareMetric.run({ query: 'x', against }, context, calm());
    expect(asked.map(({ toMs }) => now - toMs)).toEqual([0, hours * 3_600_000]);
    expect(asked[0]?.stepMs).toBe(asked[1]?.stepMs);
    const told = Object.fromEntries(
      answer.series.map(({ labels, difference }) => [labels['name'], difference]),
    );
    expect(told).toEqual({
      steady: 'alike',
      grown: 'higher',
      shrunk: 'lower',
      fresh: 'no samples earlier',
      gone: 'no samples now',
    });
    expect(answer.series.at(-1)?.labels['name']).toBe('steady');
  });
});
