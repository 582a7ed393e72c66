/** A question that has no answer, in the words of Loki; answered as plain text. */
export class LogQueryError extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.name = 'LogQueryError';
    this.status = status;
  }
}

/** A query that cannot be read, with the place where reading ended, counted from 1. */
export const parseError = (message: string, column: number | null = null, line = 1): LogQueryError =>
  new LogQueryError(
    column === null ? `parse error : ${message}` : `parse error at line ${line}, col ${column}: ${message}`,
  );

/** What LogQL has and this server has not. */
export const unsupported = (what: string): LogQueryError =>
  new LogQueryError(`${what} is not supported by this simulated Loki`);
