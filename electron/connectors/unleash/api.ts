import { z } from 'zod';
import { baseWithout } from '../../platform/base-url.ts';
import { Failure } from '../../platform/failure.ts';
import type { Refuses } from '../../platform/forbidden-address.ts';
import type { Exchange } from '../../platform/http-exchange.ts';
import { httpReads, isLoopback } from '../../platform/http-reads.ts';
import { fetchReply, type HttpReply, isSuccess, jsonIn, refusalOf } from '../../platform/http-reply.ts';

/** The admin API (https://docs.getunleash.io/reference/api/unleash), as far as it is used here. */
const Strategy = z.looseObject({
  id: z.string(),
  name: z.string(),
  disabled: z.boolean().nullish(),
  parameters: z.record(z.string(), z.coerce.string()).nullish(),
});
export type Strategy = z.infer<typeof Strategy>;

const Feature = z.object({
  name: z.string(),
  type: z.string().nullish(),
  archived: z.boolean().nullish(),
  environments: z.array(
    z.object({
      name: z.string(),
      enabled: z.boolean(),
      strategies: z
        .array(Strategy)
        .nullish()
        .transform((strategies) => strategies ?? []),
    }),
  ),
});
export type Feature = z.infer<typeof Feature>;

const Tag = z.object({ type: z.string(), value: z.string() });
export type Tag = z.infer<typeof Tag>;

/** As it was sent, since it is kept as evidence. */
const FlagEvent = z.looseObject({
  id: z.number().int(),
  type: z.string(),
  createdBy: z.string().nullish(),
  createdAt: z.iso.datetime({ offset: true }),
  featureName: z.string().nullish(),
  project: z.string().nullish(),
  environment: z.string().nullish(),
  data: z.unknown(),
  preData: z.unknown(),
  tags: z.array(Tag).nullish(),
});
export type FlagEvent = z.infer<typeof FlagEvent>;

const Events = z.object({ events: z.array(FlagEvent) });
const Environments = z.object({
  environments: z.array(z.object({ name: z.string(), type: z.string() })),
});
const Projects = z.object({ projects: z.array(z.object({ id: z.string() })) });
const Tags = z.object({ tags: z.array(Tag) });
const Grant = z.object({
  permission: z.string(),
  project: z.string().nullish(),
  environment: z.string().nullish(),
});
/** What whoever bears the token may do, and where. */
export type Grant = z.infer<typeof Grant>;
const Me = z.object({ permissions: z.array(Grant).max(10_000) });
const Ui = z.object({ version: z.string() });

export type UnleashApi = ReturnType<typeof unleashApi>;
export type UnleashAccess = {
  /** Hosts that the envelope refuses. */
  refuses?: Refuses | undefined;
  url: string;
  /** The whole Authorization header: Unleash wants the token alone. Null for none. */
  authorization: string | null;
  timeoutMs?: number;
  /** More of one answer is not read. */
  maxBytes?: number;
};

const mostBytes = 32 * 1_048_576;
/** What hangs is named on the source's status within ten seconds. */
const readTimeoutMs = 7_000;
/** As many events as one page of the search holds. */
export const eventsPerPage = 200;

export function unleashApi({
  url,
  authorization,
  refuses,
  timeoutMs = 15_000,
  maxBytes = mostBytes,
}: UnleashAccess) {
  const base = baseWithout(/\/api(\/admin)?\/*$/, 'Unleash', url);
  const reads = httpReads({ system: 'Unleash', isOurs: () => isLoopback(base) });

  function exchangeFor(
    request: { method: Exchange['method']; path: string; body?: object; query?: Record<string, string> },
    userAgent: string,
    signal: AbortSignal,
    withinMs = timeoutMs,
  ): Exchange {
    const target = new URL(base);
    target.pathname = `${base.pathname.replace(/\/+$/, '')}${request.path}`;
    for (const [name, value] of Object.entries(request.query ?? {})) target.searchParams.set(name, value);
    return {
      system: 'Unleash',
      url: target,
      method: request.method,
      headers: {
        accept: 'application/json',
        'user-agent': userAgent,
        ...(authorization === null ? {} : { authorization }),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      refuses,
      signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
    };
  }

  async function read<Data>(
    schema: z.ZodType<Data>,
    path: string,
    signal: AbortSignal,
    query: Record<string, string> = {},
  ): Promise<Data> {
    const exchange = () =>
      exchangeFor({ method: 'GET', path, query }, 'countersign', signal, Math.min(timeoutMs, readTimeoutMs));
    const parsed = schema.safeParse(await reads.read({ exchange, maxBytes, understand }, signal));
    if (parsed.success) return parsed.data;
    throw new Failure(
      'bad_reply',
      'The reply is not one that Unleash gives to this question. Is the address that of Unleash (5 or later)?',
      parsed.error,
    );
  }

  return {
    feature: ({ project, flag }: { project: string; flag: string }, signal: AbortSignal) =>
      read(Feature, `/api/admin/projects/${part(project)}/features/${part(flag)}`, signal),
    tags: async (flag: string, signal: AbortSignal) =>
      (await read(Tags, `/api/admin/features/${part(flag)}/tags`, signal)).tags,
    /** The newest first. */
    events: async (offset: number, signal: AbortSignal) => {
      const query = { limit: String(eventsPerPage), offset: String(offset) };
      return (await read(Events, '/api/admin/search/events', signal, query)).events;
    },
    environments: async (signal: AbortSignal) =>
      (await read(Environments, '/api/admin/environments', signal)).environments,
    projects: async (signal: AbortSignal) => (await read(Projects, '/api/admin/projects', signal)).projects,
    grants: async (signal: AbortSignal) => (await read(Me, '/api/admin/user', signal)).permissions,
    version: async (signal: AbortSignal) => (await read(Ui, '/api/admin/ui-config', signal)).version,
    /** One writing request, whatever comes back: what it means is the caller's to say. */
    write: (
      request: { method: 'POST' | 'PATCH'; path: string; body?: object },
      intent: string,
      signal: AbortSignal,
    ): Promise<HttpReply> => fetchReply(exchangeFor(request, `countersign/${intent}`, signal), maxBytes),
    skewMs: reads.skewMs,
  };
}

function understand(reply: HttpReply): unknown {
  if (!isSuccess(reply)) throw refusalOf(reply);
  return jsonIn(reply);
}

/** Where a flag of an environment is changed. */
export const environmentPath = ({
  project,
  flag,
  environment,
}: {
  project: string;
  flag: string;
  environment: string;
}): string => `/api/admin/projects/${part(project)}/features/${part(flag)}/environments/${part(environment)}`;

const part = (name: string) => encodeURIComponent(name);
