import { expect, it } from 'vitest';
import {
  CHART_GAP,
  columnsIn,
  heightOf,
  linesOf,
  signalsWithin,
  spaceIn,
} from '../../../../renderer/metrics/chart-lines.ts';
import type { ServiceRow, ShownSignal } from '../../../../renderer/metrics/signals-shown.ts';

const rowOf = (service: string, charts: number): ServiceRow => ({
  service,
  off: 0,
  hidden: 0,
  signals: Array.from({ length: charts }, (_, nth) => ({ key: `${service} ${nth}` }) as ShownSignal),
});

it('puts as many charts beside each other as can be read, and never more than a service has', () => {
  expect(columnsIn(700, [rowOf('a', 2), rowOf('b', 9)]).columns).toBe(3);
  expect(columnsIn(700, [rowOf('a', 2)]).columns).toBe(2);
  expect(columnsIn(40, [rowOf('a', 9)]).columns).toBe(1);
  expect(columnsIn(0, [])).toEqual({ columns: 1, chartWidth: 0 });
});

it('fills the width with them, up to where a wider chart says no more', () => {
  const { columns, chartWidth } = columnsIn(700, [rowOf('b', 9)]);
  expect(columns * chartWidth + (columns - 1) * CHART_GAP).toBeCloseTo(700);
  expect(columnsIn(2_000, [rowOf('a', 2)]).chartWidth).toBe(380);
});

it('breaks the charts of a service into lines below its head', () => {
  const lines = linesOf([rowOf('a', 3), rowOf('b', 1)], 2);
  expect(lines.map(({ key }) => key)).toEqual([
    'service a',
    'charts a 0',
    'charts a 2',
    'service b',
    'charts b 0',
  ]);
});

it('knows which charts the first pixels of a list hold, those that are cut off too', () => {
  const lines = linesOf([rowOf('a', 3), rowOf('b', 1)], 2);
  const keys = (height: number) => signalsWithin(lines, height).map(({ key }) => key);
  const [head = 0, charts = 0] = lines.map(heightOf);
  expect(keys(0)).toEqual([]);
  expect(keys(head)).toEqual([]);
  expect(keys(head + 1)).toEqual(['a 0', 'a 1']);
  expect(keys(head + charts + 1)).toEqual(['a 0', 'a 1', 'a 2']);
  expect(keys(10_000)).toEqual(['a 0', 'a 1', 'a 2', 'b 0']);
});

it('asks for as many pixels as a plot has, in steps, so that a list a little wider is not read anew', () => {
  const rows = [rowOf('a', 3)];
  expect(spaceIn(700, rows).pixels).toBe(spaceIn(703, rows).pixels);
  for (const width of [0, 40, 333, 700, 1_280, 2_000]) {
    const { pixels, plotWidth } = spaceIn(width, rows);
    expect(pixels).toBeGreaterThanOrEqual(50);
    if (plotWidth >= 50) expect(Math.abs(pixels - plotWidth)).toBeLessThanOrEqual(12.5);
  }
});
