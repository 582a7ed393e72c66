import type { SeriesBlock } from './series-block.ts';

type Shared = Float32Array<SharedArrayBuffer>;

/** What was found of each row: its baseline, and how many spreads its last points lie from it (NaN: too little known). */
export type Scan = { medians: Shared; spreads: Shared; scores: Shared };

/** What every thread of a scan gets: the same memory, and a counter from which it takes rows. */
export type ScanTask = {
  values: Shared;
  span: { points: number; recent: number };
  taken: Int32Array<SharedArrayBuffer>;
  series: number;
  into: Scan;
};

export const emptyScan = (series: number): Scan => {
  const column = () => new Float32Array(new SharedArrayBuffer(series * 4)).fill(Number.NaN);
  return { medians: column(), spreads: column(), scores: column() };
};

/**
 * Compares the last `recent` points of every series with those before, in all threads at once and without a copy: of
 * 200 000 series those that left their normal. `into` may be the scan before, which is overwritten, so that memory stays
 * flat however often it is done.
 */
export async function wideScan(
  block: SeriesBlock,
  recent: number,
  pool: { threads: number; run(task: ScanTask): Promise<void> },
  into: Scan = emptyScan(block.series),
): Promise<Scan> {
  if (!Number.isInteger(recent) || recent < 1 || recent >= block.points) {
    throw new RangeError(`the last ${recent} of ${block.points} points leave nothing to compare them with`);
  }
  const task: ScanTask = {
    values: block.values,
    span: { points: block.points, recent },
    taken: new Int32Array(new SharedArrayBuffer(4)),
    series: block.series,
    into,
  };
  await Promise.all(Array.from({ length: pool.threads }, () => pool.run(task)));
  return into;
}

/**
 * How far a score must lie from 0 so that, were every series mere normal noise, fewer than `expected` of so many would: the
 * threshold rises with the number of series (Bonferroni), as looking at more of them finds more by chance.
 */
export function credibleScore(series: number, expected = 0.05): number {
  const tail = Math.max(1e-300, expected / (2 * Math.max(1, series)));
  // The upper normal quantile by its asymptotic series, iterated: within 1 % for tails below 0.01.
  let quantile = Math.sqrt(-2 * Math.log(tail));
  for (let turn = 0; turn < 4; turn++) {
    quantile = Math.sqrt(Math.max(1, -2 * (Math.log(tail) + Math.log(quantile) + Math.log(2 * Math.PI) / 2)));
  }
  return Math.max(leastScore, quantile);
}

/** No fewer spreads than this are worth a look, however few series there are. */
const leastScore = 4;

/** Rows whose score is credible, the farthest first, at most `most` of them. */
export function suspects(scores: Float32Array, credible: number, most: number): number[] {
  const found: number[] = [];
  for (let row = 0; row < scores.length; row++)
    if (Math.abs(scores[row] as number) >= credible) found.push(row);
  const far = (row: number) => Math.abs(scores[row] as number);
  return found.sort((one, other) => far(other) - far(one) || one - other).slice(0, most);
}
