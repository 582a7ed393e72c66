import { z } from 'zod';
import { baseWithout } from '../../platform/base-url.ts';
import { Failure } from '../../platform/failure.ts';
import type { Refuses } from '../../platform/forbidden-address.ts';
import type { Exchange } from '../../platform/http-exchange.ts';
import { httpReads, isLoopback } from '../../platform/http-reads.ts';
import { type HttpReply, isSuccess, jsonIn, refusalOf } from '../../platform/http-reply.ts';
import { LAST_DATE_MS } from '../../platform/last-date.ts';
import { ownMember } from '../../platform/own-member.ts';

/** The REST API, version 2 (https://launchdarkly.com/docs/api), as far as it is used here: it is only read. */
const apiVersion = '20240415';

const Link = z.object({ href: z.string().nullish() });
const Links = z.object({ next: Link.nullish() }).nullish();

const Clause = z.object({
  attribute: z.string(),
  op: z.string(),
  values: z.array(z.unknown()),
  negate: z.boolean().nullish(),
  contextKind: z.string().nullish(),
});
const Rollout = z.object({
  variations: z.array(z.object({ variation: z.number().int(), weight: z.number() })),
  bucketBy: z.string().nullish(),
  contextKind: z.string().nullish(),
});
const Served = { variation: z.number().int().nullish(), rollout: Rollout.nullish() };
const Target = z.object({
  values: z.array(z.unknown()),
  variation: z.number().int(),
  contextKind: z.string().nullish(),
});
const list = <T extends z.ZodType>(of: T) =>
  z
    .array(of)
    .nullish()
    .transform((all) => all ?? []);

const FlagConfig = z.object({
  on: z.boolean(),
  archived: z.boolean().nullish(),
  targets: list(Target),
  contextTargets: list(Target),
  rules: list(
    z.object({
      _id: z.string().nullish(),
      description: z.string().nullish(),
      disabled: z.boolean().nullish(),
      clauses: list(Clause),
      ...Served,
    }),
  ),
  fallthrough: z.object(Served).nullish(),
  offVariation: z.number().int().nullish(),
  prerequisites: list(z.object({ key: z.string(), variation: z.number().int() })),
});
export type FlagConfig = z.infer<typeof FlagConfig>;

const Flag = z.object({
  key: z.string(),
  kind: z.string().nullish(),
  archived: z.boolean().nullish(),
  tags: list(z.string()),
  variations: list(z.object({ value: z.unknown(), name: z.string().nullish() })),
  environments: z
    .record(z.string(), FlagConfig)
    .nullish()
    .transform((all) => all ?? {}),
});
export type Flag = z.infer<typeof Flag>;
/** How a flag is set in an environment, whatever that is called. */
export const configIn = ({ environments }: Flag, environment: string): FlagConfig | undefined =>
  ownMember(environments, environment);

const AuditEntry = z.object({
  _id: z.string().min(1).max(200),
  date: z.number().int().positive().max(LAST_DATE_MS),
  kind: z.string(),
  name: z.string().nullish(),
  titleVerb: z.string().nullish(),
  comment: z.string().nullish(),
  accesses: list(z.object({ action: z.string().nullish(), resource: z.string().nullish() })),
  member: z
    .object({ email: z.string().nullish(), firstName: z.string().nullish(), lastName: z.string().nullish() })
    .nullish(),
  token: z.object({ name: z.string().nullish() }).nullish(),
  app: z.object({ name: z.string().nullish() }).nullish(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
const AuditPage = z.object({ items: z.array(AuditEntry), _links: Links });

/** A version that is not that of a flag as we know it is as good as none. */
const version = Flag.nullish().catch(null);
const AuditDetail = AuditEntry.extend({ previousVersion: version, currentVersion: version });
export type AuditDetail = z.infer<typeof AuditDetail>;

const Project = z.object({
  key: z.string(),
  environments: z
    .object({ items: list(z.object({ key: z.string(), critical: z.boolean().nullish() })) })
    .nullish(),
});
export type Project = z.infer<typeof Project>;
const ProjectPage = z.object({ items: z.array(Project), _links: Links });
const Caller = z.object({ tokenName: z.string().nullish(), serviceToken: z.boolean().nullish() });

export type LaunchDarklyApi = ReturnType<typeof launchDarklyApi>;
export type LaunchDarklyAccess = {
  refuses?: Refuses | undefined;
  url: string;
  /** The whole Authorization header: LaunchDarkly wants the token alone. Null for none. */
  authorization: string | null;
  /** More of one answer is not read. */
  maxBytes?: number;
};

const mostBytes = 32 * 1_048_576;
/** What hangs is named on the source's status within ten seconds, of which half may pass before it is asked. */
const readTimeoutMs = 5_000;
/** As many as it gives at once. */
export const entriesPerPage = 20;
const projectsPerPage = 20;
const mostProjectPages = 50;

type Asked = { path: string; query?: Record<string, string> };

export function launchDarklyApi({ url, authorization, refuses, maxBytes = mostBytes }: LaunchDarklyAccess) {
  const base = baseWithout(/\/api(\/v2)?\/*$/, 'LaunchDarkly', url);
  const reads = httpReads({ system: 'LaunchDarkly', isOurs: () => isLoopback(base) });

  async function read<Data>(schema: z.ZodType<Data>, asked: Asked, signal: AbortSignal): Promise<Data> {
    const target = new URL(base);
    target.pathname = `${base.pathname.replace(/\/+$/, '')}${asked.path}`;
    for (const [name, value] of Object.entries(asked.query ?? {})) target.searchParams.set(name, value);
    const exchange = (): Exchange => ({
      system: 'LaunchDarkly',
      url: target,
      method: 'GET',
      headers: {
        accept: 'application/json',
        'user-agent': 'countersign',
        'ld-api-version': apiVersion,
        ...(authorization === null ? {} : { authorization }),
      },
      refuses,
      signal: AbortSignal.any([signal, AbortSignal.timeout(readTimeoutMs)]),
    });
    const parsed = schema.safeParse(await reads.read({ exchange, maxBytes, understand }, signal));
    if (parsed.success) return parsed.data;
    throw new Failure(
      'bad_reply',
      'The reply is not one that LaunchDarkly gives to this question. Is the address that of LaunchDarkly (https://app.launchdarkly.com)?',
      parsed.error,
    );
  }

  return {
    /** Entries between two times, the newest first, and where more of them are, if there are more. */
    async entries(asked: Asked, signal: AbortSignal): Promise<{ entries: AuditEntry[]; next: Asked | null }> {
      const page = await read(AuditPage, asked, signal);
      return { entries: page.items, next: following(page._links?.next?.href, '/api/v2/auditlog') };
    },
    entry: (id: string, signal: AbortSignal) =>
      read(AuditDetail, { path: `/api/v2/auditlog/${part(id)}` }, signal),
    flag: (where: { project: string; flag: string; environment: string }, signal: AbortSignal) =>
      read(
        Flag,
        {
          path: `/api/v2/flags/${part(where.project)}/${part(where.flag)}`,
          query: { env: where.environment },
        },
        signal,
      ),
    /** Each with its environments: all of them, or until those that are wanted were among them. */
    async projects(signal: AbortSignal, wanted: readonly string[] = []): Promise<Project[]> {
      const found: Project[] = [];
      let asked: Asked | null = {
        path: '/api/v2/projects',
        query: { limit: String(projectsPerPage), expand: 'environments' },
      };
      for (let page = 0; asked !== null && page < mostProjectPages; page += 1) {
        const reply: z.infer<typeof ProjectPage> = await read(ProjectPage, asked, signal);
        found.push(...reply.items);
        const isEnough = wanted.length > 0 && wanted.every((one) => found.some(({ key }) => key === one));
        asked = isEnough ? null : following(reply._links?.next?.href, '/api/v2/projects');
      }
      if (asked === null) return found;
      throw new Failure(
        'bad_reply',
        `LaunchDarkly shows more than ${mostProjectPages * projectsPerPage} projects, and what counts in some would be missed. Name the projects that count in the connection.`,
      );
    },
    caller: (signal: AbortSignal) => read(Caller, { path: '/api/v2/caller-identity' }, signal),
    skewMs: reads.skewMs,
  };
}

/** INVARIANT: a link is followed on this host alone, and to nothing but a further page of what was asked. */
function following(href: string | null | undefined, path: string): Asked | null {
  if (!href?.startsWith('/') || !URL.canParse(href, 'https://any.invalid')) return null;
  const next = new URL(href, 'https://any.invalid');
  if (next.host !== 'any.invalid' || next.pathname !== path) return null;
  return { path, query: Object.fromEntries(next.searchParams) };
}

function understand(reply: HttpReply): unknown {
  if (!isSuccess(reply)) throw refusalOf(withRetryAfter(reply));
  return jsonIn(reply);
}

/** It may say when its window ends (in epoch milliseconds) where others say for how long to wait. */
function withRetryAfter(reply: HttpReply): HttpReply {
  const reset = reply.headers['x-ratelimit-reset'];
  if (reply.status !== 429 || reply.headers['retry-after'] !== undefined || typeof reset !== 'string')
    return reply;
  const waitMs = Number(reset) - Date.now();
  if (!Number.isFinite(waitMs)) return reply;
  const seconds = String(Math.max(1, Math.ceil(waitMs / 1_000)));
  return { ...reply, headers: { ...reply.headers, 'retry-after': seconds } };
}

const part = (name: string) => encodeURIComponent(name);
