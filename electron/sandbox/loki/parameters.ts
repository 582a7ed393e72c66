import { durationMs } from '../prometheus/promql/duration.ts';
import { LogQueryError } from './query-error.ts';
import type { Direction, Span } from './run-query.ts';

const nsPerMs = 1_000_000n;
const defaultLimit = 100;
const maxLimit = 5_000;
const maxSpanMs = 721 * 3_600_000;
const maxPoints = 11_000n;

export const nsOf = (atMs: number): bigint => BigInt(Math.floor(atMs)) * nsPerMs;

/** At most this many lines; Loki refuses more than its configured limit. */
export function limitOf(parameters: URLSearchParams): number {
  const text = parameters.get('limit') ?? '';
  if (text === '') return defaultLimit;
  if (!/^[+-]?\d+$/.test(text)) {
    throw new LogQueryError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const limit = Number(text);
  if (limit <= 0) throw new LogQueryError('limit must be a positive value');
  if (limit > maxLimit) {
    throw new LogQueryError(
      `max entries limit per query exceeded, limit > max_entries_limit_per_query (${limit} > ${maxLimit})`,
    );
  }
  return limit;
}

export function directionOf(parameters: URLSearchParams): Direction {
  const text = parameters.get('direction') || 'backward';
  const direction = text.toLowerCase();
  if (direction === 'forward' || direction === 'backward') return direction;
  throw new LogQueryError(`invalid direction '${text}'`);
}

/** `start` and `end`, or `since` before the end; the last hour when nothing is said. */
export function spanOf(parameters: URLSearchParams, nowMs: number, defaultMs = 3_600_000): Span {
  const now = nsOf(nowMs);
  const toNs = timeOf(parameters, 'end') ?? now;
  const since = parameters.get('since') ?? '';
  const sinceMs = since === '' ? defaultMs : durationMs(since);
  if (sinceMs === null) {
    throw new LogQueryError(
      `could not parse 'since' parameter: not a valid duration string: ${JSON.stringify(since)}`,
    );
  }
  const fromNs = timeOf(parameters, 'start') ?? (toNs < now ? toNs : now) - nsOf(sinceMs);
  if (toNs < fromNs) throw new LogQueryError('end timestamp must not be before or equal to start time');
  if (toNs - fromNs > nsOf(maxSpanMs)) {
    const hours = Number((toNs - fromNs) / nsOf(3_600_000));
    throw new LogQueryError(
      `the query time range exceeds the limit (query length: ${hours}h0m0s, limit: 30d1h)`,
    );
  }
  return { fromNs, toNs };
}

/** Nanoseconds, seconds (up to ten digits, or with a fraction) or RFC 3339; null when nothing is said. */
export function timeOf(parameters: URLSearchParams, name: string): bigint | null {
  const text = parameters.get(name) ?? '';
  if (text === '') return null;
  if (/^-?\d+\.\d*$/.test(text)) return nsOf(Math.round(Number(text) * 1_000));
  if (/^-?\d{1,19}$/.test(text)) return text.length <= 10 ? BigInt(text) * 1_000_000_000n : BigInt(text);
  const [, seconds, fraction = '', zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const parsed = Date.parse(`${seconds}${zone}`);
  if (!Number.isNaN(parsed)) return nsOf(parsed) + BigInt(fraction.padEnd(9, '0'));
  throw new LogQueryError(
    `could not parse '${name}' parameter: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

/** The times at which a metric query is evaluated; without `step`, 250 of them. */
export function stepsOf(parameters: URLSearchParams, { fromNs, toNs }: Span): bigint[] {
  const text = parameters.get('step') ?? '';
  const spanSeconds = Number((toNs - fromNs) / 1_000_000_000n);
  const stepMs =
    text === ''
      ? Math.max(1, Math.floor(spanSeconds / 250)) * 1_000
      : /^-/.test(text)
        ? -1
        : durationMs(text);
  if (stepMs === null) throw new LogQueryError(`cannot parse ${JSON.stringify(text)} to a valid duration`);
  const step = nsOf(stepMs);
  if (step <= 0n) {
    throw new LogQueryError(
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  if ((toNs - fromNs) / step > maxPoints) {
    throw new LogQueryError(
      'exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter',
    );
  }
  const times: bigint[] = [];
  for (let at = fromNs; at <= toNs; at += step) times.push(at);
  return times;
}
