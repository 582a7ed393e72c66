/**
 * What the charts cost: from the press of the tab to the last of some fifty charts painted, each of two thousand points, in a
 * real Chromium on a fake host that cuts them as the real one does; beside it, in the same run, the same with two hundred
 * points. `--json` prints everything as one object. Exits with 1 when a target is missed.
 * The screen must be built first (`npm run build`).
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { findChromium } from '../../scripts/obtain-chromium.mjs';
import { machine } from './ledger/machine.ts';
import { linesOf, type Measurement } from './ledger/measurement.ts';
import { chartsPainted } from './metrics/charts-painted.ts';

const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const executablePath = findChromium();
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: ['--disable-gpu', '--disable-quic'],
});
const version = browser.version();
const many = await chartsPainted({ browser, points: 2_000 });
const few = await chartsPainted({ browser, points: 200 });
await browser.close();

const measurements: Measurement[] = [
  {
    title: `${many.charts} charts of 2 000 points, all in view`,
    numbers: [
      { what: 'press to all painted, in the middle', value: many.medianMs, unit: 'ms' },
      { what: 'the first press, a moment after the room opened', value: many.firstMs, unit: 'ms' },
      { what: 'pressed at once after the room opened', value: many.atOnceMs, unit: 'ms' },
      { what: 'at worst after that', value: many.worstMs, unit: 'ms' },
      { what: 'to the samples that were read after the press', value: many.newestMs, unit: 'ms' },
      { what: 'work of the page until then', value: many.workMs, unit: 'ms' },
      { what: 'the same of 200 points', value: few.medianMs, unit: 'ms' },
      { what: 'charts drawn', value: many.inView, unit: '' },
    ],
    targets: [
      { says: 'all painted within 200 ms of the press', met: many.medianMs < 200 },
      { says: 'every chart drawn', met: many.inView === many.charts },
    ],
  },
];

const on: Record<string, string> = { ...machine(tmpdir()), chromium: version };
const missed = measurements.flatMap(({ targets }) => targets).filter(({ met }) => !met);
if (options.json) process.stdout.write(`${JSON.stringify({ machine: on, measurements }, null, 2)}\n`);
else {
  for (const [name, value] of Object.entries(on)) say(`${name.padEnd(12)} ${value}`);
  for (const line of measurements.flatMap(linesOf)) say(line);
  say(missed.length === 0 ? '\nEvery target is met.' : `\n${missed.length} targets are missed.`);
}
process.exitCode = missed.length > 0 ? 1 : 0;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
