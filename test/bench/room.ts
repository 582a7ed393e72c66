/**
 * What the screen costs with very many events on the timeline: from the address to everything read, a scroll through all of
 * it, and pressing a filter while a thousand events a second come in. In a real Chromium, on the real host behind the web
 * shell; beside it, in the same run, the same with a thousand events. `--json` prints everything as one object, `--events`
 * changes the number. Exits with 1 when a target is missed. The screen must be built first (`npm run build`).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright';
import { findChromium } from '../../scripts/obtain-chromium.mjs';
import { machine } from './ledger/machine.ts';
import { linesOf, type Measurement, percentile } from './ledger/measurement.ts';
import { arriving } from './room/arriving.ts';
import { type Loaded, loaded } from './room/loaded.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    events: { type: 'string', default: '100000' },
  },
});
const events = Number(options.events);
const renderer = fileURLToPath(new URL('../../dist/renderer', import.meta.url));

const browser: Browser = await chromium.launch({
  ...executable(findChromium()),
  args: ['--disable-gpu', '--disable-quic', '--enable-precise-memory-info'],
});
const version = browser.version();
const few = await inFolder((folder) => loaded({ browser, renderer, folder, events: 1_000 }));
const many = medians(await thrice(() => inFolder((folder) => loaded({ browser, renderer, folder, events }))));
const pressed = await arriving({ browser, renderer });
await browser.close();

const measurements: Measurement[] = [
  {
    title: `A room of ${events} events, the middle of three, beside one of 1 000`,
    numbers: [
      { what: 'address to the first paint', value: many.paintMs, unit: 'ms' },
      { what: 'address to the list of incidents', value: many.placeMs, unit: 'ms' },
      { what: 'address to the newest events', value: many.shownMs, unit: 'ms' },
      { what: 'address to all of them', value: many.allMs, unit: 'ms' },
      { what: 'the same of 1 000', value: few.allMs, unit: 'ms' },
      { what: 'a frame while scrolling, 95th percentile', value: many.frameP95Ms, unit: 'ms' },
      { what: 'the same of 1 000', value: few.frameP95Ms, unit: 'ms' },
      { what: 'work per frame (script, style, layout)', value: many.workPerFrameMs, unit: 'ms' },
      { what: 'rows in the document', value: many.rows, unit: '' },
      { what: 'memory of the page', value: many.heapMiB, unit: 'MiB' },
      { what: 'beside 1 000 events', value: many.heapMiB / few.heapMiB, unit: '×' },
    ],
    targets: [
      { says: 'the first paint within 500 ms', met: many.paintMs < 500 },
      { says: 'all of them within 1 s', met: many.allMs < 1_000 },
      { says: 'a frame under 20 ms', met: many.frameP95Ms < 20 },
      { says: 'under 350 MiB', met: many.heapMiB < 350 },
    ],
  },
  {
    title: `${pressed.events} events in ${Math.round(pressed.tookMs / 1_000)} s, a filter pressed all the while`,
    numbers: [
      { what: 'press to paint, 95th percentile', value: pressed.pressP95Ms, unit: 'ms' },
      { what: 'press to paint, at worst', value: pressed.pressMaxMs, unit: 'ms' },
      { what: 'presses', value: pressed.presses, unit: '' },
      { what: 'events that never came to the screen', value: pressed.missing, unit: '' },
    ],
    targets: [
      { says: 'press to paint under 100 ms', met: pressed.pressP95Ms < 100 },
      { says: 'nothing lost', met: pressed.missing === 0 },
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

async function thrice<T>(run: () => Promise<T>): Promise<[T, T, T]> {
  return [await run(), await run(), await run()];
}

/** Each figure's middle, so that one moment in which the machine does something else decides nothing. */
function medians(runs: readonly [Loaded, Loaded, Loaded]): Loaded {
  const [first] = runs;
  const of = (figure: keyof Loaded) =>
    percentile(
      runs.map((run) => run[figure]),
      0.5,
    );
  return Object.fromEntries(
    Object.keys(first).map((figure) => [figure, of(figure as keyof Loaded)]),
  ) as Loaded;
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without one Playwright's own is taken. */
function executable(path: string | undefined): { executablePath?: string } {
  return path === undefined ? {} : { executablePath: path };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
