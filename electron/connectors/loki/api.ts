import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import type { LiveHttp } from '../../platform/http.ts';
import type { Window } from '../source.ts';

/**
 * The HTTP API of Loki (https://grafana.com/docs/loki/latest/reference/loki-http-api/), as far as it is read here. A reply
 * it does not understand is a failure, never an empty log.
 */
const Labels = z.record(z.string(), z.string());
const Nanoseconds = z.string().regex(/^\d{1,20}$/);
const StreamList = z.array(
  z.object({ stream: Labels, values: z.array(z.tuple([Nanoseconds, z.string()]).rest(z.unknown())) }),
);
const Streams = z.object({ resultType: z.literal('streams'), result: StreamList });
const Tailed = z.object({
  streams: StreamList.nullish(),
  dropped_entries: z.array(z.unknown()).nullish(),
});
const Matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: Labels, values: z.array(z.tuple([z.number(), z.string()])) })),
});
const BuildInfo = z.object({ version: z.string() });
const Names = z.array(z.string());

/** `ns` is when it was written, as Loki has it; `atMs` the same, to the millisecond. */
export type Line = { atMs: number; ns: string; text: string };
export type Stream = { labels: Record<string, string>; lines: Line[] };

export type LokiApi = ReturnType<typeof lokiApi>;

export function lokiApi(http: LiveHttp) {
  return {
    /** At most `limit` lines: the newest, or the oldest where that is asked for. */
    async lines(
      query: string,
      { limit, isOldestFirst = false, ...window }: Window & { limit: number; isOldestFirst?: boolean },
      signal: AbortSignal,
    ): Promise<Stream[]> {
      const direction = isOldestFirst ? 'forward' : 'backward';
      const asked = { query, ...spanOf(window), limit, direction };
      return streamsIn(
        understood(Streams, await http.getJson('loki/api/v1/query_range', asked, signal)).result,
      );
    },

    /**
     * Lines as they are written, from a time on, until the connection ends. `dropped` of them Loki could not send in time.
     * @throws NotUpgraded where no tail is offered.
     */
    tail(
      query: string,
      { fromMs, limit }: { fromMs: number; limit: number },
      listener: { onOpen(): void; onLines(streams: Stream[], dropped: number): void },
      signal: AbortSignal,
    ): Promise<void> {
      const asked = { query, start: nanoseconds(fromMs), limit };
      const onText = (text: string) => {
        const { streams, dropped_entries: dropped } = tailedIn(text);
        listener.onLines(streamsIn(streams ?? []), dropped?.length ?? 0);
      };
      return http.listen('loki/api/v1/tail', asked, { onOpen: listener.onOpen, onText }, signal);
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
  start: nanoseconds(fromMs),
  end: nanoseconds(toMs),
});
const nanoseconds = (ms: number): string => `${Math.floor(ms)}000000`;

const streamsIn = (list: z.infer<typeof StreamList>): Stream[] =>
  list.map(({ stream, values }) => ({
    labels: stream,
    lines: values.map(([ns, text]) => ({ atMs: Number(BigInt(ns) / 1_000_000n), ns, text })),
  }));

function tailedIn(text: string): z.infer<typeof Tailed> {
  try {
    return Tailed.parse(JSON.parse(text));
  } catch (error) {
    throw notLoki(error);
  }
}

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
