import { hash32, type Random, randomOf } from '../random.ts';
import type { LogEvent, LogStyle, StackTrace } from './log-event.ts';

const styles: readonly LogStyle[] = ['java', 'json', 'logfmt'];

/** The same service writes the same way in every drill. */
export const styleOf = (service: string): LogStyle =>
  styles[hash32(`style/${service}`) % styles.length] ?? 'json';

const paths: readonly string[] = [
  '/v1/items',
  '/v1/items/{id}',
  '/v1/batch',
  '/v2/query',
  '/internal/sync',
  '/v1/quotes',
];

/** A request that was answered, as one in many is logged. */
export function requestEvent(options: {
  service: string;
  caller: string;
  durationMs: number;
  random: Random;
  trace: string;
}): LogEvent {
  const { service, caller, durationMs, random, trace } = options;
  const duration = Math.max(1, Math.round(durationMs * Math.exp(0.55 * random.normal() - 0.15)));
  const slow = duration > 1_000;
  return {
    level: slow ? 'WARN' : 'INFO',
    logger: loggerOf(service, 'RequestLog'),
    message: slow ? 'slow request' : 'request completed',
    fields: {
      method: random.chance(0.8) ? 'GET' : 'POST',
      path: random.pick(paths),
      status: random.chance(0.97) ? 200 : 404,
      duration_ms: duration,
      peer: caller,
      trace_id: trace,
    },
  };
}

/** A text from outside, written down as it came: a header, a name, a comment. */
export function foreignText(service: string, text: string, random: Random): LogEvent {
  const [message, field] = random.pick([
    ['request rejected', 'user_agent'],
    ['comment saved', 'text'],
    ['could not parse note', 'note'],
  ] as const);
  return { level: 'WARN', logger: loggerOf(service, 'Input'), message, fields: { [field]: text } };
}

/** What services say all day long, and what means nothing. */
export function chatter(service: string, random: Random): LogEvent {
  const event = (
    level: LogEvent['level'],
    unit: string,
    message: string,
    fields: LogEvent['fields'] = {},
  ): LogEvent => ({ level, logger: loggerOf(service, unit), message, fields });
  const templates: readonly (() => LogEvent)[] = [
    () =>
      event('INFO', 'Cache', 'cache refreshed', {
        entries: random.integer(800, 9_000),
        took_ms: random.integer(4, 90),
      }),
    () =>
      event('INFO', 'Pool', 'connection pool', {
        active: random.integer(1, 14),
        idle: random.integer(2, 20),
        waiting: 0,
      }),
    () => event('DEBUG', 'Health', 'health check answered', { status: 'ok' }),
    () => event('INFO', 'Config', 'configuration unchanged', { revision: random.integer(3_000, 3_400) }),
    () => event('INFO', 'Metrics', 'metrics exported', { series: random.integer(240, 620) }),
    () =>
      event('INFO', 'Runtime', 'garbage collected', {
        pause_ms: random.integer(1, 28),
        freed_mb: random.integer(12, 210),
      }),
    () => event('WARN', 'Http', 'request header is deprecated', { header: 'X-Request-Start' }),
    () =>
      event('WARN', 'Auth', 'token is about to expire, refreshing', { expires_in_s: random.integer(20, 59) }),
    () =>
      event('WARN', 'Cache', 'cache miss ratio above target', {
        ratio: (0.2 + 0.2 * random.unit()).toFixed(2),
      }),
    () =>
      event('INFO', 'Queue', 'batch flushed', {
        size: random.integer(10, 100),
        took_ms: random.integer(3, 60),
      }),
  ];
  return random.pick(templates)();
}

/** The errors of an ordinary day: a few a minute, of every kind. */
export function ordinaryError(service: string, random: Random, trace: string): LogEvent {
  const [message, error] = random.pick([
    ['request failed', 'client closed the connection'],
    ['request failed', 'context deadline exceeded'],
    ['request rejected', 'quantity must be above 0'],
    ['request failed', 'lock wait timeout, transaction was rolled back'],
    ['response was not written', 'broken pipe'],
    ['request failed', 'unexpected end of JSON input'],
  ] as const);
  return {
    level: 'ERROR',
    logger: loggerOf(service, 'RequestHandler'),
    message,
    fields: { status: 500, path: random.pick(paths), error, trace_id: trace },
  };
}

/** An error of the service's own that comes again and again from one place in one version of it. */
export function versionError(
  service: string,
  version: string,
  seed: number,
  random: Random,
  trace: string,
): LogEvent {
  return {
    level: 'ERROR',
    logger: loggerOf(service, 'RequestHandler'),
    message: 'request failed',
    fields: { status: 500, path: random.pick(paths), version, trace_id: trace },
    trace: defectOf(service, version, seed),
  };
}

/** Which defect a version has; the same wherever and whenever it shows. */
function defectOf(service: string, version: string, seed: number): StackTrace {
  const random = randomOf(seed, 'defect', service, version);
  const style = styleOf(service);
  const [kind, message, unit, method] = random.pick([
    ['null', 'discount.rule() is null', 'rules.DiscountRules', 'apply'],
    ['range', 'index 16 out of range for length 16', 'codec.RecordCodec', 'readBatch'],
    ['state', 'connection was closed before the result was read', 'store.ItemStore', 'fetchAll'],
    ['parse', "unknown field 'taxZone' in message version 3", 'codec.MessageReader', 'decode'],
    ['lock', 'lock on shard 7 was not released within 2000 ms', 'store.ShardLock', 'acquire'],
    ['type', "cannot read property 'amount' of undefined", 'totals.TotalCalculator', 'sum'],
  ] as const);
  const types: Readonly<Record<LogStyle, Readonly<Record<typeof kind, string>>>> = {
    java: {
      null: 'java.lang.NullPointerException',
      range: 'java.lang.ArrayIndexOutOfBoundsException',
      state: 'java.lang.IllegalStateException',
      parse: 'com.shop.codec.DecodeException',
      lock: 'java.util.concurrent.TimeoutException',
      type: 'java.lang.ClassCastException',
    },
    json: {
      null: 'TypeError',
      range: 'RangeError',
      state: 'InvalidStateError',
      parse: 'DecodeError',
      lock: 'TimeoutError',
      type: 'TypeError',
    },
    logfmt: {
      null: 'runtime error: invalid memory address or nil pointer dereference',
      range: 'runtime error: index out of range',
      state: 'sql: connection is closed',
      parse: 'decode error',
      lock: 'context deadline exceeded',
      type: 'interface conversion',
    },
  };
  const name = pascal(service);
  const frame = (frameUnit: string, frameMethod: string) => ({
    unit: frameUnit,
    method: frameMethod,
    line: random.integer(31, 420),
  });
  return {
    type: types[style][kind],
    message,
    frames: [
      frame(unit, method),
      frame(unit, 'lambda0'),
      frame(`service.${name}Service`, 'handle'),
      frame(`api.${name}Controller`, 'post'),
      frame('http.RequestHandler', 'dispatch'),
      frame('http.FilterChain', 'next'),
    ],
  };
}

/** The service has more to do than it has cores for. */
export function overloadError(service: string, random: Random, trace: string): LogEvent {
  return {
    level: 'ERROR',
    logger: loggerOf(service, 'WorkQueue'),
    message: 'request rejected, work queue is full',
    fields: { status: 500, queued: random.integer(180, 256), capacity: 256, trace_id: trace },
  };
}

/** A call that failed, told by the caller. */
export function upstreamError(
  service: string,
  callee: string | null,
  timeoutMs: number,
  random: Random,
  trace: string,
): LogEvent {
  const [what, extra] = random.chance(0.75)
    ? ['upstream answered 500', {}]
    : ['upstream did not answer in time', { timeout_ms: timeoutMs }];
  return {
    level: 'ERROR',
    logger: loggerOf(service, 'UpstreamClient'),
    message: what,
    fields: {
      status: 503,
      upstream: callee ?? 'unknown',
      ...extra,
      attempt: random.integer(1, 3),
      trace_id: trace,
    },
  };
}

/** More errors came than are logged. */
export const suppressed = (service: string, errors: number): LogEvent => ({
  level: 'WARN',
  logger: loggerOf(service, 'LogLimiter'),
  message: 'errors were not logged, limit reached',
  fields: { suppressed: errors },
});

/** From the start of a pod to its first request. */
export function startEvents(service: string, version: string, random: Random): LogEvent[] {
  const event = (unit: string, message: string, fields: LogEvent['fields'] = {}): LogEvent => ({
    level: 'INFO',
    logger: loggerOf(service, unit),
    message,
    fields,
  });
  return [
    event('Main', `starting ${service}`, { version }),
    event('Config', 'configuration read', { settings: random.integer(18, 44) }),
    event('Pool', 'connection pool opened', { size: 20 }),
    event('Server', 'listening', { port: 8080 }),
    event('Main', 'ready', { took_ms: random.integer(1_900, 7_400) }),
  ];
}

/** From SIGTERM to the end. */
export function stopEvents(service: string, random: Random): LogEvent[] {
  const event = (message: string, fields: LogEvent['fields'] = {}): LogEvent => ({
    level: 'INFO',
    logger: loggerOf(service, 'Main'),
    message,
    fields,
  });
  return [
    event('received SIGTERM, no longer accepting requests'),
    event('open requests finished', { requests: random.integer(0, 9) }),
    event('stopped'),
  ];
}

function loggerOf(service: string, unit: string): string {
  switch (styleOf(service)) {
    case 'java':
      return `c.s.${service.replaceAll('-', '')}.${unit}`;
    case 'json':
      return unit.toLowerCase();
    case 'logfmt':
      return `${unit.toLowerCase()}.go:${40 + (hash32(`${service}/${unit}`) % 200)}`;
  }
}

const pascal = (name: string) =>
  name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
