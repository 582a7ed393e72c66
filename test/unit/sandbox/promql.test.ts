import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Labels } from '../../../electron/sandbox/prometheus/labels.ts';
import { evaluate } from '../../../electron/sandbox/prometheus/promql/evaluate.ts';
import { QueryError } from '../../../electron/sandbox/prometheus/promql/query-error.ts';
import { parseQuery } from '../../../electron/sandbox/prometheus/promql/syntax.ts';
import { instantQuery } from '../../../electron/sandbox/prometheus/run-query.ts';
import { type SeriesStore, seriesStore } from '../../../electron/sandbox/prometheus/series-store.ts';

/** One sample every 10 s from 10 s on; null where a scrape brought none. */
function stored(series: readonly (readonly [Labels, readonly (number | null)[]])[]): SeriesStore {
  const store = seriesStore();
  const length = Math.max(...series.map(([, values]) => values.length));
  for (let scrape = 0; scrape < length; scrape++) {
    store.beginScrape((scrape + 1) * 10_000);
    for (const [labels, values] of series) {
      const value = values[scrape] ?? null;
      if (value !== null) store.set(store.series(labels), value);
    }
  }
  return store;
}

/** `{label values joined}: number` at one moment, in seconds. */
function at(seconds: number, query: string, store: SeriesStore): Record<string, number> | number {
  const value = evaluate(parseQuery(query), store, Float64Array.of(seconds * 1_000));
  if (value.type === 'scalar') return value.values[0] ?? Number.NaN;
  if (value.type === 'string') throw new Error('a text is no number');
  const present = value.rows.filter((row) => row.present[0]);
  return Object.fromEntries(
    present.map((row) => [Object.values(row.labels).join(' '), row.values[0] ?? Number.NaN]),
  );
}

const counter = (labels: Labels, values: (number | null)[]) =>
  [{ __name__: 'hits', ...labels }, values] as const;

const hits = stored([
  counter({ app: 'a', code: '200' }, [100, 110, 120, 130, 140, 150, 160]),
  counter({ app: 'a', code: '500' }, [0, 0, 1, 2, 2, 4, 6]),
  counter({ app: 'b', code: '200' }, [50, 60, 5, 15, 25, 35, 45]),
  [{ __name__: 'limit', app: 'a' }, [7, 7, 7, 7, 7, 7, 7]],
  [{ __name__: 'limit', app: 'b' }, [9, 9, 9, 9, 9, 9, 9]],
]);

describe('a query', () => {
  it.each<[string, string, Record<string, number> | number]>([
    ['selects by equality', 'hits{app="a",code="200"}', { 'hits a 200': 160 }],
    ['selects by inequality', 'hits{code!="200"}', { 'hits a 500': 6 }],
    [
      'selects by a pattern that must match the whole value',
      'hits{app=~"a|b",code=~"2.*"}',
      { 'hits a 200': 160, 'hits b 200': 45 },
    ],
    ['ignores case when told to', 'hits{app=~"(?i)A",code="500"}', { 'hits a 500': 6 }],
    [
      'reads many alternatives with a repetition each',
      'hits{app=~"x.*|y.*|z.*|w.*|b.*"}',
      { 'hits b 200': 45 },
    ],
    [
      'knows classes and escapes',
      'hits{app=~"[(+)a*]",code=~`\\d{2}0+`}',
      { 'hits a 200': 160, 'hits a 500': 6 },
    ],
    ['finds nothing for part of a value', 'hits{code=~"20"}', {}],
    ['selects by a pattern that must not match', 'hits{app!~"b.*",code!~"5.."}', { 'hits a 200': 160 }],
    ['takes a label that is not there for empty', 'limit{code=""}', { 'limit a': 7, 'limit b': 9 }],
    ['looks back by an offset', 'hits{app="a",code="500"} offset 30s', { 'hits a 500': 2 }],
    // Window [5, 65]: samples at 10..60 s, 5 s missing at either end: (150-100) * (60/50) / 60 s.
    [
      'extends a rate to the edges of its window',
      'rate(hits{app="a",code="200"}[1m] offset 5s)',
      { 'a 200': 1 },
    ],
    ['extends an increase alike', 'increase(hits{app="a",code="200"}[1m])', { 'a 200': 60 }],
    // 60→5 is a reset: (45-50) + 60 over the whole window.
    ['counts on after a reset', 'increase(hits{app="b"}[1m])', { 'b 200': 55 }],
    // From 0 (at 20 s) to 6: a counter at zero was not below zero before, so nothing is added at the start.
    ['adds nothing before a counter began', 'increase(hits{app="a",code="500"}[1m])', { 'a 500': 6 }],
    ['takes the last two samples for irate', 'irate(hits{app="a"}[1m])', { 'a 200': 1, 'a 500': 0.2 }],
    ['averages over time', 'avg_over_time(hits{code="500"}[30s])', { 'a 500': 3.5 }],
    ['sums over time', 'sum_over_time(hits{code="500"}[30s])', { 'a 500': 14 }],
    ['counts over time, both edges among it', 'count_over_time(hits{code="500"}[30s])', { 'a 500': 4 }],
    ['takes the largest over time', 'max_over_time(hits{app="b"}[1m])', { 'b 200': 60 }],
    ['takes the smallest over time', 'min_over_time(hits{app="b"}[1m])', { 'b 200': 5 }],
    ['sums by label', 'sum by (app) (hits)', { a: 166, b: 45 }],
    ['sums without label', 'sum without (code) (hits)', { a: 166, b: 45 }],
    ['sums everything', 'sum(hits)', { '': 211 }],
    ['averages', 'avg by (code) (hits)', { '200': 102.5, '500': 6 }],
    ['takes the smallest', 'min(hits)', { '': 6 }],
    ['takes the largest', 'max by (app) (hits)', { a: 160, b: 45 }],
    ['counts', 'count by (app) (hits)', { a: 2, b: 1 }],
    ['keeps the largest k with their labels', 'topk(2, hits)', { 'hits a 200': 160, 'hits b 200': 45 }],
    ['keeps the smallest k', 'bottomk(1, hits)', { 'hits a 500': 6 }],
    ['divides what has equal labels on both sides', 'sum by (app) (hits) / limit', { a: 166 / 7, b: 5 }],
    ['matches on labels', 'hits{code="200"} - on (app) limit', { a: 153, b: 36 }],
    ['matches ignoring labels', 'hits{code="500"} + ignoring (code) limit', { a: 13 }],
    ['filters by comparison and keeps the value', 'hits > 50', { 'hits a 200': 160 }],
    ['compares to 0 or 1 with bool', 'hits > bool 50', { 'a 200': 1, 'a 500': 0, 'b 200': 0 }],
    ['filters with the number on the left', '50 > hits', { 'hits a 500': 6, 'hits b 200': 45 }],
    ['filters one vector by another', 'limit == on (app) limit', { a: 7, b: 9 }],
    ['clamps from below', 'clamp_min(hits, 50)', { 'a 200': 160, 'a 500': 50, 'b 200': 50 }],
    ['clamps from above', 'clamp_max(hits{app="b"}, 10)', { 'b 200': 10 }],
    ['negates', '-limit', { a: -7, b: -9 }],
    ['binds powers before products before sums', '1 + 2 * (3 - 1) ^ 3', 17],
    ['groups powers from the right', '2 ^ 3 ^ 2', 512],
    ['divides by zero', '1 / 0', Number.POSITIVE_INFINITY],
    ['compares numbers with bool', '2 >= bool 2', 1],
    ['takes a remainder with the sign of the dividend', '-7 % 4', -3],
    [
      'matches many to one',
      'hits * on (app) group_left limit',
      { 'a 200': 1_120, 'a 500': 42, 'b 200': 405 },
    ],
    ['matches one to many', 'limit > on (app) group_right hits{code="500"}', { 'hits a 500': 7 }],
    ['repeats an inner query', 'max_over_time(sum(hits)[1m:20s])', { '': 189 }],
    ['looks at a certain time', 'hits{code="500"} @ 40', { 'hits a 500': 2 }],
    ['takes a quantile', 'quantile(0.5, hits)', { '': 45 }],
    ['deviates', 'stddev(limit)', { '': 1 }],
    ['counts values', 'count_values("n", limit)', { '7': 1, '9': 1 }],
    ['finds something absent', 'absent(hits{app="c",code=~".."})', { c: 1 }],
    ['finds nothing absent', 'absent(hits)', {}],
    ['counts resets', 'resets(hits{app="b"}[1m])', { 'b 200': 1 }],
    ['draws a line onwards', 'predict_linear(hits{app="a",code="200"}[1m], 10)', { 'a 200': 170 }],
    [
      'replaces a label',
      'label_replace(limit, "id", "<$1>", "app", "(a)")',
      { 'limit a <a>': 7, 'limit b': 9 },
    ],
    ['joins labels', 'label_join(limit, "id", "-", "app", "app")', { 'limit a a-a': 7, 'limit b b-b': 9 }],
    ['turns a vector into a number', 'scalar(limit{app="b"}) + 1', 10],
    ['binds an offset to what is before it', 'limit + limit offset 1m', { a: 14, b: 18 }],
    ['binds a power tighter than a sign', '-2 ^ 2', -4],
    ['knows the time', 'time()', 70],
    ['intersects', 'limit and on (app) hits{code="500"}', { 'limit a': 7 }],
    ['subtracts a set', 'limit unless on (app) hits{code="500"}', { 'limit b': 9 }],
    ['unites', 'limit{app="a"} or limit', { 'limit a': 7, 'limit b': 9 }],
    ['knows nothing of a metric that is not there', 'rate(nothing[5m])', {}],
  ])('%s', (_case, query, expected) => expect(at(70, query, hits)).toEqual(expected));
});

describe('the last sample', () => {
  const gone = stored([
    [{ __name__: 'pods', pod: 'old' }, [1, 1, null, null]],
    [{ __name__: 'pods', pod: 'new' }, [null, null, 1, 1]],
  ]);

  it('ends at the scrape that no longer has it', () => {
    expect(at(29, 'pods', gone)).toEqual({ 'pods old': 1 });
    expect(at(30, 'pods', gone)).toEqual({ 'pods new': 1 });
  });

  it('is looked back for five minutes and no longer', () => {
    expect(at(340, 'pods', gone)).toEqual({ 'pods new': 1 });
    expect(at(340.1, 'pods', gone)).toEqual({});
  });

  it('is needed twice for a rate', () => expect(at(30, 'rate(pods{pod="new"}[1m])', gone)).toEqual({}));
});

describe('histogram_quantile', () => {
  const bucket = (le: string, value: number) => [{ __name__: 'took_bucket', le }, [value]] as const;
  const took = stored([bucket('0.1', 10), bucket('0.5', 60), bucket('1', 90), bucket('+Inf', 100)]);

  it.each([
    // The 30th of 100: 20 of the 50 between 0.1 and 0.5.
    [0.3, 0.26],
    [0.05, 0.05],
    [0.9, 1],
    // Beyond the last finite bucket nothing better is known than its limit.
    [0.99, 1],
    [0, 0],
    [-1, Number.NEGATIVE_INFINITY],
    [2, Number.POSITIVE_INFINITY],
  ])('of %d is %d', (quantile, expected) => {
    const answer = at(10, `histogram_quantile(${quantile}, took_bucket)`, took) as Record<string, number>;
    expect(answer['']).toBeCloseTo(expected, 12);
  });

  it('is NaN without the +Inf bucket, and without observations', () => {
    const open = stored([bucket('1', 5), bucket('2', 6)]);
    const empty = stored([bucket('1', 0), bucket('+Inf', 0)]);
    expect(at(10, 'histogram_quantile(0.5, took_bucket)', open)).toEqual({ '': Number.NaN });
    expect(at(10, 'histogram_quantile(0.5, took_bucket)', empty)).toEqual({ '': Number.NaN });
  });
});

it.each<[string, string, RegExp]>([
  ['a half-written selector', 'hits{', /1:6: parse error: unexpected end of input/],
  ['nothing', '  ', /no expression found/],
  ['a selector that selects everything', '{app=~".*"}', /at least one non-empty matcher/],
  ['a comparison of numbers without bool', '1 < 2', /must use BOOL/],
  ['a rate of an instant vector', 'rate(hits)', /expected type range vector/],
  ['a sum of a range vector', 'sum(hits[5m])', /expected type instant vector/],
  ['too many arguments', 'rate(hits[5m], 3)', /expected 1 argument/],
  ['arithmetic with a range', 'hits[5m] + 1', /must contain only scalar and instant vector/],
  ['a broken regular expression', 'hits{app=~"("}', /error parsing regexp/],
  ['an unknown escape', '{app="\\q"}', /unknown escape sequence/],
  ['set operators on numbers', 'hits and 1', /set operator/],
  ['bool on a sum', 'hits + bool 1', /bool modifier/],
])('calls %s bad data', (_case, query, message) => {
  expect(() => at(70, query, hits)).toThrow(
    expect.objectContaining({ type: 'bad_data', message: expect.stringMatching(message) }),
  );
});

it.each<[string, string, RegExp]>([
  ['the function holt_winters()', 'holt_winters(hits[5m], 0.5, 0.5)', /function holt_winters\(\)/],
  ['a value filled in', 'hits + fill(0) limit', /^fill is not supported by this simulated Prometheus$/],
  ['smoothed', 'rate(hits[5m] smoothed)', /^the modifier smoothed is not supported/],
  ['a function named as a member of every object', 'toString(hits)', /./],
  ['many-to-many matching', 'limit + on (nothing) limit', /many-to-many/],
  ['several on the left for one on the right', 'hits{app="a"} + on (app) limit', /many-to-one/],
  ['a repetition within a repetition', 'hits{app=~"(a+)+b"}', /repeated group with repetitions/],
  ['one hidden deeper', 'hits{app=~"((a+)a?)+b"}', /repeated group with repetitions/],
  ['repeated options', 'hits{app=~"(a?a?)*b"}', /repeated group with repetitions/],
  ['repeated alternatives', 'hits{app=~"(a|a)*b"}', /repeated group with repetitions/],
  ['many repetitions in a row', 'hits{app=~".*.*.*.*b"}', /more than 3 repetitions/],
  ['labels that fall together', 'rate({__name__=~"limit|again",app="a"}[1m])', /same labelset/],
])('says that it cannot answer %s', (_case, query, message) => {
  const store = stored([
    ...['limit', 'again'].map((name) => [{ __name__: name, app: 'a' }, [1, 2, 3, 4, 5, 6, 7]] as const),
    counter({ app: 'a', code: '200' }, [1, 2, 3, 4, 5, 6, 7]),
    counter({ app: 'a', code: '500' }, [1, 2, 3, 4, 5, 6, 7]),
    [{ __name__: 'limit', app: 'b' }, [1, 1, 1, 1, 1, 1, 1]],
  ]);
  expect(() => at(70, query, store)).toThrow(
    expect.objectContaining({ name: 'QueryError', message: expect.stringMatching(message) }),
  );
});

it('gives at each step of a range what an instant query gives there', () => {
  const queries = [
    'hits',
    'sum by (app) (rate(hits[45s]))',
    'topk(1, hits)',
    'hits / on (app, code) hits > 0.5',
    'max_over_time(sum by (app) (hits)[40s:7s])',
    'hits * on (app) group_left limit unless hits > 100',
    'absent(hits{app="b"}) or absent_over_time(hits[15s])',
    'count_values("n", hits)',
    'quantile by (code) (0.4, hits offset 13s)',
    'avg_over_time(hits[1m] @ 45)',
    'clamp(stddev_over_time(hits[35s]), 1, time() / 9)',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...queries),
      fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 12 }),
      (query, seconds) => {
        const steps = Float64Array.from(
          [...seconds].sort((one, other) => one - other),
          (second) => second * 1_000,
        );
        const value = evaluate(parseQuery(query), hits, steps);
        for (const [step, atMs] of steps.entries()) {
          const rows = value.type === 'vector' ? value.rows.filter((row) => row.present[step]) : [];
          const here = Object.fromEntries(
            rows.map((row) => [Object.values(row.labels).join(' '), row.values[step]]),
          );
          expect(here).toEqual(at(atMs / 1_000, query, hits));
        }
      },
    ),
  );
});

it('never fails on a text but with a query error', () => {
  const word = fc.constantFrom(
    'hits',
    '{',
    '}',
    'app',
    '="a"',
    '=~',
    '"("',
    'rate(',
    'sum',
    ' by ',
    '(',
    ')',
    '[5m]',
    '+',
    ' offset ',
    '1',
    '-',
    ' bool ',
    ',',
    '"',
    '==',
    ' and ',
    '#',
    '[5m:1m]',
    ' @ ',
    'start()',
    ' group_left ',
    ' on (app) ',
    'limit',
    'quantile(0.5,',
    'vector(',
    'absent(',
    'sort(',
    'label_join(hits,',
    'max_over_time(',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      try {
        instantQuery(new URLSearchParams({ query: words.join('') }), hits, 70_000);
      } catch (error) {
        expect(error).toBeInstanceOf(QueryError);
      }
    }),
    { numRuns: 1_500 },
  );
});

describe('a pattern of more than a thousand characters', () => {
  const many = Array.from({ length: 300 }, (_, index) => `word_${index}`).join('|');

  it('is taken where it is words in a row, as clients look for many names at once', () => {
    expect(at(70, `sum(hits{app=~"${many}|a"})`, hits)).toEqual({ '': 166 });
    expect(at(70, `sum(hits{app=~"${many}"})`, hits)).toEqual({});
  });

  it('is refused where it is anything else', () => {
    expect(() => parseQuery(`hits{app=~"${many}|.*"}`)).toThrow(/more than 1000 characters is not supported/);
  });
});
