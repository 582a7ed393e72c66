import { baselineOf } from './baseline.ts';
import type { SeriesBlock } from './series-block.ts';
import { emptyScan, type Scan } from './wide-scan.ts';

/** How much the newest sample counts in the running score: a departure shows in full after about as many steps as 2 / this. */
const NEWEST = 0.3;

/**
 * A block that goes on: each tick writes one new sample for every series over the oldest and moves its running score
 * against the baseline that is known; baselines are made anew a slice at a time, so that no tick takes longer than others.
 */
export type LiveScan = {
  /** Running scores, as shared memory that others may read. */
  scan: Scan;
  /** One value for each series, NaN where there is none: then its score stays. @throws RangeError for another number. */
  tick(newest: Float32Array): void;
  /** Makes the next baselines anew, at most so many; in as many calls as it takes, all have been. */
  refresh(rows: number): void;
};

/** Goes on from a block, whose next tick overwrites its first column. The block is changed in place. */
export function liveScan(block: SeriesBlock, known: Scan = emptyScan(block.series)): LiveScan {
  const { series, points, values } = block;
  const scratch = new Float32Array(points);
  let column = 0;
  let next = 0;

  return {
    scan: known,
    tick(newest) {
      if (newest.length !== series) throw new RangeError(`${newest.length} samples for ${series} series`);
      const { medians, spreads, scores } = known;
      for (let row = 0, place = column; row < series; row++, place += points) {
        const value = newest[row] as number;
        values[place] = value;
        if (Number.isNaN(value)) continue;
        const score = (value - (medians[row] as number)) / (spreads[row] as number);
        const before = scores[row] as number;
        scores[row] = Number.isNaN(before) ? score : before + NEWEST * (score - before);
      }
      column = (column + 1) % points;
    },
    refresh(rows) {
      const end = Math.min(series, next + Math.max(0, rows));
      // Medians do not ask for an order in time, so that a ring need not be unrolled.
      for (; next < end; next++) baselineOf(values, next * points, points, scratch, known, next);
      if (next === series) next = 0;
    },
  };
}
