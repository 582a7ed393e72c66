import type { Answer } from '../http/loopback.ts';
import { qualified, type Resource } from './resources.ts';

type Cause = { reason: string; message: string; field: string };

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

type Named = Pick<Resource, 'plural' | 'group' | 'kind'>;

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
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} ${JSON.stringify(name)}: the object has been modified; please apply your changes to the latest version and try again`,
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

export const forbidden = (
  resource: Named,
  verb: string,
  namespace: string | undefined,
  name: string | undefined,
): StatusError =>
  new StatusError(
    403,
    'Forbidden',
    `${qualified(resource)}${name === undefined ? '' : ` ${JSON.stringify(name)}`} is forbidden: User "drill" cannot ${verb} resource ${JSON.stringify(resource.plural)} in API group ${JSON.stringify(resource.group)} ${namespace === undefined ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`}`,
    {
      ...(name === undefined ? {} : { name }),
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
    },
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
