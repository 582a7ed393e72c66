import { baselineOf } from './baseline.ts';
import type { SeriesBlock } from './series-block.ts';
import { emptyScan, type Scan } from './wide-scan.ts';

/** How much the newest sample counts in the running score: a departure shows in full after about as many steps as 2 / this. */
const NEWEST = 0.3;
/**
 * Samples of a series that are put into its row together. Rows lie far apart in memory, so each visit costs a cache line;
 * a line holds so many, and in each tick only one series in so many is visited.
 */
const TOGETHER = 8;

/**
 * A block that goes on: each tick moves the running score of every series against the baseline that is known, and puts its
 * samples over the oldest of its row, a few ticks late; baselines are made anew a slice at a time, so that no tick takes
 * longer than others.
 */
export type LiveScan = {
  /** Running scores, as shared memory that others may read. */
  scan: Scan;
  /** One value for each series, NaN where there is none: then its score stays. @throws RangeError for another number. */
  tick(newest: Float32Array): void;
  /** Makes the next baselines anew, at most so many; in as many calls as it takes, all have been. */
  refresh(rows: number): void;
};

/** Goes on from a block, whose first column is overwritten first. The block is changed in place. */
export function liveScan(block: SeriesBlock, known: Scan = emptyScan(block.series)): LiveScan {
  const { series, points, values } = block;
  const scratch = new Float32Array(points);
  /** The samples of the last ticks, tick after tick. */
  const lately = new Float32Array(series * TOGETHER);
  const share = Math.ceil(series / TOGETHER);
  let ticks = 0;
  let next = 0;

  function score(newest: Float32Array): void {
    const { medians, spreads, scores } = known;
    for (let row = 0; row < series; row++) {
      const value = newest[row] as number;
      if (Number.isNaN(value)) continue;
      const now = (value - (medians[row] as number)) / (spreads[row] as number);
      const before = scores[row] as number;
      scores[row] = Number.isNaN(before) ? now : before + NEWEST * (now - before);
    }
  }

  /** Puts the samples of the last ticks, up to the one numbered `last`, into the rows whose turn it is. */
  function putAway(last: number): void {
    const turn = last % TOGETHER;
    const end = Math.min(series, (turn + 1) * share);
    for (let row = turn * share; row < end; row++) {
      for (let tick = Math.max(0, last - TOGETHER + 1); tick <= last; tick++) {
        values[row * points + (tick % points)] = lately[(tick % TOGETHER) * series + row] as number;
      }
    }
  }

  return {
    scan: known,
    tick(newest) {
      if (newest.length !== series) throw new RangeError(`${newest.length} samples for ${series} series`);
      lately.set(newest, (ticks % TOGETHER) * series);
      score(newest);
      putAway(ticks);
      ticks += 1;
    },
    refresh(rows) {
      const end = Math.min(series, next + Math.max(0, rows));
      // Medians do not ask for an order in time, so that a ring need not be unrolled.
      for (; next < end; next++) baselineOf(values, next * points, points, scratch, known, next);
      if (next === series) next = 0;
    },
  };
}
