import { describe, expect, it } from 'vitest';
import { type ChartWish, chartReader } from '../../../../renderer/metrics/chart-reader.ts';
import { type Chart, type ChartsWanted, seriesKey } from '../../../../shared/vocabulary/chart.ts';

const ref = (name: string) => ({ source: 's', service: 'payments', name, labels: {} });
const wish = (names: string[], over: Partial<ChartWish> = {}): ChartWish => ({
  charts: names.map(ref),
  fromMs: 0,
  toMs: 1_000,
  pixels: 100,
  against: null,
  version: 1,
  ...over,
});
const empty: Chart = { points: null, normal: null };
/** Lets what was answered be taken. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

function reading() {
  const asked: { names: string[]; wanted: ChartsWanted; answer(): void; fail(): void }[] = [];
  const problems: unknown[] = [];
  const reader = chartReader(
    (wanted) =>
      new Promise((resolve, reject) => {
        asked.push({
          names: wanted.charts.map(({ name }) => name),
          wanted,
          answer: () => resolve(wanted.charts.map(() => empty)),
          fail: () => reject(new Error('down')),
        });
      }),
  );
  const leave = reader.listen((problem) => problems.push(problem));
  return { asked, problems, reader, leave };
}

describe('the reader of charts', () => {
  it('asks for what is not held yet, and not again', async () => {
    const { asked, reader } = reading();
    reader.want(wish(['a', 'b']));
    asked[0]?.answer();
    await settled();
    reader.want(wish(['b', 'c']));
    expect(asked.map(({ names }) => names)).toEqual([['a', 'b'], ['c']]);
    expect(reader.chartOf(seriesKey(ref('a')))).toEqual(empty);
  });

  it('asks once more, for the newest wish alone, after a window was dragged', async () => {
    const { asked, reader } = reading();
    for (const toMs of [10, 20, 30, 40]) reader.want(wish(['a'], { toMs }));
    expect(asked).toHaveLength(1);
    asked[0]?.answer();
    await settled();
    expect(asked.map(({ wanted }) => wanted.toMs)).toEqual([10, 40]);
  });

  it('keeps what it holds while something newer is read', async () => {
    const { asked, reader } = reading();
    reader.want(wish(['a']));
    asked[0]?.answer();
    await settled();
    reader.want(wish(['a'], { version: 2 }));
    expect(reader.chartOf(seriesKey(ref('a')))).toEqual(empty);
    expect(asked).toHaveLength(2);
  });

  it('tells of a failure and asks no more until something changes or somebody says so', async () => {
    const { asked, problems, reader } = reading();
    reader.want(wish(['a']));
    asked[0]?.fail();
    await settled();
    reader.want(wish(['a']));
    expect(problems).toEqual([new Error('down')]);
    expect(asked).toHaveLength(1);
    reader.again();
    expect(asked).toHaveLength(2);
    asked[1]?.answer();
    await settled();
    expect(problems).toEqual([new Error('down'), null]);
  });

  it('says nothing to whoever left, asks no more for them, and keeps what comes', async () => {
    const { asked, problems, reader, leave } = reading();
    reader.want(wish(['a']));
    reader.want(wish(['b']));
    leave();
    reader.want(null);
    asked[0]?.answer();
    await settled();
    expect(problems).toEqual([]);
    expect(asked).toHaveLength(1);
    expect(reader.chartOf(seriesKey(ref('a')))).toEqual(empty);
  });
});
