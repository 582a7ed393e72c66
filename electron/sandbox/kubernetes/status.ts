import type { Answer } from '../http/loopback.ts';
import { qualified } from './resources.ts';

/** One thing that is wrong with a request, and where. */
export type Cause = { reason: string; message: string; field: string };

/** A refusal by the API server: a `Status` object (meta/v1) under the HTTP code it carries. */
export class StatusError extends Error {
  readonly status: object;
  readonly code: number;

  constructor(code: number, reason: string, message: string, details?: object) {
    super(message);
    this.name = 'StatusError';
    this.code = code;
    this.status = statusObject(code, reason, message, details);
  }

  /** The same refusal with more in its object. */
  with(more: object): StatusError {
    Object.assign(this.status, more);
    return this;
  }
}

const statusObject = (code: number, reason: string, message: string, details?: object) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  reason,
  ...(details ? { details } : {}),
  code,
});

type Named = { plural: string; group: string; kind: string };

const detailsOf = (resource: Named, name: string) => ({
  name,
  ...(resource.group === '' ? {} : { group: resource.group }),
  kind: resource.plural,
});

export const notFound = (resource: Named, name: string): StatusError =>
  new StatusError(
    404,
    'NotFound',
    `${qualified(resource)} ${JSON.stringify(name)} not found`,
    detailsOf(resource, name),
  );

export const unknownPath = (): StatusError =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});

export const badRequest = (message: string): StatusError => new StatusError(400, 'BadRequest', message);

/** A JSON patch that is well-formed and cannot be carried out. */
export const rejectedPatch = (why: string): StatusError =>
  new StatusError(
    422,
    'Invalid',
    `the server rejected our request due to an error in our request: ${why}`,
    {},
  );

export const conflict = (resource: Named, name: string): StatusError =>
  conflictOf(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );

export const conflictOf = (resource: Named, name: string, why: string): StatusError =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} ${JSON.stringify(name)}: ${why}`,
    detailsOf(resource, name),
  );

export function invalid(resource: Named, name: string, causes: readonly Cause[]): StatusError {
  const sentences = causes.map(({ field, message }) => `${field}: ${message}`);
  const summary = sentences.length === 1 ? sentences[0] : `[${sentences.join(', ')}]`;
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  return new StatusError(422, 'Invalid', `${kind} ${JSON.stringify(name)} is invalid: ${summary}`, {
    ...detailsOf(resource, name),
    kind: resource.kind,
    causes,
  });
}

/** What no rule of the client's role allows. */
export function forbidden(
  user: string,
  asked: {
    verb: string;
    group: string;
    resource: string;
    namespace: string | undefined;
    name: string | undefined;
  },
): StatusError {
  const { verb, group, resource, namespace, name } = asked;
  const [plural = ''] = resource.split('/');
  const where =
    namespace === undefined ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  const what = `${qualified({ plural, group })}${name === undefined ? '' : ` ${JSON.stringify(name)}`}`;
  return new StatusError(
    403,
    'Forbidden',
    `${what} is forbidden: User ${JSON.stringify(user)} cannot ${verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(group)} ${where}`,
    { ...(name === undefined ? {} : { name }), ...(group === '' ? {} : { group }), kind: plural },
  );
}

/** Whoever grants what they do not hold. */
export function escalation(
  resource: Named,
  name: string,
  { user, groups }: { user: string; groups: readonly string[] },
  missing: readonly Readonly<Record<string, unknown>>[],
): StatusError {
  const list = (values: readonly string[]) => `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;
  const titles = {
    apiGroups: 'APIGroups',
    resources: 'Resources',
    nonResourceURLs: 'NonResourceURLs',
    resourceNames: 'ResourceNames',
    verbs: 'Verbs',
  };
  const rules = missing.map((rule) => {
    const said = Object.entries(titles).flatMap(([field, title]) => {
      const values = rule[field];
      return Array.isArray(values) ? `${title}:${list(values)}` : [];
    });
    return `{${said.join(', ')}}`;
  });
  const why = `user ${JSON.stringify(user)} (groups=${list(groups)}) is attempting to grant RBAC permissions not currently held:\n${rules.join('\n')}`;
  const message = `${qualified(resource)} ${JSON.stringify(name)} is forbidden: ${why}`;
  return new StatusError(403, 'Forbidden', message, detailsOf(resource, name));
}

export const alreadyExists = (resource: Named, name: string): StatusError =>
  new StatusError(
    409,
    'AlreadyExists',
    `${qualified(resource)} ${JSON.stringify(name)} already exists`,
    detailsOf(resource, name),
  );

export const forbiddenPath = (user: string, verb: string, path: string): StatusError =>
  new StatusError(
    403,
    'Forbidden',
    `forbidden: User ${JSON.stringify(user)} cannot ${verb} path ${JSON.stringify(path)}`,
    {},
  );

export const notAcceptable = (accepted: readonly string[]): StatusError =>
  new StatusError(
    406,
    'NotAcceptable',
    `only the following media types are accepted: ${accepted.join(', ')}`,
    {},
  );

export const methodNotAllowed = (): StatusError =>
  new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );

export const unsupportedMediaType = (accepted: readonly string[]): StatusError =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
    {},
  );

export const expired = (asked: number, oldest: number): StatusError =>
  new StatusError(410, 'Expired', `too old resource version: ${asked} (${oldest})`);

/** A list that cannot go on as it began; its continuation is one that shows things as they are now. */
export function expiredContinue(token: string | null, asked: number, oldest: number): StatusError {
  if (token === null) return expired(asked, oldest);
  const error = new StatusError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
  return error.with({ metadata: { continue: token } });
}

export const tooLargeVersion = (asked: number, newest: number): StatusError =>
  new StatusError(504, 'Timeout', `Too large resource version: ${asked}, current: ${newest}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

/** An eviction that a disruption budget does not allow now. */
export const overBudget = (budget: string, healthy: number, needed: number): StatusError =>
  new StatusError(
    429,
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    {
      causes: [
        {
          reason: 'DisruptionBudget',
          message: `The disruption budget ${budget} needs ${needed} healthy pods and has ${healthy} currently`,
        },
      ],
    },
  );

export const internalError = (why: string): StatusError =>
  new StatusError(500, 'InternalError', `Internal error occurred: ${why}`, { causes: [{ message: why }] });

/** What the server answers when something was done and there is nothing to show. */
export const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };

export const answerOf = ({ code, status }: StatusError): Answer => jsonAnswer(code, status);

export const jsonAnswer = (status: number, body: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' },
  body: JSON.stringify(body),
});

export const refusals = {
  unauthorized: jsonAnswer(401, statusObject(401, 'Unauthorized', 'Unauthorized')),
  tooLarge: jsonAnswer(
    413,
    statusObject(413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728'),
  ),
  failed: jsonAnswer(500, statusObject(500, 'InternalError', 'Internal error occurred')),
};
