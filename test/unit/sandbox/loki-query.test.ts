import { expect, it } from 'vitest';
import { throughStages } from '../../../electron/sandbox/loki/pipeline.ts';
import { parseQuery, parseSelector } from '../../../electron/sandbox/loki/syntax.ts';

function through(query: string, line: string): Record<string, string> | null {
  const parsed = parseQuery(query);
  if (parsed.kind !== 'logs') throw new Error('not a log query');
  return throughStages(parsed.stages, { app: 'cart' }, line);
}

it.each<[string, string, boolean]>([
  ['|= "timeout"', 'read timeout', true],
  ['|= "Timeout"', 'read timeout', false],
  ['!= "timeout"', 'read timeout', false],
  ['|~ "time(out)?$"', 'read timeout', true],
  ['|~ "(?i)TIMEOUT"', 'read timeout', true],
  ['!~ "read.*"', 'read timeout', false],
  ['|= "a" |= "b" != "c"', 'a b', true],
  ['|= "a" |= "b" != "c"', 'a b c', false],
  ['|= "x" or "read"', 'read timeout', true],
  ['!= "x" or "read"', 'read timeout', false],
  ['|~ `\\d+ ms`', 'took 12 ms', true],
  ['|= "say \\"hi\\""', 'say "hi"', true],
  ['|= ""', 'anything', true],
])('the line filters %s on %j', (filters, line, passes) => {
  expect(through(`{app="cart"} ${filters}`, line) !== null).toBe(passes);
});

it('finds the fields of a JSON line, objects within objects too, and no lists', () => {
  const line =
    '{"level":"error","err":{"type":"TypeError","list":[1]},"app":"own","status":500,"a-b":true,"gone":null}';
  expect(through('{app="cart"} | json', line)).toEqual({
    app: 'cart',
    app_extracted: 'own',
    level: 'error',
    err_type: 'TypeError',
    status: '500',
    a_b: 'true',
  });
  expect(through('{app="cart"} | json', 'no json')).toEqual({ app: 'cart', __error__: 'JSONParserErr' });
});

it('finds the fields of a logfmt line', () => {
  const line = 'ts=1 level=error msg="say \\"hi\\" twice\\n" took=12.5ms empty= err.kind=x';
  expect(through('{app="cart"} | logfmt', line)).toEqual({
    app: 'cart',
    ts: '1',
    level: 'error',
    msg: 'say "hi" twice\n',
    took: '12.5ms',
    empty: '',
    err_kind: 'x',
  });
});

it.each<[string, boolean]>([
  ['| json | level="error"', true],
  ['| json | level!="error"', false],
  ['| json | level=~"err.*|warn"', true],
  ['| json | level=~"err"', false],
  ['| json | status>=500', true],
  ['| json | status>500', false],
  ['| json | status==500 and level="warn"', false],
  ['| json | status==404 or level="error"', true],
  ['| json | took>1s', true],
  ['| json | took>1m', false],
  ['| json | nothing>1', false],
  ['| json | nothing=""', true],
])('the label filters %s', (stages, passes) => {
  const line = '{"level":"error","status":500,"took":"1m0s"}'.replace('1m0s', '59.5s');
  expect(through(`{app="cart"} ${stages}`, line) !== null).toBe(passes);
});

it('marks a line whose value is no number, and keeps it', () => {
  expect(through('{app="cart"} | json | level>3', '{"level":"error"}')).toEqual({
    app: 'cart',
    level: 'error',
    __error__: 'LabelFilterErr',
  });
});

it.each<[string, string]>([
  ['', 'parse error : syntax error: unexpected $end'],
  ['{foo="bar}', 'parse error at line 1, col 6: literal not terminated'],
  ['{foo="bar"', 'parse error at line 1, col 11: syntax error: unexpected $end, expecting } or ,'],
  ['{foo="bar"} |~', 'parse error at line 1, col 15: syntax error: unexpected $end, expecting STRING or ip'],
  ['{foo="bar"} "foo"', 'parse error at line 1, col 13: syntax error: unexpected STRING'],
  ['{foo="bar"} foo', 'parse error at line 1, col 13: syntax error: unexpected IDENTIFIER'],
  ['{foo}', 'parse error at line 1, col 5: syntax error: unexpected }, expecting = or != or =~ or !~'],
  ['{foo=}', 'parse error at line 1, col 6: syntax error: unexpected }, expecting STRING'],
  [
    '{foo="a",\n bar}',
    'parse error at line 2, col 5: syntax error: unexpected }, expecting = or != or =~ or !~',
  ],
  ['{foo="bar"} |~ "("', 'parse error : error parsing regexp: missing closing ): `(`'],
  ['{}', 'parse error : queries require at least one regexp or equality matcher'],
  ['{foo=~".*"}', 'parse error : queries require at least one regexp or equality matcher'],
  [
    'count_over_time({foo="bar"})',
    'parse error at line 1, col 28: syntax error: unexpected ), expecting RANGE',
  ],
  ['topk(5, rate({foo="bar"}[5m]))', 'topk is not supported by this simulated Loki'],
  ['{foo="bar"} | line_format "x"', 'line_format is not supported by this simulated Loki'],
  ['rate({foo="bar"}[5m]) > 5', 'arithmetic with > is not supported by this simulated Loki'],
  [`{foo="${'x'.repeat(6_000)}"}`, 'parse error : input size too long (6008 > 5120)'],
])('refuses %s in the words of Loki', (query, message) => {
  expect(() => parseQuery(query)).toThrow(message);
});

it.each([
  '{foo="bar"} |~ "(a*)*b"',
  '{foo="bar"} |~ "(a|a)+b"',
  '{foo="bar"} |~ "x*x*x*x*y"',
  '{foo="bar"} |~ "[^x]*[^y]*zzz"',
  '{foo="bar"} |~ "fine|a+.*b"',
  '{foo=~"(.+)+"}',
])('refuses %s, which could run for hours', (query) => {
  expect(() => parseQuery(query)).toThrow('error parsing regexp');
});

it.each([
  '{foo="bar"} |~ "error.*upstream.*timeout"',
  '{foo="bar"} |~ "(?i)(status=5.. .*duration_ms=\\\\d{4,})"',
  '{foo="bar"} |~ "^.*a+b+"',
  '{foo="bar"} |~ ".*timeout.*"',
  '{foo=~"[a-z]+-[a-z]+"}',
])('reads %s', (query) => {
  expect(parseQuery(query).kind).toBe('logs');
});

it('reads a selector alone where nothing else may stand', () => {
  expect(parseSelector('{app="cart", pod!~"x.*"}').map(({ name, operator }) => `${name}${operator}`)).toEqual(
    ['app=', 'pod!~'],
  );
  expect(() => parseSelector('{app="cart"} |= "x"')).toThrow('only label matchers are supported');
});
