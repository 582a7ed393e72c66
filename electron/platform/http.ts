import type { ConnectionAuth } from '../../shared/vocabulary/connection.ts';
import { baseUrl } from './base-url.ts';
import type { Refuses } from './forbidden-address.ts';
import type { Exchange, Tls } from './http-exchange.ts';
import { httpReads, isLoopback } from './http-reads.ts';
import { type HttpReply, isSuccess, jsonIn, refusalOf } from './http-reply.ts';
import { certificateWatch } from './own-certificate.ts';
import { listenTo, type SocketListener } from './web-socket.ts';

/** A JSON API under one address, asked as `readPolicy` has it: questions alone, which may be asked again. `path` is relative to it; everything thrown is a `Failure` without a secret in it. */
export type Http = {
  getJson(path: string, query: Query, signal: AbortSignal): Promise<unknown>;
  /** For questions too long for an address; a form body, as Prometheus takes it. */
  postForm(path: string, form: Query, signal: AbortSignal): Promise<unknown>;
  /** How far the clock of the system is ahead of ours, in milliseconds; null before it has answered. */
  skewMs(): number | null;
};
/** The same, where it also tells of what happens. */
export type LiveHttp = Http & {
  /** A WebSocket at a path, as `listenTo` has it. */
  listen(path: string, query: Query, listener: SocketListener, signal: AbortSignal): Promise<void>;
};
export type Query = Record<string, string | number | boolean>;

export type HttpOptions = {
  /** What the system is called in sentences, such as "Prometheus". */
  system: string;
  /** `http(s)://host[:port][/prefix]`, without credentials. */
  url: string;
  /** The whole value of the Authorization header. It is sent to this address alone: redirects are never followed. */
  authorization: string | null;
  /** Whose data is meant, where several share the system. */
  tenant?: string | undefined;
  tls?: Tls | undefined;
  refuses?: Refuses | undefined;
  timeoutMs?: number;
  maxBytes?: number;
};

export function httpClient(options: HttpOptions): LiveHttp {
  const {
    system,
    authorization,
    tenant,
    tls,
    refuses,
    timeoutMs = 15_000,
    maxBytes = 32 * 1_048_576,
  } = options;
  const base = baseUrl(options.system, options.url);
  const refuseExpired = certificateWatch(system, tls);
  const reads = httpReads({ system, isOurs: () => isLoopback(base) });

  const credentials = {
    ...(authorization === null ? {} : { authorization }),
    ...tenantHeaders(tenant),
  };

  async function ask(
    request: Pick<Exchange, 'method' | 'url' | 'body'>,
    signal: AbortSignal,
  ): Promise<unknown> {
    const exchange = (): Exchange => {
      refuseExpired(Date.now());
      return {
        ...request,
        system,
        headers: {
          accept: 'application/json',
          ...(request.body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...credentials,
        },
        ...(tls === undefined ? {} : { tls }),
        refuses,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      };
    };
    return reads.read({ exchange, maxBytes, understand }, signal);
  }

  return {
    skewMs: reads.skewMs,
    getJson: (path, query, signal) => ask({ method: 'GET', url: asking(base, path, query) }, signal),
    postForm: (path, form, signal) => {
      const body = new URLSearchParams();
      for (const [key, value] of Object.entries(form)) body.set(key, String(value));
      return ask({ method: 'POST', url: under(base, path), body: body.toString() }, signal);
    },
    async listen(path, query, listener, signal) {
      refuseExpired(Date.now());
      const url = asking(base, path, query);
      const exchange = {
        system,
        url,
        headers: credentials,
        ...(tls === undefined ? {} : { tls }),
        refuses,
        signal,
      };
      return listenTo(exchange, listener, maxBytes);
    },
  };
}

/** The Authorization header of how a connection signs in (RFC 6750 §2.1, RFC 7617 §2), or null for none. */
export function authorizationOf(auth: ConnectionAuth): string | null {
  switch (auth.kind) {
    case 'none':
      return null;
    case 'bearer':
      return `Bearer ${auth.token}`;
    case 'basic':
      return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
  }
}

/** Mimir, Cortex and Loki read the first, Thanos the second; each passes over the other. */
const tenantHeaders = (tenant: string | undefined): Record<string, string> =>
  tenant === undefined ? {} : { 'x-scope-orgid': tenant, 'thanos-tenant': tenant };

function understand(reply: HttpReply): unknown {
  if (!isSuccess(reply)) throw refusalOf(reply);
  return jsonIn(reply);
}

function asking(base: URL, path: string, query: Query): URL {
  const url = under(base, path);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, String(value));
  return url;
}

function under(base: URL, path: string): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
  url.search = '';
  url.hash = '';
  return url;
}
