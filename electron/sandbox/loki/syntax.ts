import { PatternError, re2Pattern } from '../http/re2-pattern.ts';
import { durationMs } from '../prometheus/promql/duration.ts';
import { LogQueryError, parseError, unsupported } from './query-error.ts';
import { type Token, tokensOf } from './tokens.ts';

export type MatchOperator = '=' | '!=' | '=~' | '!~';
export type StreamMatcher = {
  name: string;
  operator: MatchOperator;
  value: string;
  test: (value: string) => boolean;
};
export type LineFilter = { kind: 'line'; test: (line: string) => boolean };
export type LabelCondition = { name: string; test: (value: string | undefined) => boolean | 'error' };
export type Stage =
  | LineFilter
  | { kind: 'json' }
  | { kind: 'logfmt' }
  /** Any of these lists, each true when all in it are. */
  | { kind: 'labels'; anyOf: LabelCondition[][] };
export type LogQuery = { kind: 'logs'; matchers: StreamMatcher[]; stages: Stage[] };

export type RangeOperation = 'count_over_time' | 'rate' | 'bytes_over_time' | 'bytes_rate';
export type VectorOperation = 'sum' | 'avg' | 'min' | 'max' | 'count';
export type MetricQuery =
  | { kind: 'range'; operation: RangeOperation; logs: LogQuery; rangeMs: number }
  | { kind: 'vector'; operation: VectorOperation; keep: boolean; names: string[]; of: MetricQuery };
export type Query = LogQuery | MetricQuery;

const rangeOperations: readonly string[] = ['count_over_time', 'rate', 'bytes_over_time', 'bytes_rate'];
const vectorOperations: readonly string[] = ['sum', 'avg', 'min', 'max', 'count'];
const otherOperations: readonly string[] = [
  'absent_over_time',
  'avg_over_time',
  'bottomk',
  'first_over_time',
  'label_replace',
  'last_over_time',
  'max_over_time',
  'min_over_time',
  'quantile_over_time',
  'rate_counter',
  'sort',
  'sort_desc',
  'stddev',
  'stddev_over_time',
  'stdvar',
  'stdvar_over_time',
  'sum_over_time',
  'topk',
  'vector',
];
const otherStages: readonly string[] = [
  'decolorize',
  'drop',
  'keep',
  'label_format',
  'line_format',
  'pattern',
  'regexp',
  'unpack',
  'unwrap',
  'distinct',
];

const noMatcher =
  'queries require at least one regexp or equality matcher that does not have an empty-compatible value. For instance, app=~".*" does not meet this requirement, but app=~".+" will';

/**
 * The part of LogQL that incident work needs: stream selectors with line filters, `json`, `logfmt` and label filters,
 * counted and rated over time, put together by labels. What else LogQL has is named in the error.
 */
export function parseQuery(text: string): Query {
  const reader = tokenReader(text);
  const query = readQuery(reader);
  reader.end();
  return query;
}

/** A stream selector alone, as `match[]` takes it. */
export function parseSelector(text: string): StreamMatcher[] {
  const query = parseQuery(text);
  if (query.kind !== 'logs' || query.stages.length > 0)
    throw new LogQueryError('only label matchers are supported');
  return query.matchers;
}

type Reader = {
  peek(): Token;
  take(): Token;
  /** Takes a symbol, a word or a kind of token, or fails as yacc does. */
  expect(wanted: string, expecting?: string): Token;
  skip(text: string): boolean;
  fail(expecting?: string): never;
  end(): void;
};

function tokenReader(text: string): Reader {
  const tokens = tokensOf(text);
  let position = 0;
  const peek = (): Token => tokens[position] ?? { kind: '$end', text: '', at: text.length };
  const isThere = (wanted: string) => {
    const { kind, text: found } = peek();
    return kind === wanted || (kind !== 'STRING' && found === wanted);
  };
  function fail(expecting?: string): never {
    const { kind, text: found, at } = peek();
    const name =
      kind === 'symbol' ? found : kind === 'IDENTIFIER' && isKeyword(found) ? found.toUpperCase() : kind;
    const message = `syntax error: unexpected ${name}${expecting === undefined ? '' : `, expecting ${expecting}`}`;
    // An empty query has no place where reading could have ended.
    if (text.trim() === '') throw parseError('syntax error: unexpected $end');
    const before = text.slice(0, at).split('\n');
    throw parseError(message, (before.at(-1) ?? '').length + 1, before.length);
  }
  const reader: Reader = {
    peek,
    fail,
    take() {
      const token = peek();
      position += 1;
      return token;
    },
    expect: (wanted, expecting = wanted) => (isThere(wanted) ? reader.take() : fail(expecting)),
    skip(wanted) {
      if (!isThere(wanted)) return false;
      position += 1;
      return true;
    },
    end() {
      if (peek().kind === '$end') return;
      if (peek().kind === 'symbol' && /^[-+*/%^<>=]|^(?:==|>=|<=|!=)$/.test(peek().text)) {
        throw unsupported(`arithmetic with ${peek().text}`);
      }
      fail();
    },
  };
  return reader;
}

const isKeyword = (word: string): boolean =>
  rangeOperations.includes(word) ||
  vectorOperations.includes(word) ||
  ['by', 'without', 'json', 'logfmt'].includes(word);

function readQuery(reader: Reader): Query {
  const { kind, text } = reader.peek();
  if (kind !== 'IDENTIFIER') {
    if (kind === 'symbol' && text === '(') {
      reader.take();
      const inner = readQuery(reader);
      reader.expect(')');
      return inner;
    }
    return readLogs(reader);
  }
  if (rangeOperations.includes(text)) return readRange(reader, text as RangeOperation);
  if (vectorOperations.includes(text)) return readVector(reader, text as VectorOperation);
  if (otherOperations.includes(text)) throw unsupported(text);
  return reader.fail();
}

function readRange(reader: Reader, operation: RangeOperation): MetricQuery {
  reader.take();
  reader.expect('(');
  const logs = readLogs(reader);
  const rangeMs = readDuration(reader);
  if (reader.peek().text === 'offset') throw unsupported('offset');
  reader.expect(')');
  return { kind: 'range', operation, logs, rangeMs };
}

function readDuration(reader: Reader): number {
  reader.expect('[', 'RANGE');
  const { text } = reader.expect('DURATION', 'DURATION');
  reader.expect(']');
  const milliseconds = durationMs(text);
  if (milliseconds === null || milliseconds <= 0) {
    throw parseError(`not a valid duration string: ${JSON.stringify(text)}`);
  }
  return milliseconds;
}

function readVector(reader: Reader, operation: VectorOperation): MetricQuery {
  reader.take();
  const before = readGrouping(reader);
  reader.expect('(');
  const of = readQuery(reader);
  if (of.kind === 'logs') return reader.fail();
  reader.expect(')');
  const { keep, names } = before ?? readGrouping(reader) ?? { keep: true, names: [] };
  return { kind: 'vector', operation, keep, names, of };
}

function readGrouping(reader: Reader): { keep: boolean; names: string[] } | null {
  const word = reader.peek().text;
  if (word !== 'by' && word !== 'without') return null;
  reader.take();
  reader.expect('(');
  const names: string[] = [];
  while (!reader.skip(')')) {
    names.push(reader.expect('IDENTIFIER').text);
    if (reader.peek().text !== ')') reader.expect(',', ', or )');
  }
  return { keep: word === 'by', names };
}

function readLogs(reader: Reader): LogQuery {
  if (reader.skip('(')) {
    const inner = readLogs(reader);
    reader.expect(')');
    return inner;
  }
  reader.expect('{', '{ or (');
  const matchers: StreamMatcher[] = [];
  while (!reader.skip('}')) {
    matchers.push(readMatcher(reader));
    if (reader.skip('}')) break;
    reader.expect(',', '} or ,');
  }
  if (!matchers.some(({ test }) => !test(''))) throw parseError(noMatcher);
  const stages: Stage[] = [];
  for (let stage = readStage(reader); stage !== null; stage = readStage(reader)) stages.push(stage);
  return { kind: 'logs', matchers, stages };
}

const matchOperators: readonly string[] = ['=', '!=', '=~', '!~'];

function readMatcher(reader: Reader): StreamMatcher {
  const name = reader.expect('IDENTIFIER', 'IDENTIFIER or }').text;
  if (!matchOperators.includes(reader.peek().text)) reader.fail('= or != or =~ or !~');
  const operator = reader.take().text as MatchOperator;
  const value = reader.expect('STRING').text;
  return { name, operator, value, test: textTest(operator, value) };
}

function textTest(operator: MatchOperator, value: string): (text: string) => boolean {
  if (operator === '=') return (text) => text === value;
  if (operator === '!=') return (text) => text !== value;
  const pattern = compiled(value, true);
  return operator === '=~' ? (text) => pattern.test(text) : (text) => !pattern.test(text);
}

function compiled(source: string, whole: boolean): RegExp {
  try {
    return re2Pattern(source, { whole });
  } catch (error) {
    if (error instanceof PatternError) throw parseError(error.message);
    throw error;
  }
}

function readStage(reader: Reader): Stage | null {
  const { kind, text } = reader.peek();
  if (kind !== 'symbol') return null;
  if (text === '|=' || text === '!=' || text === '|~' || text === '!~') return readLineFilter(reader, text);
  if (text !== '|') return null;
  reader.take();
  const word = reader.peek();
  if (word.kind === 'IDENTIFIER' && (word.text === 'json' || word.text === 'logfmt')) {
    reader.take();
    if (reader.peek().kind === 'IDENTIFIER') throw unsupported(`${word.text} with parameters`);
    return { kind: word.text };
  }
  if (word.kind === 'IDENTIFIER' && otherStages.includes(word.text)) throw unsupported(word.text);
  return readLabelFilter(reader);
}

/** `|= "a" or "b"` passes a line that has either, `!= "a" or "b"` one that has neither. */
function readLineFilter(reader: Reader, operator: string): LineFilter {
  reader.take();
  const tests: ((line: string) => boolean)[] = [];
  do {
    if (reader.peek().text === 'ip' && reader.peek().kind === 'IDENTIFIER') throw unsupported('ip');
    const { text } = reader.expect('STRING', 'STRING or ip');
    if (operator.endsWith('=')) tests.push((line) => line.includes(text));
    else {
      const pattern = compiled(text, false);
      tests.push((line) => pattern.test(line));
    }
  } while (reader.skip('or'));
  const found = (line: string) => tests.some((test) => test(line));
  return { kind: 'line', test: operator.startsWith('|') ? found : (line) => !found(line) };
}

function readLabelFilter(reader: Reader): Stage {
  const anyOf: LabelCondition[][] = [[]];
  for (;;) {
    anyOf.at(-1)?.push(readCondition(reader));
    if (reader.skip('or')) anyOf.push([]);
    else if (!reader.skip('and') && !reader.skip(',')) return { kind: 'labels', anyOf };
  }
}

function readCondition(reader: Reader): LabelCondition {
  if (reader.peek().text === '(') throw unsupported('a label filter in parentheses');
  const name = reader.expect('IDENTIFIER').text;
  const operator = reader.peek().text;
  if (!['=', '==', '!=', '=~', '!~', '>', '>=', '<', '<='].includes(operator)) {
    reader.fail('= or != or =~ or !~ or > or >= or < or <=');
  }
  reader.take();
  const value = reader.peek();
  if (value.kind === 'STRING' && matchOperators.includes(operator)) {
    const test = textTest(operator as MatchOperator, reader.take().text);
    return { name, test: (text) => test(text ?? '') };
  }
  if (value.kind !== 'NUMBER' && value.kind !== 'DURATION') reader.fail('NUMBER or DURATION');
  const inMs = value.kind === 'DURATION';
  const limit = inMs ? (durationMs(reader.take().text) ?? Number.NaN) : Number(reader.take().text);
  const compare = comparison(operator, limit);
  return {
    name,
    test(text) {
      if (text === undefined) return false;
      const number = inMs ? goDurationMs(text) : Number(text);
      return text === '' || Number.isNaN(number) ? 'error' : compare(number);
    },
  };
}

function comparison(operator: string, limit: number): (value: number) => boolean {
  switch (operator) {
    case '>':
      return (value) => value > limit;
    case '>=':
      return (value) => value >= limit;
    case '<':
      return (value) => value < limit;
    case '<=':
      return (value) => value <= limit;
    case '!=':
      return (value) => value !== limit;
    default:
      return (value) => value === limit;
  }
}

const goUnitsMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 3.6e6,
};

function goDurationMs(text: string): number {
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return Number.NaN;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (goUnitsMs[unit ?? ''] ?? Number.NaN);
  }
  return total;
}
