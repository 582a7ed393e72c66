import { z } from 'zod';
import type { HeldAlert } from './alert-book.ts';
import type { SilenceDraft } from './silences.ts';

/** A body that is not what its schema says, in the words and codes of go-openapi. */
export class BadBody extends Error {
  readonly status: 400 | 422;
  readonly code: number;

  constructor(status: 400 | 422, code: number, message: string) {
    super(message);
    this.name = 'BadBody';
    this.status = status;
    this.code = code;
  }
}

/** Reads dates as go-openapi does: seconds may have fractions, and a time without a zone is UTC. */
const DateTime = z.string().transform((text, context) => {
  const parsed = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?$/i.test(text)
    ? Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`)
    : Number.NaN;
  if (!Number.isNaN(parsed)) return parsed;
  context.addIssue({
    code: 'custom',
    message: `parsing time ${JSON.stringify(text)} as "2006-01-02 15:04:05": cannot parse ${JSON.stringify(text)} as "2006"`,
  });
  return z.NEVER;
});

const Texts = z.record(z.string(), z.string());

// Fields in the order in which the real server complains of them.
const PostedMatcher = z.object({
  isEqual: z.boolean().default(true),
  isRegex: z.boolean(),
  name: z.string(),
  value: z.string(),
});
const PostedSilence = z.object({
  id: z.string().optional(),
  comment: z.string(),
  createdBy: z.string(),
  endsAt: DateTime,
  matchers: z.array(PostedMatcher).min(1),
  startsAt: DateTime,
});
const PostedAlert = z.object({
  labels: Texts,
  annotations: Texts.optional(),
  startsAt: DateTime.optional(),
  endsAt: DateTime.optional(),
  generatorURL: z.string().optional(),
});

/** How Go calls what a field is made of. */
const goTypes: Readonly<Record<string, string>> = {
  matchers: 'models.Matchers',
  isRegex: 'bool',
  isEqual: 'bool',
  labels: 'models.LabelSet',
  annotations: 'models.LabelSet',
};

/** The silence that a request carries; `comment` and `createdBy` may be empty, as they may be for the real server. */
export function silenceIn(body: string): SilenceDraft {
  const json = jsonIn(body, 'silence');
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw unreadable(
      'silence',
      `json: cannot unmarshal ${kindOf(json)} into Go value of type struct { ID string "json:\\"id,omitempty\\"" }`,
    );
  }
  const { id, startsAt, endsAt, ...rest } = parsed(PostedSilence, json, 'silence', 'Silence');
  return { ...rest, id: id === undefined || id === '' ? null : id, startsMs: startsAt, endsMs: endsAt };
}

/** The alerts that a request carries, with the times that Alertmanager fills in. */
export function alertsIn(body: string, atMs: number): HeldAlert[] {
  const json = jsonIn(body, 'alerts');
  if (!Array.isArray(json)) {
    throw unreadable(
      'alerts',
      `json: cannot unmarshal ${kindOf(json)} into Go value of type models.PostableAlerts`,
    );
  }
  return parsed(z.array(PostedAlert), json, 'alerts', 'PostableAlert').map((alert) => ({
    labels: Object.fromEntries(Object.entries(alert.labels).filter(([, value]) => value !== '')),
    annotations: alert.annotations ?? {},
    startsMs: alert.startsAt ?? alert.endsAt ?? atMs,
    endsMs: alert.endsAt ?? atMs + resolveTimeoutMs,
    updatedMs: atMs,
    generatorUrl: alert.generatorURL ?? '',
  }));
}

const resolveTimeoutMs = 5 * 60_000;

function parsed<Data>(schema: z.ZodType<Data>, json: unknown, what: string, goStruct: string): Data {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issues = result.error.issues;
  // What cannot be decoded is found before anything that is missing.
  const undecodable = issues.find(
    (issue) =>
      issue.code === 'custom' || (issue.code === 'invalid_type' && at(json, issue.path) !== undefined),
  );
  if (undecodable?.code === 'custom') throw unreadable(what, undecodable.message);
  if (undecodable) {
    const field = undecodable.path.filter((part) => typeof part === 'string').join('.');
    const type = goTypes[String(undecodable.path.at(-1))] ?? 'string';
    const kind = kindOf(at(json, undecodable.path));
    throw unreadable(
      what,
      `json: cannot unmarshal ${kind} into Go struct field ${goStruct}.${field} of type ${type}`,
    );
  }
  const [first] = issues;
  const path = first?.path.join('.') ?? '';
  if (first?.code === 'too_small')
    throw new BadBody(422, 612, `${path} in body should have at least 1 items`);
  throw new BadBody(422, 602, `${path} in body is required`);
}

const unreadable = (what: string, why: string) =>
  new BadBody(400, 400, `parsing ${what} body from "" failed, because ${why}`);

function jsonIn(body: string, what: string): unknown {
  if (body === '') throw new BadBody(422, 602, `${what} in body is required`);
  try {
    return JSON.parse(body);
  } catch (error) {
    const message = String(error);
    const [, position] = /at position (\d+)/.exec(message) ?? [];
    const [, token] = /Unexpected token '(.)'/s.exec(message) ?? [];
    const character = token ?? (position === undefined ? '' : body.charAt(Number(position)));
    throw unreadable(
      what,
      character === '' ? 'unexpected EOF' : `invalid character '${character}' looking for beginning of value`,
    );
  }
}

function at(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    json,
  );
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : value === null ? 'null' : typeof value;
}
