import type { CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { Failure } from '../../platform/failure.ts';
import type { Refuses } from '../../platform/forbidden-address.ts';
import type { Exchange } from '../../platform/http-exchange.ts';
import { fetchReply, type HttpReply, isSuccess, jsonIn, refusalOf } from '../../platform/http-reply.ts';

const MAX_BYTES = 32 * 1_048_576;

/** What the SDK hands over to be sent, as far as it is needed here. */
type SdkRequest = {
  method: string;
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: unknown;
};
type SdkOptions = { abortSignal?: { readonly aborted: boolean; onabort: unknown } };
export type RequestHandler = Extract<
  NonNullable<CloudWatchClientConfig['requestHandler']>,
  { handle: unknown }
>;

/**
 * How the SDK reaches the network: as every connector does, so that what it was not told of is never contacted, whatever
 * an environment variable or a profile says. INVARIANT: `mayReach` is asked before anything is sent.
 */
export function requestHandler(options: {
  system: string;
  mayReach(host: string): boolean;
  refuses: Refuses | undefined;
  timeoutMs: number;
  /** Whether each answer must be JSON; STS answers in XML. */
  inJson: boolean;
  onDate?(date: string | undefined, sentMs: number): void;
}): RequestHandler {
  const { system, refuses, timeoutMs } = options;

  async function handle(request: SdkRequest, { abortSignal }: SdkOptions = {}) {
    const url = urlOf(request);
    if (!options.mayReach(url.host)) throw unasked(system, url);
    const deadline = AbortSignal.timeout(timeoutMs);
    const exchange: Exchange = {
      system,
      url,
      method: methodOf(request),
      headers: request.headers,
      ...bodyOf(request),
      refuses,
      signal: abortSignal instanceof AbortSignal ? AbortSignal.any([abortSignal, deadline]) : deadline,
    };
    const sentMs = Date.now();
    const reply = await fetchReply(exchange, MAX_BYTES);
    options.onDate?.(reply.headers.date, sentMs);
    if (options.inJson) insistOnJson(reply);
    return {
      response: {
        statusCode: reply.status,
        headers: Object.fromEntries(
          Object.entries(reply.headers).map(([name, value]) => [name, String(value ?? '')]),
        ),
        body: new TextEncoder().encode(reply.text),
      },
    };
  }

  return { handle, updateHttpClientConfig: () => {}, httpHandlerConfigs: () => ({}) };
}

/** A proxy's page, a redirect and half an answer are named here; the SDK would call all of them a deserialization error. */
function insistOnJson(reply: HttpReply): void {
  if (isSuccess(reply)) jsonIn(reply);
  else if (!isOfAws(reply)) throw refusalOf(reply);
}

/** An error that AWS itself names (AWS JSON 1.0: `__type`); a proxy's has a status alone, which the SDK does not read. */
function isOfAws({ headers, text }: HttpReply): boolean {
  if (!/json/.test(headers['content-type'] ?? '')) return false;
  return (
    headers['x-amzn-errortype'] !== undefined ||
    headers['x-amzn-query-error'] !== undefined ||
    /"(__type|code|Code)"\s*:/.test(text.slice(0, 10_000))
  );
}

function urlOf({ protocol, hostname, port, path, query = {} }: SdkRequest): URL {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value ?? '']) url.searchParams.append(name, one);
  return url;
}

function methodOf({ method }: SdkRequest): 'GET' | 'POST' {
  if (method === 'GET' || method === 'POST') return method;
  throw new Error(`CloudWatch is only read, and ${method} was about to be sent`);
}

function bodyOf({ body }: SdkRequest): { body?: string | Uint8Array } {
  if (body === undefined || body === null || body === '') return {};
  if (typeof body === 'string' || body instanceof Uint8Array) return { body };
  throw new Error('The SDK was about to send a stream');
}

const unasked = (system: string, url: URL) =>
  new Failure(
    'refused',
    `${system} was to be asked at ${url.host}, which nobody configured here. If a profile or the environment names it (endpoint_url, AWS_ENDPOINT_URL), enter it as endpoint or credentialsEndpoint.`,
  );
