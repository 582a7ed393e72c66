import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withinCharacters } from '../../../electron/analyst/bound-result.ts';

it('leaves what is short enough as it is', () => {
  const result = { rows: [1, 2, 3], text: 'x' };
  expect(withinCharacters(result, 1_000)).toEqual({ value: result, leftOut: [] });
});

it('drops rows of the fullest lists, in every list of the same place, and says how many', () => {
  const series = Array.from({ length: 4 }, (_, at) => ({
    name: `s${at}`,
    points: Array.from({ length: 100 }, (_, point) => point),
  }));
  const { value, leftOut } = withinCharacters({ series }, 700);
  const kept = value['series'] as typeof series;
  expect(kept.map(({ name }) => name)).toEqual(['s0', 's1', 's2', 's3']);
  for (const { points } of kept) expect(points).toEqual(series[0]?.points.slice(0, points.length));
  const rows = 400 - kept.reduce((sum, { points }) => sum + points.length, 0);
  expect(leftOut).toEqual([{ path: 'series.*.points', rows }]);
  expect(series[0]?.points).toHaveLength(100);
});

it('takes no row apart: a point is a time and a value', () => {
  const points = Array.from({ length: 2_000 }, (_, at) => [at, at * 2]);
  const { value, leftOut } = withinCharacters({ points }, 1_000);
  const kept = value['points'] as typeof points;
  expect(kept.length).toBeGreaterThan(20);
  expect(kept).toEqual(points.slice(0, kept.length));
  expect(leftOut).toEqual([{ path: 'points', rows: 2_000 - kept.length }]);
});

it('shortens one overlong text rather than the rows beside it', () => {
  const { value, leftOut } = withinCharacters({ rows: [1, 2, 3], text: 'é'.repeat(50_000) }, 5_000);
  expect(value['rows']).toEqual([1, 2, 3]);
  expect(leftOut).toMatchObject([{ path: 'text' }]);
});

const json = fc.jsonValue({ maxDepth: 4 });

it('fits, stays JSON and keeps whole rows, whatever the result', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(json, fc.array(json, { maxLength: 60 }))), (result) => {
      const before = JSON.stringify(result);
      const most = 200;
      const { value, leftOut } = withinCharacters(result, most);
      expect(JSON.stringify(result)).toBe(before);
      if (leftOut.length === 0) expect(JSON.stringify(value)).toBe(before);
      const text = JSON.stringify(value);
      const hasRows = /\[[^\]]/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '""'));
      if (text.length > most) expect(hasRows).toBe(false);
    }),
  );
});
