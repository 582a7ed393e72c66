import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { baselineOf } from '../../../../electron/correlation/scan/baseline.ts';
import { liveScan } from '../../../../electron/correlation/scan/live-scan.ts';
import scanShare from '../../../../electron/correlation/scan/scan-worker.ts';
import { fillRow, seriesBlock } from '../../../../electron/correlation/scan/series-block.ts';
import {
  credibleScore,
  emptyScan,
  type ScanTask,
  suspects,
  wideScan,
} from '../../../../electron/correlation/scan/wide-scan.ts';
import { workerPool } from '../../../../electron/platform/worker-pool.ts';

const here = { threads: 1, run: async (task: ScanTask) => scanShare(task) };
const gap = Number.NaN;

function blockOf(rows: readonly (readonly (number | null)[])[]) {
  const block = seriesBlock(rows.length, rows[0]?.length ?? 1);
  for (const [row, values] of rows.entries()) fillRow(block, row, values);
  return block;
}

/** The textbook: sort, take the middle; then the same of the distances. */
function plainBaseline(values: readonly number[]): { median: number; mad: number } {
  const middle = (sorted: number[]) =>
    sorted.length % 2 === 1
      ? (sorted[sorted.length >> 1] ?? gap)
      : ((sorted[sorted.length / 2 - 1] ?? gap) + (sorted[sorted.length / 2] ?? gap)) / 2;
  const median = middle([...values].sort((a, b) => a - b));
  return { median, mad: middle(values.map((value) => Math.abs(value - median)).sort((a, b) => a - b)) };
}

it('finds median and spread as the textbook does, whatever is missing and wherever', () => {
  const sample = fc.option(fc.integer({ min: -5_000, max: 5_000 }), { freq: 4 });
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 80 }), (values) => {
      const into = emptyScan(1);
      const row = Float32Array.from(values, (value) => value ?? gap);
      baselineOf(row, 0, row.length, new Float32Array(row.length), into, 0);
      const present = values.filter((value) => value !== null);
      if (present.length < 8) return Number.isNaN(into.medians[0]);
      const { median, mad } = plainBaseline(present);
      expect(into.medians[0]).toBeCloseTo(median, 2);
      const spread = Math.max(mad * 1.4826, Math.abs(median) * 0.01, 1e-9);
      expect(into.spreads[0]).toBeCloseTo(spread, 1);
      return true;
    }),
  );
});

describe('a wide scan', () => {
  const calm = Array.from({ length: 60 }, (_, at) => 100 + (at % 7));
  const with_ = (from: number, value: number | null) => calm.map((each, at) => (at >= from ? value : each));

  it('finds what rose and what fell, and neither a flat line nor one wild sample nor a gap', async () => {
    const rows = [
      calm,
      with_(50, 180),
      with_(50, 20),
      calm.map(() => 7),
      calm.with(55, 9_000),
      with_(50, null),
    ];
    const { scores } = await wideScan(blockOf(rows), 10, here);
    expect(suspects(scores, credibleScore(rows.length), 10)).toEqual([2, 1]);
    expect(scores[1]).toBeGreaterThan(20);
    expect(scores[2]).toBeLessThan(-20);
    expect(scores[3]).toBe(0);
    expect(scores[5]).toBeNaN();
  });

  it('says nothing of a series of which too little is known', async () => {
    const rows = [calm.map((each, at) => (at < 45 ? null : each))];
    const { scores, medians } = await wideScan(blockOf(rows), 10, here);
    expect([scores[0], medians[0]]).toEqual([gap, gap]);
  });

  it('holds its alarms to a few in any number of series of noise', async () => {
    const noise = (seed: number) => {
      let state = seed;
      const unit = () => {
        state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
        return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
      };
      return () => 50 + Math.sqrt(-2 * Math.log(unit() + 1e-12)) * Math.cos(2 * Math.PI * unit());
    };
    const draw = noise(7);
    const block = blockOf(Array.from({ length: 4_000 }, () => Array.from({ length: 120 }, draw)));
    const { scores } = await wideScan(block, 12, here);
    expect(suspects(scores, credibleScore(4_000), 4_000).length).toBeLessThanOrEqual(2);
    expect(credibleScore(200_000)).toBeGreaterThan(credibleScore(2_000));
  });

  it.each([0, 60, 61, 1.5])('refuses to compare the last %d of 60 points', async (recent) => {
    await expect(wideScan(blockOf([calm]), recent, here)).rejects.toThrow(/nothing to compare/);
  });

  it('refuses a block that cannot be', () => {
    expect(() => seriesBlock(-1, 10)).toThrow(RangeError);
    expect(() => seriesBlock(2, 0)).toThrow(RangeError);
  });
});

describe('in threads', () => {
  const pool = workerPool<ScanTask, void>('correlation/scan/scan-worker.ts', { threads: 2 });
  afterAll(pool.close);

  it('finds to the last bit what one thread finds, in the memory that is shared', async () => {
    const rows = Array.from({ length: 5_000 }, (_, row) =>
      Array.from(
        { length: 30 },
        (_, at) => ((row * 31 + at * 17) % 101) + (at > 25 && row % 9 === 0 ? 400 : 0),
      ),
    );
    const alone = await wideScan(blockOf(rows), 4, here);
    const together = await wideScan(blockOf(rows), 4, pool);
    expect(Buffer.from(together.scores.buffer).equals(Buffer.from(alone.scores.buffer))).toBe(true);
    const again = await wideScan(blockOf(rows), 4, pool, together);
    expect(again).toBe(together);
  });
});

describe('a scan that goes on', () => {
  it('shows a departure within a few ticks and calms down again', () => {
    const block = blockOf([Array.from({ length: 40 }, (_, at) => 10 + (at % 3)), Array(40).fill(null)]);
    const live = liveScan(block);
    live.refresh(2);
    for (let tick = 0; tick < 8; tick++) live.tick(Float32Array.of(30, gap));
    expect(live.scan.scores[0]).toBeGreaterThan(8);
    expect(live.scan.scores[1]).toBeNaN();
    for (let tick = 0; tick < 20; tick++) live.tick(Float32Array.of(11, 5));
    expect(Math.abs(live.scan.scores[0] ?? gap)).toBeLessThan(1);
  });

  it('keeps the score of a series whose sample is missing', () => {
    const live = liveScan(blockOf([Array.from({ length: 40 }, (_, at) => 10 + (at % 3))]));
    live.refresh(1);
    live.tick(Float32Array.of(30));
    const before = live.scan.scores[0];
    live.tick(Float32Array.of(gap));
    expect(live.scan.scores[0]).toBe(before);
  });

  it('learns what is normal by now, a slice at a time', () => {
    const live = liveScan(blockOf([1, 2, 3].map(() => Array.from({ length: 20 }, () => 10))));
    live.refresh(3);
    for (let tick = 0; tick < 20; tick++) live.tick(Float32Array.of(50, 50, 50));
    live.refresh(2);
    expect([...live.scan.medians]).toEqual([50, 50, 10]);
    live.refresh(2);
    expect(live.scan.medians[2]).toBe(50);
  });

  it('has every sample in its row within eight ticks, each once', () => {
    const block = seriesBlock(19, 24);
    const live = liveScan(block);
    for (let tick = 0; tick < 40; tick++) live.tick(new Float32Array(19).fill(tick));
    for (let row = 0; row < 19; row++) {
      const held = [...block.values.subarray(row * 24, (row + 1) * 24)].sort((a, b) => a - b);
      const newest = held.at(-1) ?? gap;
      expect(newest).toBeGreaterThanOrEqual(32);
      expect(held).toEqual(Array.from({ length: 24 }, (_, at) => newest - 23 + at));
    }
  });

  it('refuses samples for another number of series', () => {
    expect(() => liveScan(seriesBlock(3, 5)).tick(new Float32Array(2))).toThrow(/2 samples for 3 series/);
  });
});
