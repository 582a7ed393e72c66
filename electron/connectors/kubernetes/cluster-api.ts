import { z } from 'zod';
import { Failure } from '../../platform/failure.ts';
import { type Exchange, failureOf, openExchange } from '../../platform/http-exchange.ts';
import { httpReads, isLoopback } from '../../platform/http-reads.ts';
import {
  fetchReply,
  type HttpReply,
  isSuccess,
  jsonIn,
  Refused,
  refusalOf,
  replyOf,
  saidIn,
} from '../../platform/http-reply.ts';
import type { OpenAccess } from './access.ts';
import { textLines } from './text-lines.ts';

export type Parameters = Record<string, string | number | boolean>;
export type WatchEvent = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: unknown;
  /** Where to go on from after it, where that is not the version of the object: several watches may be one. */
  version?: string | null;
};

export type Patch = { type: 'json-patch' | 'merge-patch'; body: object };

/** Raw calls of the Kubernetes API (https://kubernetes.io/docs/reference/using-api/api-concepts/), parsed at this border. */
export type ClusterApi = {
  get<Data>(schema: z.ZodType<Data>, path: string, signal: AbortSignal): Promise<Data>;
  /** A whole collection, page by page. An object that cannot be understood fails the list: nothing is left out silently. */
  list<Item>(
    schema: z.ZodType<Item>,
    path: string,
    signal: AbortSignal,
    only?: { fieldSelector: string },
  ): Promise<{ items: Item[]; resourceVersion: string }>;
  /** For questions that the API takes as a POST, such as an access review. */
  ask<Data>(schema: z.ZodType<Data>, path: string, body: object, signal: AbortSignal): Promise<Data>;
  /** What the server keeps as plain text, such as a log. */
  text(path: string, parameters: Parameters, signal: AbortSignal): Promise<string>;
  /** One request, whatever comes back: what it means is the caller's to say. */
  patch(path: string, patch: Patch & { parameters: Parameters }, signal: AbortSignal): Promise<HttpReply>;
  /** One POST, whatever comes back. */
  post(path: string, sent: { body: object; parameters: Parameters }, signal: AbortSignal): Promise<HttpReply>;
  /** Ends when the server ends it or nothing has come for a while; `onOpen` is called once it is established. */
  watch(
    path: string,
    from: string,
    listener: { onOpen(): void; onEvent(event: WatchEvent): void },
    signal: AbortSignal,
  ): Promise<void>;
  /** How far the clock of the API server is ahead of ours, in milliseconds; null before it has answered. */
  skewMs(): number | null;
};

/** The server no longer holds the version that was asked for (410 Gone): list again. */
export class VersionExpired extends Failure {
  constructor() {
    super('bad_reply', 'Kubernetes no longer holds the version that was asked for (410).');
  }
}

/** What hangs is named on the source's status within ten seconds. */
const readTimeoutMs = 7_000;
const writeTimeoutMs = 30_000;
/** A server sends a bookmark about once a minute; longer silence means that the connection may be dead. */
const silenceMs = 100_000;
const silenceCheckMs = 2_000;
const mostBytes = 64 * 1_048_576;
const pageSize = 500;

/** `maxBytes` bounds each answer; a watch is bounded line by line. */
export function clusterApi(access: () => Promise<OpenAccess>, maxBytes = mostBytes): ClusterApi {
  let isOurs = false;
  const reads = httpReads({ system: 'Kubernetes', isOurs: () => isOurs });

  async function exchangeFor(
    request: {
      method: Exchange['method'];
      path: string;
      parameters?: Parameters;
      type?: string;
      body?: object;
    },
    signal: AbortSignal,
  ): Promise<Exchange> {
    const { server, credentials, refuses } = await access();
    isOurs = isLoopback(server);
    const { headers, tls } = await credentials();
    const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
    const type = request.type === undefined ? {} : { 'content-type': request.type };
    return {
      system: 'Kubernetes',
      url: urlOf(server, request.path, request.parameters ?? {}),
      method: request.method,
      headers: { accept: 'application/json', 'user-agent': 'countersign', ...headers, ...type },
      ...body,
      tls,
      refuses,
      signal,
    };
  }

  async function read(path: string, parameters: Parameters, signal: AbortSignal): Promise<unknown> {
    const exchange = () => exchangeFor({ method: 'GET', path, parameters }, within(signal, readTimeoutMs));
    try {
      return await reads.read({ exchange, maxBytes, understand: answerIn }, signal);
    } catch (error) {
      throw await withRenewal(error);
    }
  }

  /** The next request shows fresh credentials where these were not accepted. */
  async function withRenewal(error: unknown): Promise<unknown> {
    if (error instanceof Refused && error.status === 401) (await access()).refused?.();
    return error;
  }

  return {
    skewMs: reads.skewMs,

    get: async (schema, path, signal) => understood(schema, await read(path, {}, signal), path),

    async list<Item>(
      schema: z.ZodType<Item>,
      path: string,
      signal: AbortSignal,
      only: Partial<{ fieldSelector: string }> = {},
    ) {
      const page = async (parameters: Parameters) =>
        understood(listOf(schema), await read(path, { ...only, ...parameters }, signal), path);
      const items: Item[] = [];
      let after = '';
      try {
        for (;;) {
          const { metadata, items: some } = await page({
            limit: pageSize,
            ...(after === '' ? {} : { continue: after }),
          });
          items.push(...some);
          after = metadata.continue ?? '';
          if (after === '') return { items, resourceVersion: metadata.resourceVersion };
        }
      } catch (error) {
        if (!(error instanceof VersionExpired)) throw error;
        // The list outlived its pages; all at once it cannot.
        const { metadata, items: all } = await page({});
        return { items: all, resourceVersion: metadata.resourceVersion };
      }
    },

    async text(path, parameters, signal) {
      const exchange = await exchangeFor({ method: 'GET', path, parameters }, within(signal, readTimeoutMs));
      const reply = await fetchReply(exchange, maxBytes);
      demandSuccess(reply);
      return reply.text;
    },

    async ask(schema, path, body, signal) {
      const type = 'application/json';
      const exchange = await exchangeFor({ method: 'POST', path, type, body }, within(signal, readTimeoutMs));
      return understood(schema, answerIn(await fetchReply(exchange, maxBytes)), path);
    },

    async patch(path, { type, body, parameters }, signal) {
      const request = { method: 'PATCH' as const, path, parameters, type: `application/${type}+json`, body };
      return fetchReply(await exchangeFor(request, within(signal, writeTimeoutMs)), maxBytes);
    },

    async post(path, { body, parameters }, signal) {
      const request = { method: 'POST' as const, path, parameters, type: 'application/json', body };
      return fetchReply(await exchangeFor(request, within(signal, writeTimeoutMs)), maxBytes);
    },

    async watch(path, from, { onOpen, onEvent }, signal) {
      const silence = new AbortController();
      const unopened = new AbortController();
      const parameters = { watch: true, allowWatchBookmarks: true, resourceVersion: from };
      const request = { method: 'GET' as const, path, parameters };
      const exchange = await exchangeFor(request, AbortSignal.any([signal, silence.signal, unopened.signal]));
      // By the time of the machine: while it sleeps no timer runs, and the connection may be long dead when it wakes.
      let heardMs = Date.now();
      const timer = setInterval(() => {
        if (Date.now() - heardMs > silenceMs) silence.abort();
      }, silenceCheckMs);
      // A watch is quiet for long, but its head comes at once.
      let isOpen = false;
      const opening = setTimeout(() => {
        if (!isOpen) unopened.abort(new DOMException('no answer', 'TimeoutError'));
      }, readTimeoutMs);
      try {
        const message = await openExchange(exchange);
        isOpen = true;
        if (message.statusCode === 410) throw new VersionExpired();
        if (message.statusCode !== 200) throw refusalOf(await replyOf(message, exchange, maxBytes));
        onOpen();
        for await (const line of textLines(message, maxBytes)) {
          heardMs = Date.now();
          onEvent(eventIn(line));
        }
      } catch (error) {
        if (silence.signal.aborted) return;
        throw await withRenewal(isSocketError(error) ? failureOf(error, exchange) : error);
      } finally {
        clearTimeout(opening);
        clearInterval(timer);
      }
    },
  };
}

const isSocketError = (error: unknown) =>
  error instanceof Error && ('code' in error || error.name === 'AbortError');

const StatusObject = z.object({
  kind: z.literal('Status'),
  code: z.number().optional(),
  message: z.string().optional(),
});
const Streamed = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.unknown(),
});

/** A line that cannot be understood ends the watch, so that nothing is lost without a word. */
function eventIn(line: string): WatchEvent {
  const parsed = Streamed.safeParse(jsonOr(line, undefined));
  if (!parsed.success) throw new Failure('bad_reply', 'Kubernetes sent a change that cannot be understood.');
  const { type, object } = parsed.data;
  if (type !== 'ERROR') return { type, object };
  const status = StatusObject.safeParse(object).data;
  if (status?.code === 410) throw new VersionExpired();
  throw new Failure('bad_reply', `Kubernetes ended the watch: ${status?.message ?? 'it does not say why'}`);
}

function answerIn(reply: HttpReply): unknown {
  demandSuccess(reply);
  return jsonIn(reply);
}

function demandSuccess(reply: HttpReply): void {
  if (isSuccess(reply)) return;
  if (reply.status === 410) throw new VersionExpired();
  if (reply.status === 404 && StatusObject.safeParse(jsonOr(reply.text, undefined)).success) {
    throw new Refused(new Failure('not_found', `Kubernetes says: ${saidIn(reply)}`), reply);
  }
  throw refusalOf(reply);
}

function understood<Data>(schema: z.ZodType<Data>, value: unknown, path: string): Data {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Failure(
    'bad_reply',
    `The reply to ${path} is not one that Kubernetes gives. Is the address that of an API server?`,
    parsed.error,
  );
}

const listOf = <Item>(schema: z.ZodType<Item>) =>
  z.object({
    metadata: z.object({ resourceVersion: z.string().min(1), continue: z.string().optional() }),
    items: z
      .array(schema)
      .nullable()
      .transform((items) => items ?? []),
  });

function urlOf(server: URL, path: string, parameters: Parameters): URL {
  const url = new URL(server);
  url.pathname = `${server.pathname.replace(/\/+$/, '')}${path}`;
  for (const [key, value] of Object.entries(parameters)) url.searchParams.set(key, String(value));
  return url;
}

const within = (signal: AbortSignal, timeoutMs: number) =>
  AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);

function jsonOr<Other>(text: string, other: Other): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return other; // Whoever asks decides what an unreadable text means.
  }
}
