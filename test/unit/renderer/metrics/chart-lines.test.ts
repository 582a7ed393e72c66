import { expect, it } from 'vitest';
import { CHART_GAP, columnsIn, linesOf } from '../../../../renderer/metrics/chart-lines.ts';
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
