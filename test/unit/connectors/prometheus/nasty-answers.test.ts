import fc from 'fast-check';
import { expect, it } from 'vitest';
import { prometheusApi } from '../../../../electron/connectors/prometheus/api.ts';
import type { Convention } from '../../../../electron/connectors/prometheus/conventions/convention.ts';
import { type LeftOut, MOST_SERIES } from '../../../../electron/connectors/prometheus/left-out.ts';
import { seriesBy } from '../../../../electron/connectors/prometheus/service-metrics.ts';
import type { Http } from '../../../../electron/platform/http.ts';

type Told = { metric: Record<string, string>; values: [number, string][] };

/** An API whose server answers this text to each range query, and what was left out of it. */
function answering(result: readonly Told[]) {
  const noted: LeftOut[] = [];
  const text = JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
  const http: Http = {
    skewMs: () => null,
    getJson: async () => JSON.parse(text),
    postForm: async () => JSON.parse(text),
  };
  const window = { fromMs: 60_000, toMs: 120_000, stepMs: 15_000 };
  const range = () =>
    prometheusApi(http, (leftOut) => noted.push(leftOut)).range('q', window, new AbortController().signal);
  return { range, noted, window };
}

it('leaves out NaN, infinities and stale markers, and says how many there were', async () => {
  const { range, noted } = answering([
    {
      metric: {},
      values: [
        [60, 'NaN'],
        [75, '+Inf'],
        [90, '-Inf'],
        [105, '0.5'],
        [120, 'stale'],
      ],
    },
  ]);
  expect(await range()).toEqual([{ labels: {}, points: [{ atMs: 105_000, value: 0.5 }] }]);
  expect(noted).toEqual([{ notFinite: 4, repeated: 0, outside: 0, series: 0 }]);
});

it('puts samples in order, takes each time once and none from the future', async () => {
  const { range, noted } = answering([
    {
      metric: { job: 'shop' },
      values: [
        [90, '3'],
        [75, '2'],
        [90, '4'],
        [4_000_000_000, '9'],
        [60, '1'],
      ],
    },
  ]);
  const [series] = await range();
  expect(series?.points).toEqual([
    { atMs: 60_000, value: 1 },
    { atMs: 75_000, value: 2 },
    { atMs: 90_000, value: 4 },
  ]);
  expect(noted).toEqual([{ notFinite: 0, repeated: 1, outside: 1, series: 0 }]);
});

it('takes label names and values of every script as they are, and none as code', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('__proto__', 'constructor', 'toString', 'http.status_code', '"', '服务', 'a b', ''),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { maxLength: 6 }), async (labels) => {
      // As JSON has it, where __proto__ is a name like any other.
      const metric: Record<string, string> = JSON.parse(
        `{${labels.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
      );
      const { range } = answering([{ metric, values: [[60, '1']] }]);
      const [series] = await range();
      for (const [name, value] of Object.entries(metric)) {
        if (name !== '__proto__') expect(series?.labels[name]).toBe(value);
      }
      expect(Object.getPrototypeOf(series?.labels)).toBe(Object.prototype);
      expect(series?.points).toEqual([{ atMs: 60_000, value: 1 }]);
    }),
  );
});

it('takes a series without a name, and no service from a label that nobody set', async () => {
  const { range, window } = answering([{ metric: {}, values: [[60, '1']] }]);
  const convention: Convention = {
    metrics: ['x'],
    name: 'traffic',
    kind: 'traffic',
    unit: 'req/s',
    query: 'x',
    service: 'svc',
  };
  expect(seriesBy(convention, await range(), window)).toEqual([]);
});

it('takes some thousand series of a hundred thousand, and tells of the others', async () => {
  const many = Array.from(
    { length: 100_000 },
    (_, at): Told => ({
      metric: { session: `s-${at}` },
      values: [[60, '1']],
    }),
  );
  const { range, noted } = answering(many);
  expect(await range()).toHaveLength(MOST_SERIES);
  expect(noted).toEqual([{ notFinite: 0, repeated: 0, outside: 0, series: 100_000 - MOST_SERIES }]);
});
