import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evaluate } from '../../../electron/sandbox/prometheus/promql/evaluate.ts';
import { parseQuery } from '../../../electron/sandbox/prometheus/promql/syntax.ts';
import { type SeriesStore, seriesStore } from '../../../electron/sandbox/prometheus/series-store.ts';

/** What each of six series counts at each scrape; null where it is not there. */
const counts = fc.array(
  fc.array(fc.option(fc.integer({ min: 0, max: 40 })), { minLength: 6, maxLength: 6 }),
  { minLength: 3, maxLength: 40 },
);

function scrape(store: SeriesStore, at: number, values: readonly (number | null)[]): void {
  store.beginScrape(at * 15_000);
  for (const [index, value] of values.entries()) {
    const labels = { __name__: 'requests', pod: `p${index}`, app: `a${index % 2}`, zone: `z${index % 3}` };
    if (value !== null) store.set(store.series(labels), value);
  }
}

/** The rows in one order: a vector promises none. */
const rows = (store: SeriesStore, query: string) => {
  const steps = Float64Array.from({ length: store.scrapes() }, (_, at) => at * 15_000);
  const value = evaluate(parseQuery(query), store, steps);
  if (value.type !== 'vector') throw new Error('expected a vector');
  return value.rows
    .map(({ labels, values, present }) => ({
      labels,
      samples: [...values].map((each, at) => (present[at] ? each : null)),
    }))
    .sort((one, other) => (JSON.stringify(one.labels) < JSON.stringify(other.labels) ? -1 : 1));
};

it.each([
  ['sum by (app)', 'requests[1m]'],
  ['sum without (pod)', 'requests[45s] offset 30s'],
  ['sum', 'requests{zone=~"z[01]"}[2m]'],
  ['sum by (nothing, app)', '{__name__="requests",app!="a1"}[1m]'],
])('%s (rate(%s)) is what is reached series by series', (sum, window) => {
  fc.assert(
    fc.property(counts, (scrapes) => {
      const store = seriesStore(4);
      for (const [at, values] of scrapes.entries()) scrape(store, at, values);
      // A product is no plain rate, so that each series gets its row.
      expect(rows(store, `${sum} (rate(${window}))`)).toEqual(rows(store, `${sum} (rate(${window}) * 1)`));
    }),
    { numRuns: 60 },
  );
});

it('goes on with what it knows when series come later', () => {
  const store = seriesStore();
  const expr = parseQuery('sum by (app) (rate(requests[1m]))');
  const at = (ms: number) => {
    const value = evaluate(expr, store, Float64Array.of(ms));
    return value.type === 'vector' ? value.rows.map(({ labels, values }) => [labels['app'], values[0]]) : [];
  };
  for (let index = 0; index < 5; index++) scrape(store, index, [index * 15]);
  expect(at(60_000)).toEqual([['a0', 1]]);
  for (let index = 5; index < 10; index++) scrape(store, index, [index * 15, index * 30]);
  expect(at(135_000)).toEqual([
    ['a0', 1],
    ['a1', 2],
  ]);
});

it('groups the same label sets in another store as they come there', () => {
  const expr = parseQuery('sum by (app) (rate(requests[1m]))');
  const labels = ['a', 'b', 'c'].map((app) => ({ __name__: 'requests', app }));
  const appsOf = (which: readonly number[]) => {
    const store = seriesStore();
    for (let at = 0; at < 5; at++) {
      store.beginScrape(at * 15_000);
      for (const one of which) store.set(store.series(labels[one] ?? {}), at * 15 * (one + 1));
    }
    const value = evaluate(expr, store, Float64Array.of(60_000));
    return value.type === 'vector' ? value.rows.map(({ labels, values }) => [labels['app'], values[0]]) : [];
  };
  expect(appsOf([0, 1])).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect(appsOf([2, 1])).toEqual([
    ['c', 3],
    ['b', 2],
  ]);
});

it('keeps what is set in a scrape after somebody looked, and series that come while it lasts', () => {
  const store = seriesStore(2);
  scrape(store, 0, [1]);
  expect([...(store.named('requests')[0]?.values.slice(0, 1) ?? [])]).toEqual([1]);
  const late = store.series({ __name__: 'late' });
  store.set(late, 7);
  for (let index = 1; index < 40; index++) scrape(store, index, [index, index, index]);
  expect(store.scrapes()).toBe(40);
  expect(store.named('late')[0]?.values[0]).toBe(7);
  expect(store.named('late')[0]?.values[1]).toBeNaN();
  expect(store.named('requests').map(({ values }) => values[39])).toEqual([39, 39, 39]);
  expect(store.named('requests')[2]?.values[0]).toBeNaN();
});
