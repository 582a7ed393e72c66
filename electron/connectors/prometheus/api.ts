import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import type { Http } from '../../platform/http.ts';
import { isNotTold } from '../not-told.ts';
import type { Sample, SampledSeries, Window } from '../source.ts';

/**
 * The HTTP API of Prometheus and what speaks like it (https://prometheus.io/docs/prometheus/latest/querying/api/).
 * A reply it does not understand is a failure, never an empty series.
 */
const Labels = z.record(z.string(), z.string());
const Point = z.tuple([z.number(), z.string()]);

const Instant = z.discriminatedUnion('resultType', [
  z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: Labels, value: Point })) }),
  z.object({ resultType: z.literal('scalar'), result: Point }),
]);
const Matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: Labels, values: z.array(Point) })),
});
const Alerts = z.object({
  alerts: z.array(
    z.object({
      labels: Labels,
      annotations: Labels.optional(),
      state: z.string(),
      activeAt: z.string().optional(),
    }),
  ),
});
export type ActiveAlert = z.infer<typeof Alerts>['alerts'][number];
const Rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({ name: z.string(), query: z.string(), type: z.string(), labels: Labels.optional() }),
      ),
    }),
  ),
});
export type Rule = z.infer<typeof Rules>['groups'][number]['rules'][number];
const BuildInfo = z.object({ version: z.string() });
const RuntimeInfo = z.object({ startTime: z.string().optional() });
const Names = z.array(z.string());

export type PrometheusApi = ReturnType<typeof prometheusApi>;

export function prometheusApi(http: Http) {
  return {
    async instant(query: string, atMs: number, signal: AbortSignal): Promise<Sample[]> {
      const data = understood(
        Instant,
        await http.postForm('api/v1/query', { query, time: atMs / 1000 }, signal),
      );
      if (data.resultType === 'scalar') return finite([{ labels: {}, value: Number(data.result[1]) }]);
      return finite(data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) })));
    },

    async range(
      query: string,
      window: Window & { stepMs: number },
      signal: AbortSignal,
    ): Promise<SampledSeries[]> {
      const { fromMs, toMs, stepMs } = window;
      const form = { query, start: fromMs / 1000, end: toMs / 1000, step: stepMs / 1000 };
      const data = understood(Matrix, await http.postForm('api/v1/query_range', form, signal));
      return data.result.map(({ metric, values }) => ({
        labels: metric,
        points: finite(
          values.map(([seconds, text]) => ({ atMs: Math.round(seconds * 1000), value: Number(text) })),
        ),
      }));
    },

    async alerts(signal: AbortSignal): Promise<ActiveAlert[]> {
      return understood(Alerts, await http.getJson('api/v1/alerts', {}, signal)).alerts;
    },

    async alertingRules(signal: AbortSignal): Promise<Rule[]> {
      const { groups } = understood(Rules, await http.getJson('api/v1/rules', { type: 'alert' }, signal));
      return groups.flatMap(({ rules }) => rules).filter(({ type }) => type === 'alerting');
    },

    /** Which of these metrics have samples; without a window, in all that is kept. */
    async existing(
      names: readonly string[],
      window: Window | null,
      signal: AbortSignal,
    ): Promise<Set<string>> {
      const span = window === null ? {} : { start: window.fromMs / 1000, end: window.toMs / 1000 };
      const selector = `{__name__=~"${names.join('|')}"}`;
      const reply = await http.getJson(
        'api/v1/label/__name__/values',
        { 'match[]': selector, ...span },
        signal,
      );
      return new Set(understood(Names, reply));
    },

    /** Since when it runs, or null where it is asked through something that does not tell. */
    async runningSince(signal: AbortSignal): Promise<number | null> {
      try {
        const told = await http.getJson('api/v1/status/runtimeinfo', {}, signal);
        const startedMs = Date.parse(understood(RuntimeInfo, told).startTime ?? '');
        return Number.isNaN(startedMs) ? null : startedMs;
      } catch (error) {
        if (isNotTold(error)) return null;
        throw error;
      }
    },

    async version(signal: AbortSignal): Promise<string> {
      return understood(BuildInfo, await http.getJson('api/v1/status/buildinfo', {}, signal)).version;
    },
  };
}

function understood<Data>(schema: z.ZodType<Data>, reply: unknown): Data {
  const parsed = z.object({ status: z.literal('success'), data: schema }).safeParse(reply);
  if (parsed.success) return parsed.data.data;
  throw new Failure(
    'bad_reply',
    'The reply is not one that Prometheus gives to this question. Is the address that of Prometheus, or of something like it?',
    parsed.error,
  );
}

/** "NaN" and "+Inf" are no values to draw or to reason about. */
const finite = <T extends { value: number }>(samples: T[]): T[] =>
  samples.filter(({ value }) => Number.isFinite(value));
