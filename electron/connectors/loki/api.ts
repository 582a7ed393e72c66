import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import type { Http } from '../../platform/http.ts';
import type { Window } from '../source.ts';

/**
 * The HTTP API of Loki (https://grafana.com/docs/loki/latest/reference/loki-http-api/), as far as it is read here. A reply
 * it does not understand is a failure, never an empty log.
 */
const Labels = z.record(z.string(), z.string());
const Nanoseconds = z.string().regex(/^\d{1,20}$/);
const Streams = z.object({
  resultType: z.literal('streams'),
  result: z.array(
    z.object({ stream: Labels, values: z.array(z.tuple([Nanoseconds, z.string()]).rest(z.unknown())) }),
  ),
});
const Matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: Labels, values: z.array(z.tuple([z.number(), z.string()])) })),
});
const BuildInfo = z.object({ version: z.string() });
const Names = z.array(z.string());

export type Stream = { labels: Record<string, string>; lines: { atMs: number; text: string }[] };

export type LokiApi = ReturnType<typeof lokiApi>;

export function lokiApi(http: Http) {
  return {
    /** The newest lines, at most `limit`. */
    async lines(query: string, window: Window & { limit: number }, signal: AbortSignal): Promise<Stream[]> {
      const { limit } = window;
      const asked = { query, ...spanOf(window), limit, direction: 'backward' };
      const { result } = understood(Streams, await http.getJson('loki/api/v1/query_range', asked, signal));
      return result.map(({ stream, values }) => ({
        labels: stream,
        lines: values.map(([ns, text]) => ({ atMs: Number(BigInt(ns) / 1_000_000n), text })),
      }));
    },

    async counts(query: string, window: Window & { stepMs: number }, signal: AbortSignal) {
      const asked = { query, ...spanOf(window), step: `${Math.round(window.stepMs / 1000)}s` };
      const { result } = understood(Matrix, await http.getJson('loki/api/v1/query_range', asked, signal));
      return result.map(({ metric, values }) => ({
        labels: metric,
        points: values.map(([seconds, text]) => ({ atMs: Math.round(seconds * 1000), value: Number(text) })),
      }));
    },

    labels: async (window: Window, signal: AbortSignal): Promise<string[]> =>
      understood(Names.default([]), await http.getJson('loki/api/v1/labels', spanOf(window), signal)),

    async valuesOf(
      label: string,
      selector: string | null,
      window: Window,
      signal: AbortSignal,
    ): Promise<string[]> {
      const path = `loki/api/v1/label/${encodeURIComponent(label)}/values`;
      const asked = { ...spanOf(window), ...(selector === null ? {} : { query: selector }) };
      return understood(Names.default([]), await http.getJson(path, asked, signal));
    },

    async version(signal: AbortSignal): Promise<string> {
      const info = BuildInfo.safeParse(await http.getJson('loki/api/v1/status/buildinfo', {}, signal));
      if (info.success) return info.data.version;
      throw notLoki(info.error);
    },
  };
}

const spanOf = ({ fromMs, toMs }: Window) => ({
  start: `${Math.floor(fromMs)}000000`,
  end: `${Math.floor(toMs)}000000`,
});

function understood<Data>(schema: z.ZodType<Data>, reply: unknown): Data {
  const parsed = z.object({ status: z.literal('success'), data: schema }).safeParse(reply);
  if (parsed.success) return parsed.data.data;
  throw notLoki(parsed.error);
}

const notLoki = (cause: unknown) =>
  new Failure(
    'bad_reply',
    'The reply is not one that Loki gives to this question. Is the address that of Loki (2.0 or later)?',
    cause,
  );
