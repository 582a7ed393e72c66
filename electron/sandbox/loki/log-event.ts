import { hexOf, type Random } from '../random.ts';

/** What a service has to say, before it is put in the form in which that service writes. */
export type LogEvent = {
  level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  /** The class, module or package that says it. */
  logger: string;
  message: string;
  fields: Readonly<Record<string, string | number>>;
  trace?: StackTrace;
};
export type StackTrace = {
  /** `java.lang.IllegalStateException`, `TypeError`, `panic`. */
  type: string;
  message: string;
  frames: readonly { unit: string; method: string; line: number }[];
};

/** How a service writes its log: as lines of Java, as JSON, or as logfmt. */
export type LogStyle = 'java' | 'json' | 'logfmt';

/** One entry of the log; a stack trace is part of it, as collectors put such lines together. */
export function writeEvent(style: LogStyle, event: LogEvent, atMs: number, random: Random): string {
  switch (style) {
    case 'java':
      return javaLine(event, atMs, random);
    case 'json':
      return jsonLine(event, atMs);
    case 'logfmt':
      return logfmtLine(event, atMs);
  }
}

function javaLine({ level, logger, message, fields, trace }: LogEvent, atMs: number, random: Random): string {
  const time = new Date(atMs).toISOString().replace('T', ' ').replace('Z', '');
  const thread = logger.endsWith('.Main') ? 'main' : `http-nio-8080-exec-${random.integer(1, 24)}`;
  const details = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
  const said = details.length === 0 ? message : `${message} [${details.join(', ')}]`;
  const line = `${time} ${level.padEnd(5)} [${thread}] ${logger} - ${said}`;
  if (!trace) return line;
  const frames = trace.frames.map(
    ({ unit, method, line: at }) => `\tat com.shop.${unit}.${method}(${unit.split('.').at(-1)}.java:${at})`,
  );
  return [
    line,
    `${trace.type}: ${trace.message}`,
    ...frames,
    `\t... ${random.integer(28, 61)} common frames omitted`,
  ].join('\n');
}

function jsonLine({ level, logger, message, fields, trace }: LogEvent, atMs: number): string {
  const stack = trace && [
    `${trace.type}: ${trace.message}`,
    ...trace.frames.map(({ unit, method, line }) => {
      const file = `/app/dist/${unit.replaceAll('.', '/')}.js`;
      return `    at ${method} (${file}:${line}:${7 + (line % 40)})`;
    }),
  ];
  return JSON.stringify({
    level: level.toLowerCase(),
    time: new Date(atMs).toISOString(),
    logger,
    msg: message,
    ...fields,
    ...(trace ? { err: { type: trace.type, message: trace.message, stack: stack?.join('\n') } } : {}),
  });
}

function logfmtLine({ level, logger, message, fields, trace }: LogEvent, atMs: number): string {
  const pairs: [string, string | number][] = [
    ['ts', new Date(atMs).toISOString()],
    ['level', level.toLowerCase()],
    ['caller', logger],
    ['msg', message],
    ...Object.entries(fields),
  ];
  if (trace) {
    const frames = trace.frames.map(
      ({ unit, method, line }) =>
        `${unit.replaceAll('.', '/')}.${method}()\n\t/src/${unit.replaceAll('.', '/')}.go:${line}`,
    );
    pairs.push(['err', `${trace.type}: ${trace.message}`]);
    pairs.push(['stack', ['goroutine 1 [running]:', ...frames].join('\n')]);
  }
  return pairs.map(([name, value]) => `${name}=${logfmtValue(String(value))}`).join(' ');
}

function logfmtValue(value: string): string {
  if (value !== '' && !/[\s="\\]/.test(value)) return value;
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `"${escaped.replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;
}

export const traceId = (text: string) => hexOf(text, 32);
