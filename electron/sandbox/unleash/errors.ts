import { FlagError, type FlagErrorName } from '../flags/flag.ts';
import { uuidOf } from '../random.ts';
import { json } from './answer.ts';

type Problem = ReturnType<typeof json>;

export type Detail = { message: string; path?: string };

/** Data that is not what its schema says, with one detail for what is wrong. */
export class BadData extends Error {
  readonly details: readonly Detail[];

  constructor(details: readonly Detail[]) {
    super(
      'Request validation failed: your request body or params contain invalid data. Refer to the `details` list for more information.',
    );
    this.name = 'BadDataError';
    this.details = details;
  }
}

/** The words for a value that is none of those there are. */
export function notAllowed(name: string, allowed: readonly string[], given: string): string {
  const listed = allowed.map((value) => `"${value}"`).join(', ');
  return `The \`${name}\` property must be equal to one of the allowed values: ${listed}. You provided "${given}", which is not valid. Please use one of the allowed values instead..`;
}

/** What Express refuses before Unleash sees it: told in one sentence, without a name. */
export class BadRequest extends Error {
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string) {
    super(message);
    this.name = 'BadRequest';
    this.status = status;
  }
}

/** A media type that no body may have here. */
export class ContentTypeError extends Error {
  constructor(given: string) {
    super(
      `We do not accept the content-type you provided (${given || "you didn't provide one"}). Try using one of the content-types we do accept instead (application/json) and make sure the body is in the corresponding format.`,
    );
    this.name = 'ContentTypeError';
  }
}

const statuses: Readonly<Record<FlagErrorName, number>> = {
  NotFoundError: 404,
  NameExistsError: 409,
  InvalidOperationError: 403,
  ArchivedFeatureError: 400,
  ExceedsLimitError: 400,
  BadDataError: 400,
};

/** The answer to what went wrong, in Unleash's shape; what is no error of the client is thrown on. */
export function errorAnswer(error: unknown, id: string): Problem {
  if (error instanceof BadRequest) return json(error.status, { message: error.message });
  if (error instanceof ContentTypeError) return problem(415, id, error.name, error.message);
  if (error instanceof BadData) return problem(400, id, error.name, error.message, error.details);
  if (!(error instanceof FlagError)) throw error;
  const message =
    error.name === 'BadDataError'
      ? `Request validation failed: your request body or params contain invalid data: ${error.message}`
      : error.message;
  return problem(statuses[error.name], id, error.name, message, [{ message: error.message }]);
}

const problem = (
  status: number,
  id: string,
  name: string,
  message: string,
  details: readonly Detail[] = [{ message }],
): Problem => json(status, { id, name, message, details });

/** What the server says before anybody reads the request. */
export const refusals = {
  unauthorized: problem(
    401,
    uuidOf('unleash-unauthorized'),
    'UnauthorizedError',
    'You must log in to use Unleash.',
  ),
  tooLarge: json(413, { message: 'request entity too large' }),
  failed: problem(500, uuidOf('unleash-failed'), 'UnknownError', 'Something went wrong'),
};
