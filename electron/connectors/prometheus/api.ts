import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import type { Http } from '../../platform/http.ts';
import { isNotTold } from '../not-told.ts';
import type { Sample, SampledSeries, Window } from '../source.ts';
import { type LeftOut, MOST_SERIES, nothing, orderedPoints, sumOf } from './left-out.ts';
import { withinScope } from './metric-scope.ts';
import { literal, quoted } from './quoted.ts';

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
    // As it was sent, since it is kept as evidence.
    z.looseObject({
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
      /** Between two evaluations, in seconds. */
      interval: z.number().nonnegative().optional(),
      rules: z.array(
        z.object({
          name: z.string(),
          query: z.string(),
          type: z.string(),
          labels: Labels.optional(),
          /** The `for` of it, in seconds. */
          duration: z.number().nonnegative().optional(),
        }),
      ),
    }),
  ),
});
type Groups = z.infer<typeof Rules>['groups'];
export type Rule = Groups[number]['rules'][number] & { interval?: number | undefined };
const BuildInfo = z.object({ version: z.string() });
const RuntimeInfo = z.object({ startTime: z.string().optional(), lastConfigTime: z.string().optional() });
const Configuration = z.object({ yaml: z.string() });
const Names = z.array(z.string());

export type PrometheusApi = ReturnType<typeof prometheusApi>;

/** `note` is told of what stood in an answer and cannot be used. */
export function prometheusApi(http: Http, note: (leftOut: LeftOut) => void = () => undefined) {
  return {
    async instant(query: string, atMs: number, signal: AbortSignal): Promise<Sample[]> {
      const data = understood(
        Instant,
        await http.postForm('api/v1/query', { query, time: atMs / 1000 }, signal),
      );
      const samples =
        data.resultType === 'scalar'
          ? [{ labels: {}, value: Number(data.result[1]) }]
          : data.result
              .slice(0, MOST_SERIES)
              .map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
      const finite = samples.filter(({ value }) => Number.isFinite(value));
      note({
        ...nothing,
        notFinite: samples.length - finite.length,
        series: data.resultType === 'scalar' ? 0 : Math.max(0, data.result.length - MOST_SERIES),
      });
      return finite;
    },

    async range(
      query: string,
      window: Window & { stepMs: number },
      signal: AbortSignal,
    ): Promise<SampledSeries[]> {
      const { fromMs, toMs, stepMs } = window;
      const form = { query, start: fromMs / 1000, end: toMs / 1000, step: stepMs / 1000 };
      const { result } = understood(Matrix, await http.postForm('api/v1/query_range', form, signal));
      let leftOut = { ...nothing, series: Math.max(0, result.length - MOST_SERIES) };
      const series = result.slice(0, MOST_SERIES).map(({ metric, values }) => {
        const told = values.map(([seconds, text]) => ({
          atMs: Math.round(seconds * 1000),
          value: Number(text),
        }));
        const ordered = orderedPoints(told, window);
        leftOut = sumOf(leftOut, ordered.leftOut);
        return { labels: metric, points: ordered.points };
      });
      note(leftOut);
      return series;
    },

    async alerts(signal: AbortSignal): Promise<ActiveAlert[]> {
      return understood(Alerts, await http.getJson('api/v1/alerts', {}, signal)).alerts;
    },

    async alertingRules(signal: AbortSignal): Promise<Rule[]> {
      const { groups } = understood(Rules, await http.getJson('api/v1/rules', { type: 'alert' }, signal));
      return groups
        .flatMap(({ interval, rules }) => rules.map((rule) => ({ ...rule, interval })))
        .filter(({ type }) => type === 'alerting');
    },

    /** Which of these metrics have samples; without a window, in all that is kept. */
    async existing(
      names: readonly string[],
      window: Window | null,
      signal: AbortSignal,
    ): Promise<Set<string>> {
      const span = window === null ? {} : { start: window.fromMs / 1000, end: window.toMs / 1000 };
      const found = await Promise.all(
        inParts(names).map(async (some) => {
          const query = { 'match[]': `{__name__=~${quoted(some)}}`, ...span };
          return understood(Names, await http.getJson('api/v1/label/__name__/values', query, signal));
        }),
      );
      return new Set(found.flat());
    },

    /** Names of labels that the series of some metrics have in a window. */
    async labelNames(metrics: readonly string[], window: Window, signal: AbortSignal): Promise<string[]> {
      return understood(Names, await http.getJson('api/v1/labels', ofMetrics(metrics, window), signal));
    },

    /** Values of a label that the series of some metrics have in a window, as far as they lie in a scope. */
    async labelValues(
      { label, metrics, scope }: { label: string; metrics: readonly string[]; scope: readonly string[] },
      window: Window,
      signal: AbortSignal,
    ): Promise<string[]> {
      const path = `api/v1/label/${encodeURIComponent(label)}/values`;
      return understood(Names, await http.getJson(path, ofMetrics(metrics, window, scope), signal));
    },

    /** Since when it runs and has its configuration; null where it is asked through something that does not tell. */
    async runtime(signal: AbortSignal): Promise<{ sinceMs: number | null; configuredMs: number | null }> {
      try {
        const told = await http.getJson('api/v1/status/runtimeinfo', {}, signal);
        const { startTime, lastConfigTime } = understood(RuntimeInfo, told);
        return { sinceMs: timeIn(startTime), configuredMs: timeIn(lastConfigTime) };
      } catch (error) {
        if (isNotTold(error)) return { sinceMs: null, configuredMs: null };
        throw error;
      }
    },

    /** The configuration as it has it now, as YAML: with what was left out filled in, and secrets left out. */
    async configuration(signal: AbortSignal): Promise<string> {
      return understood(Configuration, await http.getJson('api/v1/status/config', {}, signal)).yaml;
    },

    async version(signal: AbortSignal): Promise<string> {
      return understood(BuildInfo, await http.getJson('api/v1/status/buildinfo', {}, signal)).version;
    },
  };
}

/** The series of some metrics in a window, as parameters. */
const ofMetrics = (metrics: readonly string[], { fromMs, toMs }: Window, scope: readonly string[] = []) => ({
  'match[]': withinScope(`{__name__=~${quoted(metrics.map(literal).join('|'))}}`, scope),
  start: fromMs / 1000,
  end: toMs / 1000,
});

function understood<Data>(schema: z.ZodType<Data>, reply: unknown): Data {
  const parsed = z.object({ status: z.literal('success'), data: schema }).safeParse(reply);
  if (parsed.success) return parsed.data.data;
  throw new Failure(
    'bad_reply',
    'The reply is not one that Prometheus gives to this question. Is the address that of Prometheus, or of something like it?',
    parsed.error,
  );
}

function timeIn(text: string | undefined): number | null {
  const atMs = Date.parse(text ?? '');
  return Number.isNaN(atMs) ? null : atMs;
}

/** Names as patterns, none so long that an address or an expression of it is refused. */
const MOST_CHARACTERS = 800;
function inParts(names: readonly string[]): string[] {
  const parts: string[] = [];
  for (const name of names.map(literal)) {
    const last = parts.at(-1);
    if (last === undefined || last.length + name.length > MOST_CHARACTERS) parts.push(name);
    else parts[parts.length - 1] = `${last}|${name}`;
  }
  return parts;
}
