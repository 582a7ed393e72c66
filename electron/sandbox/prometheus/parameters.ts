import type { Request } from '../http/loopback.ts';
import { durationMs } from './promql/duration.ts';
import { QueryError } from './promql/query-error.ts';

/** Address and form together. */
export function parametersOf(request: Request): URLSearchParams {
  const parameters = new URLSearchParams(request.query);
  if (request.method !== 'POST') return parameters;
  if (!/^application\/x-www-form-urlencoded\b/.test(request.contentType)) return parameters;
  for (const [name, value] of new URLSearchParams(request.body)) parameters.append(name, value);
  return parameters;
}

export function badParameter(name: string, why: string): never {
  throw new QueryError('bad_data', `invalid parameter ${JSON.stringify(name)}: ${why}`);
}

/** Runs a reader of a parameter; what it complains about is said of that parameter. */
export function readParameter<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof QueryError && error.type === 'bad_data') badParameter(name, error.message);
    throw error;
  }
}

/** A time that must be given: seconds, or RFC 3339. */
export function timeOf(parameters: URLSearchParams, name: string): number {
  const given = parameters.get(name) ?? '';
  return timeIn(given) ?? badParameter(name, `cannot parse ${JSON.stringify(given)} to a valid timestamp`);
}

export function optionalTimeOf(parameters: URLSearchParams, name: string, otherwise: number): number {
  const given = parameters.get(name) ?? '';
  if (given === '') return otherwise;
  const why = `Invalid time value for '${name}': cannot parse ${JSON.stringify(given)} to a valid timestamp`;
  return timeIn(given) ?? badParameter(name, why);
}

export function stepOf(parameters: URLSearchParams): number {
  const milliseconds = durationOf(parameters, 'step');
  if (milliseconds > 0) return milliseconds;
  return badParameter(
    'step',
    'zero or negative query resolution step widths are not accepted. Try a positive integer',
  );
}

/** Nothing here takes long enough to need one, but what is given must be a duration. */
export function checkTimeout(parameters: URLSearchParams): void {
  if ((parameters.get('timeout') ?? '') !== '') durationOf(parameters, 'timeout');
}

function durationOf(parameters: URLSearchParams, name: string): number {
  const given = parameters.get(name) ?? '';
  return durationMs(given) ?? badParameter(name, `cannot parse ${JSON.stringify(given)} to a valid duration`);
}

function timeIn(given: string): number | null {
  const seconds = given.trim() === '' ? Number.NaN : Number(given);
  if (Number.isFinite(seconds)) return Math.round(seconds * 1_000);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)$/i.test(given)) return null;
  const milliseconds = Date.parse(given);
  return Number.isFinite(milliseconds) ? milliseconds : null;
}
