import type { Convention } from './conventions/convention.ts';
import { type Grid, queryOf } from './service-metrics.ts';

/** The questions by which the engine finds, among more series than are read, those that are worth it. */

/** How many may have changed, and are looked at closely; of those, and of the new ones, how many are told of in one look. */
const MOST_LIKELY = 100;
const MOST_CHANGED = 20;
const MOST_NEW = 10;
/** How far from what it was, in standard deviations. */
const WORTH_READING = 5;

const MINUTE_MS = 60_000;
/** What is compared with: so long before the window, in ten evaluations, or where all series are asked about in two. */
const BASELINE_MS = 40 * MINUTE_MS;
const BASELINE_STEP_MS = 4 * MINUTE_MS;
const MOST_STEPS = 15;
const PART_MS = 10 * MINUTE_MS;
const MOST_PARTS = 3;
const MOST_SAMPLED = 5;

/**
 * Which series of a convention may have changed, most of all those that are now so many times what they were. Every one of
 * its series is evaluated, so this is done seldom: rates are taken over a long while at once, which loads the same samples
 * in a handful of evaluations rather than in dozens.
 */
export function likelyQuery(convention: Convention, grid: Grid, sinceMs: number): string {
  const worth = worthOf(convention.unit);
  return directionsOf(convention.kind)
    .map((direction) => {
      const over = direction === 'up' ? 'max' : 'min';
      const [late, before] = [
        lateOf(convention, grid, sinceMs, over),
        beforeOf(convention, grid, sinceMs, over),
      ];
      const [more, less] = direction === 'up' ? [late, before] : [before, late];
      return `topk(${MOST_LIKELY}, (${more} + ${worth}) / (${less} + ${worth}) > 1)`;
    })
    .join(' or ');
}

/**
 * The series of a convention that changed most, as PromQL: how far the most extreme value of the last `sinceMs` is from the
 * mean of before the window, in standard deviations of before. What a unit of change is worth is added to those, so that
 * what never moved is not found for a change that matters to nobody. Dozens of evaluations: meant for a few of its services.
 */
export function changedQuery(convention: Convention, grid: Grid, sinceMs: number): string {
  const query = queryOf(convention, grid);
  const spanMs = spanOf(sinceMs);
  const step = Math.max(MINUTE_MS, spanMs / MOST_STEPS);
  const lately = (over: 'max' | 'min') =>
    `${over}_over_time((${query})[${seconds(spanMs)}:${seconds(step)}])`;
  const before = (over: 'avg' | 'stddev') =>
    `${over}_over_time((${query})[${seconds(BASELINE_MS)}:${seconds(BASELINE_STEP_MS)}] ${offsetOf(grid, spanMs)})`;
  const usual = `(${before('stddev')} + ${worthOf(convention.unit)})`;
  const up = `(${lately('max')} - ${before('avg')}) / ${usual}`;
  const down = `(${before('avg')} - ${lately('min')}) / ${usual}`;
  return directionsOf(convention.kind)
    .map((direction) => `topk(${MOST_CHANGED}, ${direction === 'up' ? up : down} > ${WORTH_READING})`)
    .join(' or ');
}

/**
 * The series of a convention that were not there before the window, those first that are worst off: a new service or
 * version has no past to differ from, and is what one suspects first. Without a past to compare with, a value counts by
 * itself, so that what is new and well does not stand in the way of what is new and failing.
 */
export function newQuery(convention: Convention, grid: Grid, sinceMs: number): string {
  const { kind, unit } = convention;
  const isLow = kind === 'availability';
  const late = lateOf(convention, grid, sinceMs, isLow ? 'min' : 'max');
  const bad = `${isLow ? `1 - ${late}` : late} > ${badFrom(kind, unit)}`;
  return `topk(${MOST_NEW}, (${bad}) unless ${beforeOf(convention, grid, sinceMs, 'max')})`;
}

/** Names by turns from each list, each once: where one list is long, what stands first in another is still taken. */
export function byTurns(...lists: readonly (readonly string[])[]): string[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  const turns = Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? []));
  return [...new Set(turns.flat())];
}

type Extreme = 'max' | 'min';

/** The most extreme of lately. A subquery is evaluated at round times, so what is now is asked for besides. */
function lateOf(convention: Convention, grid: Grid, sinceMs: number, over: Extreme): string {
  const spanMs = spanOf(sinceMs);
  const isRate = convention.query.includes('$window');
  const parts = isRate ? Math.min(MOST_PARTS, Math.ceil(spanMs / PART_MS)) : MOST_SAMPLED;
  const partMs = Math.max(MINUTE_MS, spanMs / parts);
  const now = `label_replace(${queryOf(convention, grid)}, "countersign_part", "now", "", "")`;
  const parted = `${over}_over_time((${overOf(convention, partMs)})[${seconds(spanMs)}:${seconds(partMs)}])`;
  return `${over} without (countersign_part) (${now} or ${parted})`;
}

/** The same of before the window, in two parts. */
function beforeOf(convention: Convention, grid: Grid, sinceMs: number, over: Extreme): string {
  const partMs = BASELINE_MS / 2;
  const parts = `[${seconds(BASELINE_MS)}:${seconds(partMs)}] ${offsetOf(grid, spanOf(sinceMs))}`;
  return `${over}_over_time((${overOf(convention, partMs)})${parts})`;
}

const overOf = ({ query }: Convention, rangeMs: number) => query.replaceAll('$window', seconds(rangeMs));

const spanOf = (sinceMs: number) => Math.max(sinceMs, 2 * MINUTE_MS);

const offsetOf = (grid: Grid, spanMs: number) =>
  `offset ${seconds(Math.max(grid.toMs - grid.fromMs, spanMs))}`;

/** Availability is bad when it falls, traffic whichever way it goes, everything else when it rises. */
function directionsOf(kind: Convention['kind']): ('up' | 'down')[] {
  switch (kind) {
    case 'availability':
      return ['down'];
    case 'traffic':
      return ['up', 'down'];
    case 'latency':
    case 'error_rate':
    case 'saturation':
    case 'other':
      return ['up'];
  }
}

/** A fifth of what one would begin to look at, by unit. */
function worthOf(unit: string): number {
  switch (unit) {
    case 's':
      return 0.01;
    case 'req/s':
      return 0.1;
    case 'cores':
      return 0.05;
    default:
      return 0.005;
  }
}

/** From where a value is of interest by itself, in its unit; of availability, what is missing of it. */
function badFrom(kind: Convention['kind'], unit: string): number {
  switch (kind) {
    case 'saturation':
      return unit === 'ratio' ? 0.5 : worthOf(unit);
    case 'latency':
      return 0.1;
    case 'error_rate':
    case 'availability':
      return 0.01;
    case 'traffic':
    case 'other':
      return worthOf(unit);
  }
}

const seconds = (ms: number): string => `${Math.ceil(ms / 1000)}s`;
