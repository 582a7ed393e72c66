/**
 * What it costs to look at very many series in memory: the whole of each against its own normal in all threads at once,
 * then one new sample for each. Beside it, in the same run, the same with a sort for every median in one thread, which is
 * the obvious way to write it. `--json` prints everything as one object, `--series` and `--points` change the size. Exits
 * with 1 when a target is missed.
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { liveScan } from '../../electron/correlation/scan/live-scan.ts';
import { type SeriesBlock, seriesBlock } from '../../electron/correlation/scan/series-block.ts';
import {
  credibleScore,
  emptyScan,
  type ScanTask,
  suspects,
  wideScan,
} from '../../electron/correlation/scan/wide-scan.ts';
import { workerPool } from '../../electron/platform/worker-pool.ts';
import { machine } from './ledger/machine.ts';
import { linesOf, type Measurement, percentile } from './ledger/measurement.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    series: { type: 'string', default: '200000' },
    points: { type: 'string', default: '120' },
  },
});
const series = Number(options.series);
const points = Number(options.points);
const recent = 12;
const rounds = 7;
const mebibyte = 1_048_576;

const block = seriesBlock(series, points);
const broken = fill(block);
const pool = workerPool<ScanTask, void>('correlation/scan/scan-worker.ts');

const measurements = [await scanned(), ticked()];
await pool.close();
const { sqlite: _sqlite, filesystem: _filesystem, ...on } = machine(tmpdir());
const missed = measurements.flatMap(({ targets }) => targets).filter(({ met }) => !met);
if (options.json) process.stdout.write(`${JSON.stringify({ machine: on, measurements }, null, 2)}\n`);
else {
  for (const [name, value] of Object.entries(on)) say(`${name.padEnd(12)} ${value}`);
  for (const line of measurements.flatMap(linesOf)) say(line);
  say(missed.length === 0 ? '\nEvery target is met.' : `\n${missed.length} targets are missed.`);
}
process.exitCode = missed.length > 0 ? 1 : 0;

async function scanned(): Promise<Measurement> {
  const into = emptyScan(series);
  await wideScan(block, recent, pool, into);
  const grown: number[] = [];
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    globalThis.gc?.();
    const heapBefore = process.memoryUsage().heapUsed;
    const startMs = performance.now();
    await wideScan(block, recent, pool, into);
    took.push(performance.now() - startMs);
    grown.push(process.memoryUsage().heapUsed - heapBefore);
  }
  const plainMs = timePlain();
  const found = new Set(suspects(into.scores, credibleScore(series), series));
  const missing = [...broken].filter((row) => !found.has(row)).length;
  const best = Math.min(...took);
  return {
    title: `${series} series of ${points} points, the last ${recent} against the rest, ${pool.threads} threads`,
    numbers: [
      { what: 'a scan, best of seven', value: best, unit: 'ms' },
      { what: 'a scan, median', value: percentile(took, 0.5), unit: 'ms' },
      { what: 'beside a sort for each median, one thread', value: plainMs / best, unit: '× as fast' },
      { what: 'heap grown by a scan, at most', value: Math.max(...grown) / mebibyte, unit: 'MiB' },
      { what: 'broken series', value: broken.size, unit: '' },
      { what: 'of them not found', value: missing, unit: '' },
      { what: 'others that were called broken', value: found.size - (broken.size - missing), unit: '' },
    ],
    targets: [
      { says: 'a scan in less than 0.5 s', met: best < 500 },
      { says: 'every broken series found', met: missing === 0 },
      { says: 'memory flat: less than 4 MiB of heap for a scan', met: Math.max(...grown) < 4 * mebibyte },
    ],
  };
}

function ticked(): Measurement {
  const live = liveScan(block);
  live.refresh(series);
  const newest = Float32Array.from({ length: series }, (_, row) => 100 + (row % 7));
  const slice = Math.ceil(series / 240);
  const ticks: number[] = [];
  const slices: number[] = [];
  for (let round = 0; round < 60; round++) {
    const startMs = performance.now();
    live.tick(newest);
    const tickedMs = performance.now();
    live.refresh(slice);
    ticks.push(tickedMs - startMs);
    slices.push(performance.now() - tickedMs);
  }
  const median = percentile(ticks, 0.5);
  return {
    title: `One new sample for each of ${series} series, against baselines that are known`,
    numbers: [
      { what: 'a tick, median of sixty', value: median, unit: 'ms' },
      { what: 'a tick, 95th percentile', value: percentile(ticks, 0.95), unit: 'ms' },
      { what: `baselines made anew after it (${slice})`, value: percentile(slices, 0.5), unit: 'ms' },
    ],
    targets: [{ says: 'a tick in less than 5 ms', met: median < 5 }],
  };
}

/** Noise around a level of its own for each series; one in a thousand leaves it for its last points. */
function fill({ values }: SeriesBlock): Set<number> {
  const broken = new Set<number>();
  let state = 1;
  const unit = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let row = 0; row < series; row++) {
    const level = 10 + 1_000 * unit();
    if (row % 1_000 === 500) broken.add(row);
    for (let at = 0; at < points; at++) {
      const leaves = broken.has(row) && at >= points - recent ? 2 : 1;
      const noise = (unit() + unit() + unit() + unit() - 2) * 0.05;
      values[row * points + at] = unit() < 0.01 ? Number.NaN : level * leaves * (1 + noise);
    }
  }
  return broken;
}

/** A tenth of the series the obvious way, and what all of them would take so. */
function timePlain(): number {
  const some = Math.max(1, Math.floor(series / 10));
  const startMs = performance.now();
  let kept = 0;
  for (let row = 0; row < some; row++) {
    const all = Array.from(block.values.subarray(row * points, (row + 1) * points)).filter(Number.isFinite);
    const middle = (list: number[]) => list.toSorted((a, b) => a - b)[list.length >> 1] ?? Number.NaN;
    const median = middle(all.slice(0, -recent));
    const mad = middle(all.slice(0, -recent).map((value) => Math.abs(value - median)));
    kept += (middle(all.slice(-recent)) - median) / mad > 4 ? 1 : 0;
  }
  if (kept < 0) throw new Error('a count below zero');
  return ((performance.now() - startMs) * series) / some;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
